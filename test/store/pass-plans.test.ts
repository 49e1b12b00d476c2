import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createStore } from '../../src/store/operations/operations.ts';
import { rememberCommits } from '../../src/store/postgres/commits.ts';
import { openPool } from '../../src/store/postgres/connection.ts';
import { createPostgresDriver } from '../../src/store/postgres/driver.ts';
import * as postgresSchema from '../../src/store/schema/postgres.ts';
import * as sqliteSchema from '../../src/store/schema/sqlite.ts';
import { type Driver, execute, type Script } from '../../src/store/script.ts';
import { openForWriting } from '../../src/store/sqlite/connection.ts';
import { createSqliteDriver } from '../../src/store/sqlite/driver.ts';
import type { Store } from '../../src/store/store.ts';
import { type Backing, backings, newMigratedDatabase } from '../helpers/backings.ts';
import { domain, forge, listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordListed } from '../helpers/stored.ts';

/** Tables that grow for as long as passes run. */
const history = ['contracts', 'contract_items', 'contract_bids', 'contract_changes', 'region_sweeps'];
const noon = '2026-03-01T12:00:00Z';

/** A store that says for each of its statements how the database would run it. */
async function openExplained(
  backing: Backing,
  { allowsTableScans = false } = {},
): Promise<{ store: Store; plans: string[] }> {
  const plans: string[] = [];
  const { location } = await newMigratedDatabase(backing);
  const notCalled = () => Promise.reject(new Error('the hot path has a statement of its own'));
  const own = { storeContracts: notCalled, analyze: async () => {}, vacuum: async () => {}, writeInBulk: notCalled };
  const explaining = ({ dialect, transact }: Driver, explain: string): Driver => {
    function* explained<Result>(script: Script<Result>): Script<Result> {
      let step = script.next();
      while (!step.done) {
        const rows = (yield sql`${sql.raw(explain)} ${step.value}`) as readonly Record<string, unknown>[];
        plans.push(rows.map((row) => String(row.detail ?? row['QUERY PLAN'])).join('\n'));
        step = script.next(yield step.value);
      }
      return step.value;
    }
    const explainedTransact: Driver['transact'] = (script) => transact(() => explained(script()));
    return { dialect, read: (statement) => explainedTransact(() => execute(statement)), transact: explainedTransact };
  };
  if (location.dialect === 'sqlite') {
    const client = openForWriting(location.path);
    onTestFinished(() => void client.close());
    return {
      store: await createStore(explaining(createSqliteDriver(client), 'EXPLAIN QUERY PLAN'), sqliteSchema, own),
      plans,
    };
  }
  const { client, close } = openPool(location.url, { connections: 1 });
  onTestFinished(close);
  // A table that is empty is read whole, unless that is forbidden.
  if (!allowsTableScans) await client.unsafe('SET enable_seqscan = off');
  const driver = createPostgresDriver((work) => work(client), rememberCommits(location.url));
  return { store: await createStore(explaining(driver, 'EXPLAIN'), postgresSchema, own), plans };
}

/** What reads a table from its beginning to its end. */
const wholeTable = new RegExp(
  String.raw`(?:^|\n)\s*(?:SCAN|(?:->\s*)?Seq Scan on) (${history.join('|')})\b(?! USING)`,
  'i',
);

describe.each(backings)('what a pass asks of its database, on $name', (backing) => {
  test('reads no table of its history whole', async () => {
    const { store, plans } = await openExplained(backing);
    plans.length = 0;
    const page = { contract_ids: [1, 2], quarantined: ['row:10000002:a'] };
    await store.openRun({ run_id: 'a', started_at: noon, host: 'h', process_id: 1, version: '1' });
    await store.regions();
    await store.unsettled(page);
    await recordListed(store, sweepOf(noon, [listed(1), listed(2, { price: 7 })]));
    await store.departed([forge]);
    await store.settleDepartures({
      run_id: 'a',
      at: noon,
      region_ids: [forge],
      moves: [{ contract_id: 1, region_id: 2 }],
      generated_until: noon,
    });
    await store.countDue([forge], noon);
    await store.dueContracts([forge], noon, { limit: 10 });
    await store.countWaiting([forge]);
    await store.dueAuctions([forge], noon);
    await store.recordBids({ run_id: 'a', contract_id: 1, region_id: forge, at: noon, bids: [], expires_at: noon });
    for (const kind of ['region', 'system', 'station', 'type', 'group', 'category', 'market_group'] as const) {
      await store.missingReferences(kind, noon);
      await store.expiredReferences(kind, [1], noon);
    }
    await store.missingReferences('name', noon);
    await store.systemsOfStations([1]);
    await store.valueContracts();
    await store.enterRolls();
    await store.recordPage(sweepOf(noon, [listed(3)]));
    await store.valueContracts();
    await store.enterRolls();
    await store.dueRolls(noon);
    await store.saveRoutes([]);
    await store.missingRoutes();
    await store.unresolvedContracts(5);
    const whole = plans.filter((plan) => wholeTable.test(plan));
    expect(plans.length).toBeGreaterThan(30);
    expect(whole).toEqual([]);
  });

  test('finds auctions by their type, without reading every listed contract of their regions', async () => {
    const { store, plans } = await openExplained(backing);
    plans.length = 0;
    await store.dueAuctions([forge, domain], noon);
    expect(plans).toHaveLength(1);
    expect(plans.join()).not.toContain('contracts_listed_region');
  });

  // The tables are small here, so that PostgreSQL would read them whole. With old statistics it takes large ones for small.
  test('looks listed contracts up in an index, whatever the statistics say', async () => {
    const { store, plans } = await openExplained(backing, { allowsTableScans: true });
    await recordListed(store, sweepOf(noon, [listed(1)]));
    plans.length = 0;
    expect(await store.unsettled({ contract_ids: [1], quarantined: [] })).toEqual({
      contract_ids: [],
      quarantined: [],
    });
    expect(plans.join()).toContain('contracts_listed');
    expect(plans.filter((plan) => wholeTable.test(plan))).toEqual([]);
  });
});
