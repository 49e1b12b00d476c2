import { eq, isNull, sql } from 'drizzle-orm';
import { meta, regionSweeps, regions, runs } from '../schema/sqlite.ts';
import type { Store } from '../store.ts';
import type { Database } from './connection.ts';

type LedgerOperations = Pick<
  Store,
  'openRun' | 'closeRun' | 'recordRegionSweeps' | 'saveRegionIds' | 'regions' | 'readMeta' | 'writeMeta'
>;

export function ledgerOperations(database: Database): LedgerOperations {
  return {
    async openRun(run) {
      database.transaction((transaction) => {
        // Only the holder of the lock writes here, so a row that is still open belongs to a process that died.
        transaction
          .update(runs)
          .set({ outcome: 'interrupted', finished_at: run.started_at })
          .where(isNull(runs.finished_at))
          .run();
        transaction
          .insert(runs)
          .values({ ...run, outcome: 'running' })
          .run();
      });
    },
    async closeRun({ run_id, counts, ...end }) {
      database
        .update(runs)
        .set({ ...end, ...counts })
        .where(eq(runs.run_id, run_id))
        .run();
    },
    async recordRegionSweeps(sweeps) {
      database.transaction((transaction) => {
        for (const sweep of sweeps) {
          const target = [regionSweeps.run_id, regionSweeps.region_id];
          transaction.insert(regionSweeps).values(sweep).onConflictDoUpdate({ target, set: sweep }).run();
        }
      });
    },
    async saveRegionIds(ids) {
      database.transaction((transaction) => {
        for (const region_id of ids) transaction.insert(regions).values({ region_id }).onConflictDoNothing().run();
      });
    },
    async regions() {
      return database.select({ region_id: regions.region_id, name: regions.name }).from(regions).all();
    },
    async readMeta(key) {
      return database.select().from(meta).where(eq(meta.key, key)).get()?.value;
    },
    async writeMeta(key, value) {
      const set = { value: sql`excluded.value` };
      database.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set }).run();
    },
  };
}
