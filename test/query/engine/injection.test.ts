import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { fieldNamed, knownFields } from '../../../src/query/engine/fields.ts';
import type { Filter, Given } from '../../../src/query/engine/filter.ts';
import { subjects } from '../../../src/query/subjects/subjects.ts';
import { anyCharacter } from '../../helpers/any-character.ts';
import { askAll, type GivenQuestion, subjectNamed } from '../../helpers/ask.ts';
import { backings, readFrom, type TestDatabase } from '../../helpers/backings.ts';
import { hostileTexts } from '../../helpers/hostile-json.ts';
import { sharedMarket } from '../../helpers/shared.ts';

const hostile = [
  "'; DROP TABLE contracts; --",
  "' OR '1'='1",
  '1 OR 1=1',
  "x') OR TRUE --",
  '1); DELETE FROM contract_items; --',
  '" OR ""="',
  '$1',
  '?1',
  ':name',
  "\\' OR TRUE --",
];

/**
 * Every flag that takes a value, with the first subject that has it: a new one is covered as soon as it is there, and one
 * that several subjects share is read for all of them by the same code.
 */
const shared = new Set<Filter>();
const valued = subjects.flatMap(({ name: subject, filters }) =>
  filters
    .filter((filter) => filter.argument !== undefined && !shared.has(filter))
    .map((filter) => {
      shared.add(filter);
      return { subject, name: filter.name };
    }),
);
const subjectNames = subjects.map(({ name }) => name);

/** What a subject cannot do without. */
const needed: Readonly<Record<string, Given>> = { prices: { item: ['Rifter'] }, blueprints: { bundles: [] } };

/** Text that is meant to be executed, alone or within ordinary text. */
const injections = fc.oneof(
  fc.constantFrom(...hostile, '%', '\0'),
  hostileTexts,
  fc.tuple(hostileTexts, fc.constantFrom(...hostile)).map((parts) => parts.join('')),
  fc.string({ unit: anyCharacter, maxLength: 60 }),
);

describe.each(backings)('SQL in a question on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(valued)('is mere text to --$name of $subject', async ({ subject, name }) => {
    const { database } = market();
    await expectUnharmed(database, async (ask) => {
      const everything = await ask({ subject, filters: needed[subject] ?? {} });
      expect(everything.length).toBeGreaterThan(0);
      for (const text of hostile) {
        const answer = await ask({ subject, filters: { ...needed[subject], [name]: [text] } }).catch(
          (error: unknown) => error,
        );
        if (answer instanceof Error) expect(answer, text).toBeInstanceOf(UsageError);
        // Nothing of the market has a name or a title such as these.
        else expect(answer, text).toEqual([]);
      }
      await fc.assert(
        fc.asyncProperty(fc.array(injections, { minLength: 1, maxLength: 3 }), async (texts) => {
          const answer = await ask({ subject, filters: { ...needed[subject], [name]: texts } }).catch(
            (error: unknown) => error,
          );
          if (answer instanceof Error) expect(answer).toBeInstanceOf(UsageError);
        }),
        { numRuns: 6 },
      );
    });
  });

  it.each(subjectNames)('is not a field of %s to show or to sort by', async (subject) => {
    const { database } = market();
    const names = ['price; --', 'contracts.price', 'price DESC', '__proto__', 'constructor', 'toString'];
    // What makes up texts likes those that JavaScript's objects know, and `name` is a field of some subjects.
    const fields = knownFields(subjectNamed(subject));
    const texts = fc.oneof(fc.constantFrom(...names, ...hostile), injections);
    await expectUnharmed(database, async (ask) => {
      await fc.assert(
        fc.asyncProperty(
          texts.filter((text) => !fields.includes(fieldNamed(text))),
          async (text) => {
            await expect(ask({ subject, sort: text })).rejects.toThrow(UsageError);
            await expect(ask({ subject, fields: [text] })).rejects.toThrow(UsageError);
          },
        ),
        { numRuns: 20 },
      );
    });
  });

  it.each(valued)(
    'a value too long, or too many of them, are refused or answered: --$name of $subject',
    async ({ subject, name }) => {
      const { database } = market();
      await expectUnharmed(database, async (ask) => {
        for (const values of [
          ['1'.repeat(100_000)],
          ['a'.repeat(100_000)],
          Array.from({ length: 70_000 }, () => '1'),
        ]) {
          const answer = await ask({ subject, filters: { ...needed[subject], [name]: values } }).catch(
            (error: unknown) => error,
          );
          if (answer instanceof Error) expect(answer).toBeInstanceOf(UsageError);
        }
      });
    },
  );
});

const tables = ['contracts', 'contract_items', 'contract_backlog', 'types', 'groups', 'regions', 'names', 'meta'];

/** Asks, and looks whether every table is as it was. */
async function expectUnharmed(
  database: TestDatabase,
  work: (ask: (given: GivenQuestion) => Promise<unknown[]>) => Promise<void>,
): Promise<void> {
  const contents = () =>
    readFrom(database, async (reader) => {
      const all: unknown[] = [];
      for (const table of tables) {
        all.push(await reader.all(sql`SELECT * FROM ${sql.identifier(table)} ORDER BY 1, 2`));
      }
      return all;
    });
  const before = await contents();
  await askAll(database, work);
  expect(await contents()).toEqual(before);
}
