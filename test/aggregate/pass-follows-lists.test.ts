import { describe, expect, test } from 'vitest';
import { changesSentence } from '../../src/aggregate/changes-sentence.ts';
import type { StandInEsi } from '../fake-esi/types.ts';
import { backings, passBackings } from '../helpers/backings.ts';
import { domain, forge } from '../helpers/esi-rows.ts';
import { addExchange, addExchanges, openBench } from '../helpers/pass.ts';
import { contractsIn, rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const halfAnHour = 1_800_000;

type ListRow = Record<string, unknown> & { readonly contract_id: number };

/** From now on, `change` alters the list of a region. */
function changeList(esi: StandInEsi, region_id: number, change: (rows: ListRow[]) => ListRow[]) {
  const transform = (rows: unknown) => change(rows as ListRow[]);
  return esi.faults.inject({ match: { route: 'list', region_id }, fault: { kind: 'transform', transform } });
}

/** From now on, a contract is listed with other fields. */
const changeRow = (esi: StandInEsi, contract_id: number, fields: Record<string, unknown>) =>
  changeList(esi, forge, (rows) => rows.map((row) => (row.contract_id === contract_id ? { ...row, ...fields } : row)));

/** The row of a contract of the world, in any state. */
const rowOf = (esi: StandInEsi, contractId: number) => ({ ...esi.world.contract(contractId)?.contract }) as ListRow;

const inMinutes = (minutes: number) => `${new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19)}Z`;

describe.each(passBackings)('a stored contract, on $name', (backing) => {
  test('that is listed with a later end ends later, and its bids are asked for', async () => {
    const { esi, pass, database } = await openBench(backing);
    const end = inMinutes(31);
    const auction = addExchange(esi, { type: 'auction', date_expired: end, bids: [{ amount: 2_000_000 }] });
    await pass();
    advance(halfAnHour);
    const later = inMinutes(6);
    changeList(esi, forge, () => [{ ...rowOf(esi, auction), date_expired: later }]);
    esi.world.bid(auction, 9_000_000);
    expect(await pass()).toMatchObject({
      outcome: 'complete',
      contracts: { extended: 1, moved: 0, differing: 0, gone: 0 },
      bids: { asked: 1, new: 1 },
    });
    expect(await contractsIn(database)).toMatchObject([{ contract_id: auction, date_expired: later, gone_at: null }]);
    const changes = await rowsOf(database, 'contract_changes', 'change_id');
    expect(changes.map(({ change }) => change)).toEqual(['appeared', 'extended', 'bid']);
    expect(changes[1]).toMatchObject({ field: 'date_expired', old_value: end, new_value: later });
  });
});

describe.each(backings)('a stored contract, on $name', (backing) => {
  test('that is listed past its end is asked about', async () => {
    const { esi, pass } = await openBench(backing);
    const auction = addExchange(esi, { type: 'auction', date_expired: inMinutes(29), bids: [] });
    await pass();
    advance(halfAnHour);
    changeList(esi, forge, () => [rowOf(esi, auction)]);
    expect(await pass()).toMatchObject({ contracts: { listed: 1, gone: 0 }, bids: { asked: 1 } });
  });

  test('keeps the stored values when a list differs, and reports the difference once', async () => {
    const { esi, pass, database, log } = await openBench(backing);
    const [contract = 0] = addExchanges(esi, 2);
    await pass();
    const [before] = await contractsIn(database);
    changeRow(esi, contract, { price: 1, title: null, for_corporation: !before?.for_corporation });
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { differing: 3, extended: 0 } });
    advance(halfAnHour);
    esi.world.regenerate();
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { differing: 0 } });

    const [after] = await contractsIn(database);
    expect(after).toEqual({ ...before, last_seen_at: after?.last_seen_at });
    const changes = await rowsOf(database, 'contract_changes', 'change_id');
    expect(
      changes
        .filter(({ change }) => change === 'differs')
        .map(({ field, old_value, new_value }) => [field, old_value, new_value]),
    ).toEqual([
      ['title', before?.title, null],
      ['price', String(before?.price), '1'],
      ['for_corporation', String(Boolean(before?.for_corporation)), String(!before?.for_corporation)],
    ]);
    const warnings = log.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn');
    expect(warnings.map(({ contract_id, msg }) => [contract_id, msg])).toEqual([
      [
        contract,
        expect.stringMatching(/listed with title null, stored with .*; price "1", stored with .*; for_corporation/),
      ],
    ]);
  });

  test('does not end earlier than stored, and the difference is reported', async () => {
    const { esi, pass, database } = await openBench(backing);
    const [contract = 0] = addExchanges(esi, 1);
    await pass();
    const [before] = await contractsIn(database);
    advance(halfAnHour);
    changeRow(esi, contract, { date_expired: inMinutes(90) });
    expect(await pass()).toMatchObject({ contracts: { extended: 0, differing: 1 } });
    expect(await contractsIn(database)).toMatchObject([{ date_expired: before?.date_expired }]);
  });

  test('that is listed again after it was gone has returned', async () => {
    const { esi, pass } = await openBench(backing);
    const [absent = 0] = addExchanges(esi, 3);
    await pass();
    const absence = changeList(esi, forge, (rows) => rows.filter(({ contract_id }) => contract_id !== absent));
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ contracts: { gone: 1, returned: 0 } });
    absence.remove();
    advance(halfAnHour);
    const summary = await pass();
    expect(summary).toMatchObject({ outcome: 'complete', contracts: { new: 0, gone: 0, returned: 1 } });
    expect(changesSentence(summary)).toBe('since the previous pass: 1 returned');
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ contracts: { returned: 0 } });
  });

  test.each([
    ['a region with a higher id', forge, domain],
    ['a region with a lower id', domain, forge],
  ])('moves to %s whose list shows it, and was never gone', async (_which, from, to) => {
    const { esi, pass, database } = await openBench(backing, { regions: [forge, domain] });
    const [moving = 0, sold = 0] = [1, 2, 3].map(() => addExchange(esi, { region_id: from }));
    addExchange(esi, { region_id: to });
    const regions = [String(forge), String(domain)];
    await pass({ regions });
    const row = rowOf(esi, moving);
    esi.world.remove(moving);
    esi.world.complete(sold);
    changeList(esi, to, (rows) => [...rows, row]);
    advance(halfAnHour);
    expect(await pass({ regions })).toMatchObject({ outcome: 'complete', contracts: { moved: 1, gone: 1 } });
    advance(halfAnHour);
    expect(await pass({ regions })).toMatchObject({
      outcome: 'complete',
      contracts: { moved: 0, gone: 0 },
    });

    const contract = (await contractsIn(database)).find(({ contract_id }) => contract_id === moving);
    expect(contract).toMatchObject({ region_id: to, gone_at: null });
    const changes = await rowsOf(database, 'contract_changes', 'change_id');
    expect(changes.filter(({ contract_id }) => contract_id === moving)).toMatchObject([
      { change: 'appeared', region_id: from },
      { change: 'moved', region_id: to, field: 'region_id', old_value: String(from), new_value: String(to) },
    ]);
    expect(changes.filter(({ contract_id }) => contract_id === sold)).toMatchObject([
      { change: 'appeared' },
      { change: 'gone', region_id: from },
    ]);
  });

  test.each([404, 504])('is not gone while another region answers %i: it may have moved there', async (status) => {
    const { esi, pass, database } = await openBench(backing, { regions: [forge, domain] });
    const moving = addExchange(esi, { start_location_id: 30_000_142 });
    const [, sold = 0] = [1, 2].map(() => addExchange(esi));
    addExchange(esi, { region_id: domain });
    const regions = [String(forge), String(domain)];
    await pass({ regions });
    esi.world.move(moving, domain);
    esi.world.complete(sold);
    advance(halfAnHour);
    const fault = esi.faults.inject({
      match: { route: 'list', region_id: domain },
      fault: { kind: 'status', status },
    });
    expect(await pass({ regions })).toMatchObject({ regions: { failed: 1 }, contracts: { moved: 0, gone: 1 } });
    fault.remove();
    expect(await pass({ regions })).toMatchObject({ outcome: 'complete', contracts: { moved: 1, gone: 0 } });
    const changes = await rowsOf(database, 'contract_changes', 'change_id');
    expect(changes.filter(({ contract_id }) => contract_id === moving).map(({ change }) => change)).toEqual([
      'appeared',
      'moved',
    ]);
  });

  test('is gone after two hours, even if the list of another region can never be read', async () => {
    const { esi, pass } = await openBench(backing, { regions: [forge, domain] });
    const sold = addExchange(esi, { start_location_id: 30_000_142 });
    addExchange(esi);
    const regions = [String(forge), String(domain)];
    await pass({ regions });
    esi.world.complete(sold);
    esi.faults.inject({ match: { route: 'list', region_id: domain }, fault: { kind: 'status', status: 504 } });
    advance(halfAnHour);
    expect(await pass({ regions })).toMatchObject({ contracts: { gone: 0 } });
    advance(4 * halfAnHour);
    expect(await pass({ regions })).toMatchObject({ contracts: { gone: 1 } });
  });

  test('stays in the region of the newer of two lists that show it', async () => {
    const { esi, pass, database } = await openBench(backing, { regions: [forge, domain] });
    const regions = [String(forge), String(domain)];
    const contract = addExchange(esi);
    addExchange(esi, { region_id: domain });
    await pass({ regions });
    const row = rowOf(esi, contract);
    changeList(esi, domain, (rows) => [...rows, row]);
    esi.faults.inject({
      match: { route: 'list', region_id: domain },
      fault: { kind: 'lastModified', shiftSeconds: -60 },
    });
    advance(halfAnHour);
    expect(await pass({ regions })).toMatchObject({ contracts: { moved: 0, gone: 0 } });
    expect((await contractsIn(database)).map(({ region_id }) => region_id)).toContain(forge);
  });
});

describe.each(backings)('an auction that has ended, on $name', (backing) => {
  test('is sold where it had a bid, and expired where it had none', async () => {
    const { esi, pass, database } = await openBench(backing);
    const end = { type: 'auction', date_expired: inMinutes(29) } as const;
    const won = addExchange(esi, { ...end, bids: [{ amount: 2_000_000 }] });
    const unwanted = addExchange(esi, { ...end, bids: [] });
    const boughtOut = addExchange(esi, { type: 'auction', bids: [{ amount: 5 }] });
    await pass();
    for (const id of [won, unwanted]) esi.world.expire(id);
    esi.world.complete(boughtOut);
    advance(halfAnHour);
    expect(await pass()).toMatchObject({ contracts: { gone: 3 } });
    const outcomes = (await contractsIn(database)).map(({ contract_id, outcome }) => [contract_id, outcome]);
    expect(new Map(outcomes as [number, string][])).toEqual(
      new Map([
        [won, 'sold'],
        [unwanted, 'expired'],
        [boughtOut, 'unknown'],
      ]),
    );
  });
});
