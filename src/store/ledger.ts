import { sql } from 'drizzle-orm';
import { ask, assignedValues, type Driver, excludedValues, insertInto } from './script.ts';
import type { RegionRow, Store } from './store.ts';

type LedgerOperations = Pick<
  Store,
  'openRun' | 'closeRun' | 'recordRegionSweeps' | 'saveRegionIds' | 'regions' | 'readMeta' | 'writeMeta'
>;

export function ledgerOperations({ transact }: Driver): LedgerOperations {
  return {
    openRun: (run) =>
      transact(function* () {
        // Only the holder of the lock writes here, so a row that is still open belongs to a process that died.
        const interrupted = assignedValues({ outcome: 'interrupted', finished_at: run.started_at });
        yield* ask(sql`UPDATE runs SET ${interrupted} WHERE finished_at IS NULL AND run_id <> ${run.run_id}`);
        yield* ask(sql`${insertInto('runs', { ...run, outcome: 'running' })} ON CONFLICT (run_id) DO NOTHING`);
      }),
    closeRun: ({ run_id, counts, ...end }) =>
      transact(function* () {
        yield* ask(sql`UPDATE runs SET ${assignedValues({ ...end, ...counts })} WHERE run_id = ${run_id}`);
      }),
    recordRegionSweeps: (sweeps) =>
      transact(function* () {
        for (const sweep of sweeps) {
          yield* ask(sql`${insertInto('region_sweeps', { ...sweep })}
            ON CONFLICT (run_id, region_id) DO UPDATE SET ${excludedValues(Object.keys(sweep))}`);
        }
      }),
    saveRegionIds: (ids) =>
      transact(function* () {
        for (const region_id of ids) yield* ask(sql`${insertInto('regions', { region_id })} ON CONFLICT DO NOTHING`);
      }),
    regions: () =>
      transact(function* () {
        return [...(yield* ask<RegionRow>(sql`SELECT region_id, name FROM regions ORDER BY region_id`))];
      }),
    readMeta: (key) =>
      transact(function* () {
        const [row] = yield* ask<{ value: string }>(sql`SELECT value FROM meta WHERE key = ${key}`);
        return row?.value;
      }),
    writeMeta: (key, value) =>
      transact(function* () {
        yield* ask(sql`${insertInto('meta', { key, value })} ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
      }),
  };
}
