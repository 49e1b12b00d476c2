import { sql } from 'drizzle-orm';
import type { NamedRegion } from '../../regions.ts';
import type { RegionSweep } from '../records/pass.ts';
import {
  assignedValues,
  type Driver,
  excludedValues,
  execute,
  insertInto,
  insertRowsInto,
  type ValueKind,
} from '../script.ts';
import type { Store } from '../store.ts';
import { metaOf, writeMeta } from './meta.ts';
import { enterNeeds } from './universe/needs.ts';

type LedgerOperations = Pick<
  Store,
  | 'openRun'
  | 'closeRun'
  | 'ageOfRun'
  | 'listedRegions'
  | 'recordRegionSweeps'
  | 'saveRegionIds'
  | 'regions'
  | 'readMeta'
  | 'writeMeta'
>;

/** The columns of a region's row; counts have the kind of ids. */
const sweepKinds = {
  run_id: 'text',
  region_id: 'id',
  outcome: 'text',
  started_at: 'instant',
  finished_at: 'instant',
  last_modified: 'text',
  pages: 'id',
  listed: 'id',
  new: 'id',
  returned: 'id',
  stored: 'id',
  gone: 'id',
  deferred: 'id',
  quarantined: 'id',
  requests: 'id',
  not_modified: 'id',
  errors: 'id',
  error: 'text',
} as const satisfies Readonly<Record<keyof RegionSweep, ValueKind>>;

export function ledgerOperations({ transact, read, dialect }: Driver): LedgerOperations {
  return {
    openRun: (run) =>
      transact(function* () {
        // Only the holder of the lock writes here, so an open row belongs to a process that died.
        const interrupted = assignedValues({ outcome: 'interrupted', finished_at: run.started_at });
        yield* execute(sql`UPDATE runs SET ${interrupted} WHERE finished_at IS NULL AND run_id <> ${run.run_id}`);
        yield* execute(sql`${insertInto('runs', { ...run, outcome: 'running' })} ON CONFLICT (run_id) DO NOTHING`);
      }),
    closeRun: ({ run_id, counts, ...end }) =>
      transact(function* () {
        yield* execute(sql`UPDATE runs SET ${assignedValues({ ...end, ...counts })} WHERE run_id = ${run_id}`);
      }),
    ageOfRun: (run_id, started_at) =>
      transact(function* () {
        const ended = sql`outcome IN ('complete', 'partial')`;
        const same = yield* execute(sql`SELECT run_id FROM runs WHERE run_id = ${run_id} AND ${ended}`);
        const later = yield* execute(
          sql`SELECT run_id FROM runs WHERE started_at >= ${started_at} AND run_id <> ${run_id} AND ${ended} LIMIT 1`,
        );
        return same.length > 0 ? 'up_to_date' : later.length > 0 ? 'older' : 'new';
      }),
    async listedRegions() {
      const rows = await read<{ region_id: number }>(
        sql`SELECT DISTINCT region_id FROM contracts WHERE gone_at IS NULL ORDER BY region_id`,
      );
      return rows.map(({ region_id }) => region_id);
    },
    recordRegionSweeps: (sweeps) =>
      transact(function* () {
        yield* execute(sql`${insertRowsInto(
          'region_sweeps',
          sweepKinds,
          sweeps.map((sweep) => ({ ...sweep })),
          dialect,
        )}
          ON CONFLICT (run_id, region_id) DO UPDATE SET ${excludedValues(Object.keys(sweepKinds))}`);
        yield* enterNeeds(new Map([['region', new Set(sweeps.map(({ region_id }) => region_id))]]), dialect);
      }),
    saveRegionIds: (ids) =>
      transact(function* () {
        yield* enterNeeds(new Map([['region', new Set(ids)]]), dialect);
      }),
    async regions() {
      return [...(await read<NamedRegion>(sql`SELECT region_id, name FROM regions ORDER BY region_id`))];
    },
    async readMeta(key) {
      const [row] = await read<{ value: string }>(metaOf(key));
      return row?.value;
    },
    writeMeta: (key, value) => transact(() => writeMeta({ [key]: value }, dialect)),
  };
}
