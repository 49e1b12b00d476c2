import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../fake-esi/types.ts';
import { ask } from '../helpers/ask.ts';
import { type Backing, backings } from '../helpers/backings.ts';
import { addExchange, openBench } from '../helpers/pass.ts';
import { rowsFrom } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const halfHour = 1_800_000;
const accepted = { error: 'Contract accepted by player, requires authorization' };

describe.each(backings)('what became of contracts that went early, on $name', (backing) => {
  /** A bench whose contracts are stored, and gone since. */
  async function openGone(count: number, openBacking: Backing = backing) {
    const bench = await openBench(openBacking);
    addExchange(bench.esi);
    const ids = Array.from({ length: count }, () => addExchange(bench.esi));
    await bench.pass();
    for (const id of ids) bench.esi.world.remove(id);
    advance(halfHour);
    await bench.pass();
    bench.esi.requests.clear();
    const outcomes = () =>
      rowsFrom(
        bench.database,
        sql`SELECT contract_id, outcome FROM contracts WHERE gone_at IS NOT NULL ORDER BY contract_id`,
      );
    const answer = (id: number, status: number, body: unknown) =>
      bench.esi.faults.inject({
        match: { route: 'items', contract_id: id },
        fault: { kind: 'status', status, body },
      });
    return { ...bench, ids: ids as [number, ...number[]], outcomes, answer };
  }

  test('is not asked unless requests are set apart for it', async () => {
    const { esi, pass, outcomes, ids } = await openGone(1);
    expect(await pass()).toMatchObject({ outcomes: { asked: 0 } });
    expect(esi.requests.all()).toEqual([]);
    expect(await outcomes()).toEqual([{ contract_id: ids[0], outcome: 'unknown' }]);
  });

  test('is accepted where ESI says so, and nothing is guessed from anything else', async () => {
    const { pass, outcomes, ids, answer, database } = await openGone(3);
    const [first, second = 0, third = 0] = ids;
    answer(first, 403, accepted);
    answer(second, 403, { error: 'Contract not public' });
    answer(third, 404, { error: 'Contract not found!' });
    expect(await pass({ resolve: 10 })).toMatchObject({ outcomes: { asked: 3, accepted: 1 }, exit_code: 0 });
    expect(await outcomes()).toEqual([
      { contract_id: first, outcome: 'accepted' },
      { contract_id: second, outcome: 'withdrawn_or_unknown' },
      { contract_id: third, outcome: 'withdrawn_or_unknown' },
    ]);
    expect(
      await rowsFrom(database, sql`SELECT status, answer FROM contract_evidence ORDER BY contract_id`),
    ).toMatchObject([{ status: 403, answer: accepted.error }, { status: 403 }, { status: 404 }]);
    expect(await pass({ resolve: 10 })).toMatchObject({ outcomes: { asked: 0 } });
    const filters = { item: ['587'], outcome: ['accepted,sold'] };
    expect(await ask(database, { subject: 'prices', filters })).toMatchObject([{ state: 'gone', contracts: 1 }]);
  });

  test('costs as many requests as were set apart, and asks about the last first', async () => {
    const { esi, pass, ids } = await openGone(3);
    await pass({ resolve: 2 });
    const asked = esi.requests.all().map(({ path }) => Number(path.split('/').at(-1)));
    expect(asked).toEqual([ids[2], ids[1]]);
  });

  test.each<Fault>([{ kind: 'html' }, { kind: 'status', status: 304 }])(
    'is asked about twice at most after %o',
    async (fault) => {
      const { esi, pass, outcomes, ids } = await openGone(1);
      esi.faults.inject({ match: { route: 'items' }, fault });
      for (const asked of [1, 1, 0]) {
        expect(await pass({ resolve: 5 })).toMatchObject({ outcomes: { asked } });
        advance(1_000);
      }
      expect(await outcomes()).toEqual([{ contract_id: ids[0], outcome: 'unknown' }]);
    },
  );
});
