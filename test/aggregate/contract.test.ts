import { describe, expect, test } from 'vitest';
import { settleContract } from '../../src/aggregate/contract.ts';
import { EsiFault } from '../../src/esi/answer.ts';
import type { EsiClient } from '../../src/esi/client.ts';
import { StopError } from '../../src/process/stop.ts';
import { RejectedError } from '../../src/store/failures.ts';
import type { Postponement, UnitOfWork } from '../../src/store/records/pass.ts';
import { contractRow, forge, itemRow } from '../helpers/esi-rows.ts';

const now = new Date('2026-03-01T12:00:00Z');
type ItemsAnswer = Awaited<ReturnType<EsiClient['contractItems']>>;

interface Scene {
  readonly answer?: ItemsAnswer | Error;
  readonly row?: unknown;
  readonly attempts?: number;
  readonly refusal?: Error;
}

/** Settles one contract and returns the requests and the writes. */
async function settle({ answer, row = contractRow(), attempts = 0, refusal }: Scene) {
  const stored: UnitOfWork[] = [];
  const postponed: Postponement[] = [];
  let asked = 0;
  const due = {
    contract_id: 227_000_001,
    region_id: forge,
    row: JSON.stringify(row),
    attempts,
    date_expired: '2026-03-15T10:00:00Z',
    first_seen_at: '2026-03-01T11:00:00Z',
    last_seen_at: '2026-03-01T11:30:00Z',
  };
  const result = await settleContract(due, {
    run_id: 'a-run',
    esi: {
      async contractItems() {
        asked += 1;
        if (answer === undefined) throw new Error('nothing was to be asked');
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    store: {
      async storeContract(unit) {
        if (refusal !== undefined) throw refusal;
        stored.push(unit);
      },
      async postponeContract(postponement) {
        postponed.push(postponement);
      },
    },
    now: () => now,
  });
  return { result, stored, postponed, asked };
}

const ok = (...rows: unknown[]): ItemsAnswer => ({ kind: 'ok', rows });
const refused = (status: number, reason: string): ItemsAnswer => ({ kind: 'refused', status, reason });

describe('a contract', () => {
  test.each(['item_exchange', 'auction'])('(%s) is stored with its items', async (type) => {
    const { result, stored, postponed } = await settle({ row: contractRow({ type }), answer: ok(itemRow()) });
    expect(result.status).toBe('stored');
    expect(stored).toMatchObject([
      {
        contract: { contract_id: 227_000_001, type },
        items: [{ record_id: 4_700_000_001 }],
        region_id: forge,
        first_seen_at: '2026-03-01T11:00:00Z',
        last_seen_at: '2026-03-01T11:30:00Z',
      },
    ]);
    expect(postponed).toEqual([]);
  });

  test('(courier) has no items to ask for', async () => {
    const { stored, asked } = await settle({ row: contractRow({ type: 'courier' }) });
    expect(stored).toMatchObject([{ contract: { type: 'courier' }, items: [] }]);
    expect(asked).toBe(0);
  });

  test.each<[string, ItemsAnswer, readonly unknown[] | null]>([
    ['items', ok(itemRow()), [{ record_id: 4_700_000_001 }]],
    ['no items', ok(), []],
    ['a refusal', refused(403, 'Forbidden'), null],
    ['404', refused(404, 'Contract not found!'), null],
  ])('of a type that is not known yet is asked about once, and stored with %s', async (_what, answer, items) => {
    for (const type of ['loan', 'unknown', 'freelance_job']) {
      const { stored, asked } = await settle({ row: contractRow({ type }), answer });
      expect(stored).toMatchObject([{ contract: { type }, items }]);
      expect(asked).toBe(1);
    }
  });

  test('has an item once that ESI shows twice', async () => {
    const twice = itemRow({ record_id: 1, quantity: 5 });
    const { stored } = await settle({ answer: ok(twice, itemRow({ record_id: 2 }), twice) });
    expect(stored[0]?.items?.map(({ record_id, quantity }) => [record_id, quantity])).toEqual([
      [1, 5],
      [2, 1],
    ]);
  });

  test.each([{ quantity: 5 }, { runs: 3 }, { item_id: 7 }, { is_included: false }])(
    'waits where two items have one record_id and differ by %o',
    async (difference) => {
      const answer = ok(itemRow({ record_id: 1 }), itemRow({ record_id: 1, ...difference }));
      const { result, stored } = await settle({ answer });
      expect(result).toMatchObject({ status: 'deferred', reason: 'two different items have the record_id 1' });
      expect(stored).toEqual([]);
    },
  );
});

describe('a contract that is gone', () => {
  test.each([
    [204, ''],
    [403, 'Contract accepted by player, requires authorization'],
    [403, 'Contract not public'],
    [404, 'Contract not found!'],
  ])('by %i "%s" is written nowhere, and is no fault', async (status, reason) => {
    const { result, stored, postponed } = await settle({ answer: refused(status, reason) });
    expect(result.status).toBe('gone_before_items');
    expect(stored).toEqual([]);
    expect(postponed).toEqual([
      {
        contract_id: 227_000_001,
        status: 'gone_before_items',
        attempts: 1,
        next_attempt_at: '2026-03-01T12:00:00Z',
        last_status: status,
        last_answer: `${status} ${reason}`.trim(),
      },
    ]);
  });
});

describe('a contract that cannot be fetched', () => {
  test.each<[string, ItemsAnswer | Error, number | null]>([
    ['another 403', refused(403, 'Forbidden'), 403],
    ['400', refused(400, 'odd'), 400],
    ['401', refused(401, 'who are you'), 401],
    ['422', refused(422, 'odd'), 422],
    ['200 with no items', ok(), 200],
    ['a server error', new EsiFault('items: 502', 502), 502],
    ['no answer', new EsiFault('items: reset', null), null],
  ])('because of %s waits', async (_what, answer, last_status) => {
    const { result, stored, postponed } = await settle({ answer });
    expect(result.status).toBe('deferred');
    expect(stored).toEqual([]);
    expect(postponed).toMatchObject([{ status: 'deferred', last_status, attempts: 1 }]);
  });

  test('waits longer each time', async () => {
    const { postponed } = await settle({ answer: new EsiFault('items: 502', 502), attempts: 2 });
    expect(postponed).toMatchObject([{ attempts: 3, next_attempt_at: '2026-03-01T12:10:00Z' }]);
  });

  test('because the database refused it waits', async () => {
    const { result, postponed } = await settle({ answer: ok(itemRow()), refusal: new RejectedError('refused') });
    expect(result.status).toBe('deferred');
    expect(postponed).toMatchObject([{ last_status: null, last_answer: 'refused' }]);
  });
});

describe('a contract that cannot be used', () => {
  test('because of one item is quarantined with the item raw', async () => {
    const hostile = itemRow({ record_id: 2, quantity: 'many' });
    const { result, stored, postponed } = await settle({ answer: ok(itemRow(), hostile) });
    expect(result.status).toBe('quarantined');
    expect(stored).toEqual([]);
    expect(postponed[0]?.last_answer).toContain(JSON.stringify(hostile));
    expect(postponed[0]?.last_answer).toMatch(/quantity/);
  });

  test('because of its row is quarantined, and its items are not asked for', async () => {
    const { result, asked } = await settle({ row: contractRow({ issuer_id: 0 }) });
    expect(result.status).toBe('quarantined');
    expect(asked).toBe(0);
  });
});

describe('a fault outside of the contract', () => {
  test('is the end of the pass: it waits as if it had not been tried', async () => {
    const stop = new StopError('signal', 'SIGTERM');
    await expect(settle({ answer: stop })).rejects.toBe(stop);
  });

  test('is a database that is broken', async () => {
    const broken = new Error('disk full');
    await expect(settle({ answer: ok(itemRow()), refusal: broken })).rejects.toBe(broken);
  });
});
