import { describe, expect, it } from 'vitest';
import { processBackings } from '../helpers/backings.ts';
import { newReadyUser } from './user.ts';

const domain = 10000043;
const validRow = {
  contract_id: 2_000_000_001,
  date_expired: '2099-01-01T00:00:00Z',
  date_issued: '2026-01-01T00:00:00Z',
  issuer_id: 2_113_891_956,
  issuer_corporation_id: 98_454_890,
  type: 'courier',
};

/** Malformed rows of different kinds. */
const hostileRows: unknown[] = [
  null,
  'a string',
  [],
  {},
  { ...validRow, contract_id: undefined },
  { ...validRow, contract_id: '2000000002' },
  { ...validRow, contract_id: -1 },
  { ...validRow, contract_id: 2_000_000_003, issuer_id: null },
  { ...validRow, contract_id: 2_000_000_004, issuer_corporation_id: 'x' },
  { ...validRow, contract_id: 2_000_000_005, date_expired: 'soon' },
  { ...validRow, contract_id: 2_000_000_006, type: 7 },
  { ...validRow, contract_id: 2_000_000_007, price: 'cheap' },
  { ...validRow, contract_id: 2 ** 53 + 2 },
];

describe.each(processBackings)('hostile input on $name', (backing) => {
  it('stops nothing: what cannot be used is set aside with its reason, its neighbours are stored', async () => {
    const user = await newReadyUser(backing, { plainContracts: 50 });
    const { esi } = user;
    for (const row of hostileRows) esi.world.raw(domain, row);
    const titled = {
      ...validRow,
      title: 'nul \u0000 bell \u0007 escape \u001b[31m quote \' " tab \t ‮ 💥',
      volume: null,
    };
    esi.world.raw(domain, titled);
    esi.world.raw(domain, titled);
    const items = [{ type_id: 587 }, { type_id: 34 }];
    const twice = esi.world.add({ region_id: domain, type: 'item_exchange', items });
    const [item] = twice.items;
    esi.world.rawItems(twice.contract.contract_id, [...twice.items, item]);
    const broken = esi.world.add({ region_id: domain, type: 'item_exchange', items });
    esi.world.rawItems(broken.contract.contract_id, [...broken.items, { type_id: 34, quantity: 1 }]);

    const summary = await user.aggregate();
    expect(summary.contracts).toMatchObject({
      stored: 52,
      quarantined: hostileRows.length + 1,
      deferred: 0,
    });
    const contracts = new Map((await user.contracts('--state', 'all')).map((row) => [row.contract_id, row]));
    expect(contracts.size).toBe(52);
    expect(contracts.get(validRow.contract_id)?.title).toBe(titled.title.replace('\u0000', '\uFFFD'));
    expect(contracts.get(twice.contract.contract_id)?.items).toHaveLength(2);
    expect(contracts.has(broken.contract.contract_id)).toBe(false);
  });

  it('shows no control character of a title on a terminal, and every one of it as JSON', async () => {
    const user = await newReadyUser(backing);
    const title = '\u001b]0;owned\u0007\u001b[2J‮evil\r\n=1+1';
    user.esi.world.raw(domain, { ...validRow, title });
    await user.aggregate();
    const table = await user.run('query', '--format', 'table');
    expect(table.stdout).toContain('\\u001b]0;owned\\u0007');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(table.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const json = await user.run('query', '--format', 'json', '--fields', 'title');
    expect(JSON.parse(json.stdout)).toEqual([{ title }]);
  });
});
