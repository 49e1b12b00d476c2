import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { subjects } from '../../../src/query/subjects/subjects.ts';
import { ask, keptBy } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { ids } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';

/** Every word that a flag of a subject takes, and flags that take any text. */
const words = subjects.flatMap(({ name, filters }) =>
  filters.flatMap(({ name: flag, choices = [] }) => choices.map((word) => ({ subject: name, flag, word }))),
);
const lists = subjects.flatMap(({ name, filters }) =>
  filters.flatMap(({ name: flag, choices = [] }) => (choices.length > 1 ? [{ subject: name, flag, choices }] : [])),
);
const texts = subjects.flatMap(({ name, filters }) =>
  filters.filter(({ argument }) => argument === '<text>').map(({ name: flag }) => ({ subject: name, flag })),
);
const needed = (subject: string): Record<string, string[]> => (subject === 'prices' ? { item: ['Rifter'] } : {});

describe.each(backings)('words in filters on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(words)('$subject --$flag takes $word in any case, with blanks around it', async ({ subject, flag, word }) => {
    const { database } = market();
    const asked = (value: string) => ask(database, { subject, filters: { ...needed(subject), [flag]: [value] } });
    expect(await asked(` ${word.toUpperCase()} `)).toEqual(await asked(word));
  });

  it.each(lists)('$subject --$flag takes several words in one value', async ({ subject, flag, choices }) => {
    const { database } = market();
    const asked = (values: string[]) => ask(database, { subject, filters: { ...needed(subject), [flag]: values } });
    const [first = '', second = ''] = choices;
    expect(await asked([`${first}, ${second.toUpperCase()}`])).toEqual(await asked([first, second]));
    const mistyped = asked([`${first},nonsense`]);
    await expect(mistyped).rejects.toThrow(`--${flag}: "nonsense" is not one of ${choices.join(', ')}`);
  });

  it('--id takes several ids in one value', async () => {
    const { database } = market();
    const filters = { state: ['all'] };
    const { rifter, gone, wanted } = ids;
    const found = await keptBy(database, { ...filters, id: [`${rifter},${gone}`, ` ${wanted} `] });
    expect(found).toEqual([rifter, gone, wanted].toSorted((a, b) => a - b));
    await expect(keptBy(database, { ...filters, id: [`${rifter},`] })).rejects.toThrow('--id: "" is not an id');
  });

  it('a list has as many values as the same flags', async () => {
    const { database } = market();
    const many = (count: number) => Array.from({ length: count }, (_, index) => 1_000_000_000 + index).join(',');
    expect(await keptBy(database, { id: [many(500)] })).toEqual([]);
    await expect(keptBy(database, { id: [many(501)] })).rejects.toThrow('--id takes at most 500 values, not 501');
  });

  it('the comma in a name separates nothing', async () => {
    const { database } = market();
    await expect(keptBy(database, { region: ['The Forge,Domain'] })).rejects.toThrow('region "The Forge,Domain"');
    await expect(keptBy(database, { item: ['Rifter,Ibis'] })).rejects.toThrow('type "Rifter,Ibis"');
    expect(await keptBy(database, { title: ['Rifter, fitted'] })).toEqual([ids.rifter]);
  });

  it.each(texts)('$subject --$flag refuses to look for nothing', async ({ subject, flag }) => {
    const { database } = market();
    const asked = ask(database, { subject, filters: { ...needed(subject), [flag]: ['rifter', ''] } });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(`--${flag} needs a text`);
  });
});
