import { describe, expect, it } from 'vitest';
import { backings, openTestStore, type TestDatabase } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { fill, inHours } from '../helpers/contracts.ts';
import { sweepRow } from '../helpers/ledger-rows.ts';
import { ids, listed } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { domain, saveUniverse, theForge } from '../helpers/universe.ts';

describe.each(backings)('how far an answer can be relied on, on $name', (backing) => {
  const market = sharedMarket(backing);

  /** The Forge is fresh, the last sweep of Domain failed. */
  async function openDoubtful(): Promise<TestDatabase> {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    await fill(store, [{ contract_id: 1 }, { contract_id: 2, region_id: domain }]);
    await store.recordRegionSweeps([sweepRow({ region_id: domain, outcome: 'failed', finished_at: inHours(-0.1) })]);
    await close();
    return database;
  }

  it('is one warning on stderr; stdout has the answer alone', async () => {
    const { url } = await openDoubtful();
    const ended = await run(['query', '--log-format', 'pretty', '--database-url', url]);
    expect(JSON.parse(ended.stdout)).toHaveLength(2);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toBe(
      'warning: the answer may be out of date: Domain had its last complete sweep 1 hour ago, ' +
        'and its last sweep failed. Run: hangarbay aggregate (details: hangarbay query regions)\n',
    );
    expect((await run(['query', '--count', '--database-url', url])).stderr).toContain('Domain');
  });

  it('is not said of other regions, of other subjects, to those who want quiet, nor with a refusal', async () => {
    const { url } = await openDoubtful();
    for (const args of [['--region', 'The Forge'], ['types'], ['regions'], ['-q']]) {
      expect(await run(['query', ...args, '--database-url', url])).toMatchObject({ code: 0, stderr: '' });
    }
    const refused = await run(['query', '--sort', 'prise', '--database-url', url]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).not.toContain('Domain');
  });

  it('is said before the first pass, when there is nothing to find', async () => {
    const { store, close, database } = await openTestStore(backing);
    expect(store.identity).not.toBe('');
    await close();
    const ended = await run(['query', '--log-format', 'pretty', '--database-url', database.url]);
    expect(ended).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(ended.stderr).toBe(
      'warning: the database is empty: no region has been swept yet. Run: hangarbay aggregate\n',
    );
  });

  it('stands in the envelope', async () => {
    const { database, secondSweepAt } = market();
    const args = ['query', '--envelope', '--sort', 'contract_id', '--database-url', database.url];
    const ended = await run([...args, '--limit', '2', '--fields', 'contract_id', '--region', 'The Forge']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { rows, ...envelope } = JSON.parse(ended.stdout);
    expect(Object.keys(JSON.parse(ended.stdout))).toEqual(['as_of', 'prices_as_of', 'regions', 'total', 'rows']);
    expect(envelope).toEqual({
      as_of: secondSweepAt,
      prices_as_of: null,
      regions: [
        {
          region_id: theForge,
          region_name: 'The Forge',
          last_complete_sweep_at: secondSweepAt,
          last_sweep_at: secondSweepAt,
          last_sweep_outcome: 'complete',
          is_fresh: true,
        },
      ],
      total: 5,
    });
    expect(rows).toEqual([{ contract_id: ids.rifter }, { contract_id: ids.pair }]);
    const all = JSON.parse((await run(args)).stdout);
    expect(all.total).toBe(listed.length);
    expect(all.regions).toHaveLength(3);
    expect(JSON.parse((await run([...args, '--title', 'nothing like it'])).stdout)).toMatchObject({
      total: 0,
      rows: [],
    });
  });

  it.each([
    [['--format', 'ndjson'], '--format ndjson'],
    [['--format', 'csv'], '--format csv'],
    [['--format', 'table'], '--format table'],
    [['--count'], '--count'],
  ])('an envelope does not go with %j', async (args, named) => {
    const ended = await run(['query', '--envelope', ...args, '--database-url', market().database.url]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(named);
  });
});
