import { afterAll, describe, expect, it, vi } from 'vitest';
import { contracts } from '../../../src/query/subjects/contracts.ts';
import { ask } from '../../helpers/ask.ts';
import { postgreSql, sqlite } from '../../helpers/backings.ts';
import { run } from '../../helpers/cli.ts';
import { sharedMarket } from '../../helpers/shared.ts';

// The contents tell times, so both are filled at the same.
vi.useFakeTimers({ toFake: ['Date'], now: new Date() });
afterAll(() => {
  vi.useRealTimers();
});

const onSqlite = sharedMarket(sqlite);
const onPostgres = sharedMarket(postgreSql);

/** What the built executable answers on both databases. */
async function answers(...args: string[]): Promise<[string, string]> {
  const [here, there] = await Promise.all(
    [onSqlite(), onPostgres()].map(({ database }) => run(['query', ...args], { HANGARBAY_DATABASE_URL: database.url })),
  );
  expect([here?.code, there?.code, here?.stderr, there?.stderr]).toEqual([0, 0, '', '']);
  return [here?.stdout ?? '', there?.stdout ?? ''];
}

describe('the same contents are answered byte for byte the same on SQLite and on PostgreSQL', () => {
  it.each(['json', 'ndjson', 'csv', 'table'])('as %s, with items and bids', async (format) => {
    const [here, there] = await answers('--state', 'all', '--items', '--bids', '--limit', '0', '--format', format);
    expect(there).toBe(here);
    expect(here.length).toBeGreaterThan(1_000);
  });

  it.each([
    ['items', '--state', 'all'],
    ['ships', '--state', 'all'],
    ['blueprints', '--state', 'all', '--bundles'],
    ['couriers', '--state', 'all'],
    ['prices', '--item', 'Rifter', '--by', 'region', '--by', 'day', '--state', 'all'],
    ['contracts', '--state', 'all', '--flags', '--sort', 'effective-price'],
    ['changes'],
    ['types'],
    ['market-groups'],
    ['regions'],
  ])('about %s %s %s', async (...question) => {
    const [here, there] = await answers(...question, '--limit', '0');
    expect(there).toBe(here);
    expect(JSON.parse(here)).not.toEqual([]);
  });

  it('however the server is set up to write instants and numbers', async () => {
    const url = new URL(onPostgres().database.url);
    url.searchParams.set('options', '-c datestyle=German -c extra_float_digits=0 -c timezone=Asia/Tokyo');
    for (const question of [['contracts'], ['prices', '--item', 'Rifter', '--by', 'day'], ['couriers']]) {
      const args = ['query', ...question, '--state', 'all', '--limit', '0'];
      const [here] = await answers(...args.slice(1));
      const there = await run(args, { HANGARBAY_DATABASE_URL: url.href });
      expect(there).toMatchObject({ code: 0, stdout: here });
    }
  });

  it.each(Object.keys(contracts.columns))('sorted by %s, both ways', async (sort) => {
    for (const descending of [false, true]) {
      const question = { sort, descending, filters: { state: ['all'] } };
      const [here, there] = await Promise.all(
        [onSqlite(), onPostgres()].map(({ database }) => ask(database, question)),
      );
      expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    }
  });
});
