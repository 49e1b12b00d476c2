import { describe, expect, it } from 'vitest';
import { keptBy } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';

const titles: Readonly<Record<number, string | undefined>> = {
  1: 'ÄÖ Erz',
  2: '100% full',
  3: '100 fully',
  4: 'a_b',
  5: 'axb',
  6: 'back\\slash',
  7: 'КАРАКАЛ fitted',
  8: 'O\'Brien; -- "x"',
  9: '🚀 to the moon',
  10: undefined,
  11: 'line one\nline two',
  12: '',
  13: 'wow! 5!5',
};

describe.each(backings)('--title on $name', (backing) => {
  const contracts = Object.entries(titles).map(([id, title]) => ({ contract_id: Number(id), row: { title } }));
  const market = sharedMarket(backing, contracts);

  it.each([
    ['äö', [1]],
    ['ÄÖ', [1]],
    ['äÖ eRZ', [1]],
    ['каракал', [7]],
    ['КАРАКАЛ FIT', [7]],
    ['0%', [2]],
    ['100', [2, 3]],
    ['%', [2]],
    ['_', [4]],
    ['a_b', [4]],
    ['\\', [6]],
    ['k\\s', [6]],
    ['\\%', []],
    ['!', [13]],
    ['5!', [13]],
    ['!_', []],
    ["o'brien; --", [8]],
    ['"X"', [8]],
    ['🚀', [9]],
    ['one\nline', [11]],
    ['nothing like it', []],
  ])('%j is found as it is written, in upper or lower case', async (text, expected) => {
    const { database } = market();
    expect(await keptBy(database, { title: [text] })).toEqual(expected);
  });
});
