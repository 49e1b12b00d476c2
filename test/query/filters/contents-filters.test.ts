import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptBy } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { types } from '../../helpers/universe.ts';

const { rifter, tritanium, caracal } = types;
const minerals = (quantity: number) => ({ type_id: tritanium, quantity });

const contracts = [
  { contract_id: 1, items: [{ type_id: rifter }, minerals(30), minerals(20)] },
  { contract_id: 2, items: [{ type_id: rifter }, minerals(49)] },
  { contract_id: 3, items: [{ type_id: rifter }, { ...minerals(50), is_included: false }] },
  { contract_id: 4, items: [minerals(1_000)] },
  { contract_id: 5, items: [{ type_id: caracal }, { type_id: rifter, quantity: 2 }, minerals(1_000)] },
];

function fileWith(text: string): string {
  const path = join(temporaryFolder(), 'fit.txt');
  writeFileSync(path, text);
  return path;
}

describe.each(backings)('contracts that hold a whole thing, on $name', (backing) => {
  const market = sharedMarket(backing, contracts);

  it.each([
    [['Rifter'], [1, 2, 3, 5]],
    [['Rifter:2'], [5]],
    [['tritanium:50'], [1, 4, 5]],
    [['Tritanium : 1k'], [4, 5]],
    [
      ['34:50', '587'],
      [1, 5],
    ],
    [['Rifter', 'Caracal'], [5]],
  ])('--contains %j: %j', async (contains, expected) => {
    expect(await keptBy(market().database, { contains })).toEqual(expected);
  });

  it.each([
    ['Riftr', /--contains: type "Riftr" is unknown.*Rifter/s],
    ['Rifter:1.5', /--contains: "1\.5" is not a whole number of 1 or more; for example --contains Tritanium:50$/],
    ['Rifter:-1', /--contains: "-1" is not a whole number of 1 or more/],
    ['Rifter: +2', /--contains: "\+2" is not a whole number of 1 or more/],
    ['Rifter:0', /--contains: "0" is not a whole number of 1 or more/],
    ['Rifter:5x', /--contains: "5x" is not a whole number of 1 or more/],
    ['Rifter:', /--contains: "" is not a whole number of 1 or more/],
    ['Rifter:many', /--contains: type "Rifter:many" is unknown/],
  ])('--contains %s is refused', async (value, message) => {
    await expect(keptBy(market().database, { contains: [value] })).rejects.toThrow(message);
  });

  it('--fit asks for everything in it', async () => {
    const path = fileWith('[Rifter, one]\n\nTritanium x50\n');
    expect(await keptBy(market().database, { fit: [path] })).toEqual([1, 5]);
    expect(await keptBy(market().database, { fit: [path], contains: ['Caracal'] })).toEqual([5]);
  });

  it.each([
    ['Rifter', /--fit .*fit\.txt: the first line has no ship/],
    ['[Riftr, one]', /--fit: type "Riftr" is unknown/],
  ])('--fit of %j is refused', async (text, message) => {
    await expect(keptBy(market().database, { fit: [fileWith(text)] })).rejects.toThrow(message);
  });

  it('--fit of a file that is not there is refused', async () => {
    await expect(keptBy(market().database, { fit: ['/no/such/fit'] })).rejects.toThrow(/--fit \/no\/such\/fit: ENOENT/);
  });
});
