import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { subjects } from '../../../src/query/subjects/subjects.ts';
import { ask } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';

/** Every word that a flag of a subject takes, and flags that take any text. */
const words = subjects.flatMap(({ name, filters }) =>
  filters.flatMap(({ name: flag, choices = [] }) => choices.map((word) => ({ subject: name, flag, word }))),
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

  it.each(texts)('$subject --$flag refuses to look for nothing', async ({ subject, flag }) => {
    const { database } = market();
    const asked = ask(database, { subject, filters: { ...needed(subject), [flag]: ['rifter', ''] } });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(`--${flag} needs a text`);
  });
});
