import { describe, expect, it } from 'vitest';
import { resolve } from '../../../src/query/engine/resolve.ts';
import { keyAtLimit } from '../../../src/query/engine/run.ts';
import type { Store } from '../../../src/store/store.ts';
import { ask, type GivenQuestion, subjectNamed } from '../../helpers/ask.ts';
import { type Backing, backings, openTestStore, readFrom, type TestDatabase } from '../../helpers/backings.ts';
import { type Filled, fill, inHours, runId, theForge } from '../../helpers/contracts.ts';
import { recordAlone } from '../../helpers/stored.ts';
import { domain, places, saveUniverse, types } from '../../helpers/universe.ts';
import { changeColumns } from '../engine/expected-columns.ts';

const ids = { rifter: 1, auction: 2, sold: 3, courier: 4 };
const row = { region_id: theForge, run_id: runId };

/** Four contracts appear, one of them goes and comes back, one gets a bid that is news. */
async function openStory(
  backing: Backing,
): Promise<Filled & { store: Store; close: () => Promise<void>; database: TestDatabase; returnedAt: string }> {
  const { store, close, database } = await openTestStore(backing);
  await saveUniverse(store);
  const filled = await fill(store, [
    { contract_id: ids.rifter, row: { price: 8_000_000, title: 'Rifter' }, items: [{ type_id: types.rifter }] },
    {
      contract_id: ids.auction,
      row: { type: 'auction', price: 100 },
      items: [{ type_id: types.tritanium }],
      bids: [{ bid_id: 77, amount: 150.5, date_bid: inHours(-1.25) }],
    },
    { contract_id: ids.sold, isGone: true, row: { price: 5 }, items: [{ type_id: types.ibis }] },
    { contract_id: ids.courier, region_id: domain, row: { type: 'courier', reward: 9 } },
  ]);
  const returnedAt = inHours(-0.25);
  const announced = { contract_ids: [ids.sold], quarantined: [] };
  const nothing = { listed: [], quarantined: [] };
  await recordAlone(store, { ...row, at: returnedAt, generated_at: returnedAt, isAbsent: null, announced, ...nothing });
  return { ...filled, store, close, database, returnedAt };
}

/** Changes in short form. */
async function told(database: TestDatabase, given: Omit<GivenQuestion, 'subject' | 'fields'> = {}): Promise<string[]> {
  const rows = await ask(database, { subject: 'changes', fields: ['change', 'contract_id'], ...given });
  return rows.map(({ change, contract_id }) => `${change} ${contract_id}`);
}

const since = (text: string) => ({ filters: { since: [text] } });
/** Contracts that expire at the same time are stored in the order of their ids. */
const story = ['appeared 1', 'appeared 2', 'appeared 3', 'appeared 4', 'gone 3', 'bid 2', 'returned 3'];

