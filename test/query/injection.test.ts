import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { ask, askAll, idsOf, subjectNamed } from '../helpers/ask.ts';
import { backings, type TestDatabase } from '../helpers/backings.ts';
import { listed } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';

const hostile = [
  "'; DROP TABLE contracts; --",
  "' OR '1'='1",
  '1 OR 1=1',
  "x') OR TRUE --",
  '1); DELETE FROM contract_items; --',
  '" OR ""="',
  '$1',
  '?',
  ':name',
];

const valued = subjectNamed('contracts').filters.filter(({ argument }) => argument !== undefined);

describe.each(backings)('SQL in a filter on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(valued.map(({ flag }) => flag.slice(2)))('is mere text to --%s', async (name) => {
    const { database } = market();
    await askAll(database, async (ask) => {
      for (const text of hostile) {
        const outcome = await ask({ filters: { [name]: [text] } }).catch((error: unknown) => error);
        if (['title', 'search'].includes(name)) expect(outcome, text).toEqual([]);
        else expect(outcome, text).toBeInstanceOf(UsageError);
      }
    });
    await expectUnharmed(database);
  });

  it.each(['types', 'market-groups', 'regions'])('is mere text to --name of %s', async (subject) => {
    const { database } = market();
    await askAll(database, async (ask) => {
      const before = await ask({ subject });
      expect(before.length).toBeGreaterThan(0);
      for (const text of hostile) expect(await ask({ subject, filters: { name: [text] } }), text).toEqual([]);
      expect(await ask({ subject })).toEqual(before);
    });
  });

  it('is no field to show or to sort by', async () => {
    const { database } = market();
    const names = ['price; --', 'contracts.price', 'price DESC', '__proto__', 'constructor', 'toString'];
    await askAll(database, async (ask) => {
      for (const text of [...hostile, ...names]) {
        await expect(ask({ sort: text }), text).rejects.toThrow(UsageError);
        await expect(ask({ fields: [text] }), text).rejects.toThrow(UsageError);
      }
    });
    await expectUnharmed(database);
  });
});

async function expectUnharmed(database: TestDatabase): Promise<void> {
  const rows = await ask(database, { fields: ['contract_id', 'items'], sort: 'contract_id' });
  expect(idsOf(rows)).toEqual(listed);
  expect(rows.flatMap(({ items }) => items)).toHaveLength(16);
}
