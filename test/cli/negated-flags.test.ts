import { expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { places, types } from '../helpers/universe.ts';

const courier = { type: 'courier', reward: 1 };
const market = sharedMarket(sqlite, [
  { contract_id: 1, row: { title: '5x Rifter' }, items: [{ type_id: types.rifter }] },
  { contract_id: 2, row: { title: 'Rifter' }, items: [{ type_id: types.rifter }] },
  { contract_id: 3, row: courier },
  { contract_id: 4, row: { ...courier, end_location_id: places.structure } },
]);

it.each([
  [['contracts'], '4'],
  [['contracts', '--no-flagged'], '3'],
  [['couriers'], '2'],
  [['couriers', '--no-structures'], '1'],
])('a flag that begins with no- takes effect where it is given, and only there: %j', async (question, expected) => {
  const { stdout, code } = await run(['query', ...question, '--count', '--database-url', market().database.url]);
  expect({ stdout, code }).toEqual({ stdout: `${expected}\n`, code: 0 });
});