describe.each(backings)('query changes on $name', (backing) => {
  it('tells what happened in the order it was seen, with cursors that rise', async () => {
    const { close, database } = await openStory(backing);
    await close();
    expect(await told(database)).toEqual(story);
    const cursors = (await ask(database, { subject: 'changes' })).map(({ cursor }) => Number(cursor));
    expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
    expect(new Set(cursors).size).toBe(story.length);
  });

  it('has these columns, with what a notifier wants to know', async () => {
    const { close, database, firstSweepAt, secondSweepAt } = await openStory(backing);
    await close();
    const rows = await ask(database, { subject: 'changes' });
    for (const found of rows) expect(Object.keys(found)).toEqual(changeColumns);
    expect(rows[0]).toMatchObject({
      change: 'appeared',
      at: firstSweepAt,
      contract_id: ids.rifter,
      region_id: theForge,
      region_name: 'The Forge',
      type: 'item_exchange',
      title: 'Rifter',
      price: 8_000_000,
      reward: null,
      start_location_id: places.jitaStation,
      start_location_name: 'Jita IV - Moon 4',
      ship_name: 'Rifter',
      bid_id: null,
      amount: null,
      date_bid: null,
    });
    expect(rows[3]).toMatchObject({ region_id: domain, region_name: 'Domain', type: 'courier', reward: 9 });
    expect(rows[5]).toMatchObject({ change: 'bid', at: secondSweepAt, price: 100, bid_id: 77, amount: 150.5 });
  });

  it('--since a cursor tells what came after it, and 0 everything', async () => {
    const { close, database } = await openStory(backing);
    await close();
    const rows = await ask(database, { subject: 'changes' });
    expect(await told(database, since('0'))).toEqual(story);
    for (const [index, { cursor }] of rows.entries()) {
      expect(await told(database, since(String(cursor)))).toEqual(story.slice(index + 1));
    }
    for (const ahead of [String(rows.length + 1), '999999999999999']) {
      await expect(told(database, since(ahead))).rejects.toThrow('belongs to another database');
    }
  });

  it('--since a duration or an instant tells what was seen from then on', async () => {
    const { close, database, secondSweepAt, returnedAt } = await openStory(backing);
    await close();
    expect(await told(database, since('3h'))).toEqual(story);
    expect(await told(database, since('90m'))).toEqual(story.slice(4));
    expect(await told(database, since(secondSweepAt))).toEqual(story.slice(4));
    expect(await told(database, since(returnedAt))).toEqual(story.slice(6));
    expect(await told(database, since(secondSweepAt.replace('Z', '.001Z')))).toEqual(story.slice(6));
    const [date = '', time = ''] = returnedAt.split('T');
    const abroad = new Date(Date.parse(returnedAt) + 2 * 3_600_000).toISOString().replace('.000Z', '+02:00');
    expect(await told(database, since(abroad))).toEqual(story.slice(6));
    expect(await told(database, since(`${date}t${time.toLowerCase()}`))).toEqual(story.slice(6));
  });

  it('--since a day tells what was seen from its midnight on', async () => {
    const { close, database, returnedAt } = await openStory(backing);
    await close();
    expect(await told(database, since('2000-01-01'))).toEqual(story);
    expect(await told(database, since('9999-12-31'))).toEqual([]);
    const tomorrow = new Date(Date.parse(returnedAt) + 86_400_000).toISOString().slice(0, 10);
    expect(await told(database, since(tomorrow))).toEqual([]);
  });

  it.each([
    ...['yesterday', '', '1', '-1', '1.5', '2026-13-01T00:00:00Z', '1h 2h', '12 parsecs', '2026-02-30T00:00:00Z'],
    // Beyond what both databases can hold and compare.
    ...['1000000d', '99999999999d', '10000y', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59'],
    ...['9999-12-31T23:59:59-23:59', '9999-12-31T23:59:59.5Z'],
  ])('--since %j is refused unless it means something', async (text) => {
    const { close, database } = await openTestStore(backing);
    await close();
    const asked = told(database, since(text));
    if (text === '1') await expect(asked).rejects.toThrow('the cursor 1 is beyond the last one');
    else await expect(asked).rejects.toThrow(/--since: .*for example --since 1h/);
  });

  it('has the items, the bids, the oddities and a link of each contract where they are asked for', async () => {
    const { close, database } = await openStory(backing);
    await close();
    const fields = ['contract_id', 'items.type_name', 'bids.amount', 'flags'];
    const rows = await ask(database, { subject: 'changes', fields });
    expect(rows.slice(0, 4)).toEqual([
      { contract_id: 1, items: [{ type_name: 'Rifter' }], bids: [], flags: [] },
      { contract_id: 2, items: [{ type_name: 'Tritanium' }], bids: [{ amount: 150.5 }], flags: [] },
      { contract_id: 3, items: [{ type_name: 'Ibis' }], bids: [], flags: [] },
      { contract_id: 4, items: [], bids: [], flags: [] },
    ]);
    // One that changed twice has them twice.
    expect(rows[4]).toEqual(rows[2]);
  });

  it('--no-flagged leaves odd contracts out, and a limit counts returned ones', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    const odd = { row: { title: 'Rifter' }, items: [{ type_id: types.tritanium }] };
    await fill(store, [{ contract_id: 1, ...odd }, { contract_id: 2 }, { contract_id: 3, ...odd }, { contract_id: 4 }]);
    await close();
    const filters = { 'no-flagged': [] };
    expect(await told(database, { filters })).toEqual(['appeared 2', 'appeared 4']);
    const cursors = await ask(database, { subject: 'changes', filters, fields: ['cursor'] });
    const question = { subject: subjectNamed('changes'), filters, descending: false, offset: 0 };
    for (const [limit, expected] of [
      [1, cursors[0]?.cursor],
      [2, cursors[1]?.cursor],
      [3, undefined],
    ] as const) {
      expect(
        await readFrom(database, async (reader) => keyAtLimit(await resolve({ ...question, limit }, reader))),
      ).toBe(expected);
    }
  });

  it('--since twice is refused', async () => {
    const { close, database } = await openTestStore(backing);
    await close();
    await expect(told(database, { filters: { since: ['1h', '2h'] } })).rejects.toThrow('once');
  });

  it('--change and the filters of contracts narrow it', async () => {
    const { close, database } = await openStory(backing);
    await close();
    expect(await told(database, { filters: { change: ['bid', 'gone'] } })).toEqual(['gone 3', 'bid 2']);
    expect(await told(database, { filters: { region: ['Domain'] } })).toEqual(['appeared 4']);
    expect(await told(database, { filters: { ship: ['Rifter'], change: ['appeared'] } })).toEqual(['appeared 1']);
    expect(await told(database, { filters: { 'max-price': ['50'] } })).toEqual(['appeared 3', 'gone 3', 'returned 3']);
    await expect(told(database, { filters: { change: ['apeared'] } })).rejects.toThrow('Did you mean "appeared"');
  });

  it('tells nothing of a pass before it has ended, in whatever way', async () => {
    const { store, close, database } = await openStory(backing);
    const run_id = 'z-run';
    const start = { started_at: inHours(0), host: 'h', process_id: 1, version: '0' };
    await store.openRun({ ...start, run_id });
    const announced = { contract_ids: [], quarantined: [] };
    const emptied = {
      at: inHours(0),
      generated_at: inHours(0),
      isAbsent: () => true,
      announced,
      listed: [],
      quarantined: [],
    };
    await recordAlone(store, { ...row, run_id, ...emptied });
    expect(await told(database)).toEqual(story);
    // It died: the next pass closes its row.
    await store.openRun({ ...start, run_id: 'zz-run' });
    await close();
    expect(await told(database)).toEqual([...story, 'gone 1', 'gone 2', 'gone 3']);
  });
});
