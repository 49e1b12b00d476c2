import { describe, expect, it } from 'vitest';
import { loadFormat } from '../../../src/query/format/load.ts';
import { ask, subjectNamed } from '../../helpers/ask.ts';
import { backings, openTestStore, type TestDatabase } from '../../helpers/backings.ts';
import { fill, inHours } from '../../helpers/contracts.ts';
import { bidColumns } from '../engine/expected-columns.ts';

const ids = { wanted: 1, unwanted: 2, exchange: 3 };
const bidsGiven = [
  { bid_id: 11, amount: 1_000_000, date_bid: inHours(-5) },
  { bid_id: 14, amount: 3_000_000.5, date_bid: inHours(-3) },
  { bid_id: 13, amount: 3_000_000.5, date_bid: inHours(-2) },
];

async function openAuctions(backing: (typeof backings)[number]): Promise<TestDatabase> {
  const { store, close, database } = await openTestStore(backing);
  const auction = { row: { type: 'auction' }, items: [{ type_id: 34 }] };
  await fill(store, [
    { contract_id: ids.wanted, ...auction, bids: bidsGiven },
    { contract_id: ids.unwanted, ...auction },
    { contract_id: ids.exchange, items: [{ type_id: 34 }] },
  ]);
  await close();
  return database;
}

describe.each(backings)('--bids on $name', (backing) => {
  it('all bids come with their columns, the highest first', async () => {
    const rows = await ask(await openAuctions(backing), { fields: ['contract_id', 'bids'], sort: 'contract_id' });
    const [lowest, higher, highest] = bidsGiven;
    expect(rows).toEqual([
      { contract_id: ids.wanted, bids: [highest, higher, lowest] },
      { contract_id: ids.unwanted, bids: [] },
      { contract_id: ids.exchange, bids: [] },
    ]);
    const [bids = []] = rows.map((row) => row.bids as object[]);
    expect(bids.map((bid) => Object.keys(bid))).toEqual([bidColumns, bidColumns, bidColumns]);
  });

  it('bids and items stand side by side', async () => {
    const fields = ['items', 'bids'];
    const [row] = await ask(await openAuctions(backing), { fields, filters: { id: [String(ids.wanted)] } });
    expect(row).toMatchObject({ items: [{ type_id: 34 }], bids: [{ bid_id: 13 }, { bid_id: 14 }, { bid_id: 11 }] });
  });
});

it('a table shows the amounts', async () => {
  const format = await loadFormat('table', { subject: subjectNamed('contracts'), fields: ['bids'], color: false });
  const text = format.begin() + format.rows([{ bids: bidsGiven }]) + format.end();
  expect(text).toContain('1m; 3m; 3m');
});
