import { describe, expect, it } from 'vitest';
import { ask } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { types } from '../../helpers/universe.ts';

const { rifter, caracal, ibis, tritanium, rifterBlueprint, unnamed } = types;
const asked = { is_included: false };

type Items = { type_id: number; quantity?: number; is_included?: boolean }[];

const cases: [string, Items, number | null, string | null][] = [
  ['the only one offered', [{ type_id: rifter }], rifter, 'Rifter'],
  ['the only one among other things', [{ type_id: tritanium }, { type_id: ibis }], ibis, 'Ibis'],
  ['of one type in two stacks', [{ type_id: rifter }, { type_id: rifter, quantity: 3 }], rifter, 'Rifter'],
  ['none where several types are offered', [{ type_id: rifter }, { type_id: caracal }], null, null],
  ['none where no ship is offered', [{ type_id: tritanium }, { type_id: rifterBlueprint }], null, null],
  ['none where a ship is asked for', [{ type_id: rifter, ...asked }], null, null],
  ['the offered one beside one asked for', [{ type_id: rifter }, { type_id: caracal, ...asked }], rifter, 'Rifter'],
  ['none where the type is not known yet', [{ type_id: unnamed }], null, null],
  ['none without items', [], null, null],
];

describe.each(backings)('the ship of a contract on $name', (backing) => {
  const contracts = cases.map(([, items], index) => ({ contract_id: index + 1, items }));
  const market = sharedMarket(backing, contracts);

  it.each(cases.map(([what, , ...expected], index) => [what, index + 1, ...expected] as const))(
    'is %s',
    async (_, contract_id, ship_type_id, ship_name) => {
      const { database } = market();
      const filters = { id: [String(contract_id)] };
      expect(await ask(database, { filters, fields: ['ship_type_id', 'ship_name'] })).toEqual([
        { ship_type_id, ship_name },
      ]);
    },
  );
});
