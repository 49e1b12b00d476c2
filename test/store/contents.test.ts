import { describe, expect, test } from 'vitest';
import { readMigrations } from '../../src/store/migrations.ts';
import { backings, openTestStore } from '../helpers/backings.ts';
import { fill } from '../helpers/contracts.ts';
import { change, contractsIn } from '../helpers/tables.ts';

const [tritanium, rifter] = [34, 587];
const asked = { is_included: false };

const contents = [
  { items: [], asked: 0, sole: null, quantity: null },
  { items: [{ type_id: rifter }], asked: 0, sole: rifter, quantity: 1 },
  {
    items: [
      { type_id: tritanium, quantity: 2_000_000_000 },
      { type_id: tritanium, quantity: 2_000_000_000 },
    ],
    asked: 0,
    sole: tritanium,
    quantity: 4_000_000_000,
  },
  { items: [{ type_id: rifter }, { type_id: tritanium }], asked: 0, sole: null, quantity: null },
  { items: [{ type_id: rifter }, { type_id: tritanium, ...asked }], asked: 1, sole: rifter, quantity: 1 },
  { items: [{ type_id: rifter, ...asked }], asked: 1, sole: null, quantity: null },
];
const expected = contents.map(({ items, asked, sole, quantity }) => ({
  item_count: items.length,
  asked_item_count: asked,
  sole_type_id: sole,
  sole_quantity: quantity,
}));

describe.each(backings)('what a contract holds, in short, on $name', (backing) => {
  test('is written with it', async () => {
    const { store, database } = await openTestStore(backing);
    await fill(
      store,
      contents.map(({ items }, index) => ({ contract_id: index + 1, items })),
    );
    expect(await contractsIn(database)).toMatchObject(expected);
  });

  test('is found out by the migration for contracts that are stored already', async () => {
    const { store, database } = await openTestStore(backing);
    await fill(
      store,
      contents.map(({ items }, index) => ({ contract_id: index + 1, items })),
    );
    const nothing = 'asked_item_count = 0, sole_type_id = NULL, sole_quantity = NULL';
    await change(database, `UPDATE contracts SET ${nothing}`);
    const migrations = readMigrations(database.location.dialect);
    const statements = migrations.flatMap((migration) => migration.statements);
    await change(database, statements.find((statement) => /^\s*(--.*\s+)?UPDATE contracts/.test(statement)) ?? '');
    expect(await contractsIn(database)).toMatchObject(expected);
  });
});
