import { sql } from 'drizzle-orm';
import { type StaticData, type StaticTable, staticTables } from '../../../eve/static-data.ts';
import type { Instant } from '../../../time.ts';
import { slices } from '../../batches.ts';
import {
  assignedValues,
  type Dialect,
  type Driver,
  excludedValues,
  execute,
  insertRowsInto,
  type Script,
} from '../../script.ts';
import type { Store } from '../../store.ts';
import { writeMeta } from '../meta.ts';
import { forgetEnteredRolls } from '../rolls.ts';
import { forgetValues } from '../values.ts';
import { settledAttempt } from './references.ts';

/** Tables that ESI fills as well: an import overwrites what it has and keeps the rest. */
const shared = new Set<StaticTable>([
  'regions',
  'systems',
  'categories',
  'groups',
  'market_groups',
  'types',
  'names',
] satisfies StaticTable[]);

/** Rows per statement. */
const rowsAtOnce = 1_000;

export function staticDataOperations({ transact, dialect }: Driver): Pick<Store, 'saveStaticData'> {
  return { saveStaticData: (data, at) => transact(() => save(data, at, dialect)) };
}

function* save({ build, released_at, rows }: StaticData, at: Instant, dialect: Dialect): Script<void> {
  for (const table of Object.keys(staticTables) as StaticTable[]) {
    if (shared.has(table)) yield* merge(table, rows[table], at, dialect);
    else yield* replace(table, rows[table], dialect);
  }
  // Types determine prices, and stargates determine routes, so both are computed again.
  yield* forgetValues();
  yield* forgetEnteredRolls();
  yield* execute(sql`DELETE FROM routes`);
  const facts = { sde_build: String(build), sde_released_at: released_at ?? '', sde_imported_at: at };
  yield* writeMeta(facts, dialect);
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** ESI's answers are kept next to the import; imported objects are not requested again. */
function* merge(table: StaticTable, rows: Rows, at: Instant, dialect: Dialect): Script<void> {
  const columns = { ...staticTables[table], fetched_at: 'instant', expires_at: 'instant' } as const;
  const [key = ''] = Object.keys(columns);
  const written = excludedValues(Object.keys(columns).slice(1));
  for (const some of slices(rows, rowsAtOnce)) {
    const given = some.map((row) => ({ ...row, fetched_at: at, expires_at: null }));
    yield* execute(sql`${insertRowsInto(table, columns, given, dialect)}
      ON CONFLICT (${sql.identifier(key)}) DO UPDATE SET ${written}, ${assignedValues(settledAttempt)}`);
  }
}

function* replace(table: StaticTable, rows: Rows, dialect: Dialect): Script<void> {
  yield* execute(sql`DELETE FROM ${sql.identifier(table)}`);
  for (const some of slices(rows, rowsAtOnce)) {
    yield* execute(insertRowsInto(table, staticTables[table], some, dialect));
  }
}
