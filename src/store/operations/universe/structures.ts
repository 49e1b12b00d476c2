import { sql } from 'drizzle-orm';
import { slices } from '../../batches.ts';
import { type Driver, execute, insertRowsInto } from '../../script.ts';
import type { Store } from '../../store.ts';
import { enterNeeds } from './needs.ts';

/** Rows per statement. */
const rowsAtOnce = 1_000;

const columns = {
  location_id: 'id',
  system_id: 'id',
  name: 'text',
  is_imported: 'boolean',
  fetched_at: 'instant',
} as const;

export function structureOperations({ transact, dialect }: Driver): Pick<Store, 'replaceStructures'> {
  return {
    replaceStructures: (structures, at) =>
      transact(function* () {
        yield* execute(sql`DELETE FROM locations WHERE is_imported`);
        for (const some of slices(structures, rowsAtOnce)) {
          const rows = some.map(({ structure_id, ...rest }) => {
            return { location_id: structure_id, ...rest, is_imported: true, fetched_at: at };
          });
          yield* execute(insertRowsInto('locations', columns, rows, dialect));
        }
        const systems = structures.flatMap(({ system_id }) => (system_id === null ? [] : [system_id]));
        yield* enterNeeds(new Map([['system', new Set(systems)]]), dialect);
        yield* execute(sql`DELETE FROM routes`);
      }),
  };
}
