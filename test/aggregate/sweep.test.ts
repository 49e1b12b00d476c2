import { describe, expect, test } from 'vitest';
import { heldPages } from '../../src/aggregate/lists/held-pages.ts';
import { sweepRegion } from '../../src/aggregate/lists/sweep.ts';
import { type Answer, EsiFault, type RequestOptions } from '../../src/esi/answer.ts';
import { contractListPath } from '../../src/esi/routes/contract-list.ts';
import { StopError } from '../../src/process/stop.ts';
import type { PageValidator } from '../../src/validators/validators.ts';
import { contractRow, forge } from '../helpers/esi-rows.ts';

const now = new Date('2026-03-01T12:00:00Z');
const old = 'Sun, 01 Mar 2026 11:30:00 GMT';
const current = 'Sun, 01 Mar 2026 12:00:00 GMT';
const soon = new Date('2026-03-01T12:30:00Z');

const facts = (pages: number | null, lastModified: string | null, etag: string | null = '"new"') => ({
  etag,
  lastModified,
  expiresAt: soon,
  pages,
});
const ok = (ids: number[], pages: number | null, lastModified: string | null = current, expiresAt = soon): Answer => ({
  kind: 'ok',
  body: ids.map((contract_id) => contractRow({ contract_id })),
  ...facts(pages, lastModified),
  expiresAt,
});
const unchanged = (pages: number | null = null, lastModified: string | null = null): Answer => ({
  kind: 'not_modified',
  ...facts(pages, lastModified, null),
});
const past: Answer = { kind: 'refused', status: 404, reason: 'Requested page does not exist!' };

const held = (contract_ids: number[], pages: number, given: Partial<PageValidator> = {}): PageValidator => ({
  etag: `"held ${contract_ids}"`,
  last_modified: old,
  expires_at: '2026-03-01T11:59:59.000Z',
  pages,
  contract_ids,
  quarantined: [],
  ...given,
});

interface Scene {
  /** ESI's successive answers to each page; the last one repeats. */
  readonly answers?: Readonly<Record<number, readonly (Answer | Error)[]>>;
  readonly held?: Readonly<Record<number, PageValidator>>;
  /** Contracts that the database does not have. */
  readonly unsettled?: readonly number[];
}

/** Sweeps The Forge against answers from a script. */
async function sweep({ answers = {}, held: kept = {}, unsettled = [] }: Scene) {
  const asked: [page: number, etag: string | null | undefined][] = [];
  const pauses: number[] = [];
  const left = new Map(Object.entries(answers).map(([page, list]) => [Number(page), [...list]]));
  const validators = {
    read: async (urls: readonly string[]) =>
      urls.map((url) => kept[Number(url.replace(`${contractListPath(forge)}?page=`, ''))]),
  };
  const store = { unsettled: async () => ({ contract_ids: unsettled, quarantined: [] }) };
  const urlOf = (path: string, page?: number) => `${path}?page=${page}`;
  const known = await heldPages([forge], { esi: { urlOf }, validators, store });
  const result = await sweepRegion(forge, known.get(forge) ?? new Map(), {
    esi: {
      async request(_path: string, { page = 1, etag }: RequestOptions = {}) {
        asked.push([page, etag]);
        const list = left.get(page) ?? [];
        const answer = list.length > 1 ? list.shift() : list[0];
        if (answer === undefined) throw new Error(`page ${page} was not to be asked for`);
        if (answer instanceof Error) throw answer;
        return answer;
      },
      urlOf,
      wait: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
    now: () => now,
    takeIn: async () => {},
  });
  const ids = [...result.pages.values()].flatMap(({ contract_ids }) => contract_ids);
  return { ...result, ids, asked, pauses };
}

describe('a list that has not expired', () => {
  const unexpired = { expires_at: '2026-03-01T12:00:01.000Z' };

  test('is not asked for', async () => {
    const result = await sweep({ held: { 1: held([1], 2, unexpired), 2: held([2], 2, unexpired) } });
    expect(result).toMatchObject({ outcome: 'fresh', ids: [1, 2], asked: [], problem: null });
    expect(result.answered.size).toBe(0);
  });

  test('is asked for where something that it announced is not here', async () => {
    const result = await sweep({
      held: { 1: held([1], 2, unexpired), 2: held([2], 2, unexpired) },
      unsettled: [2],
      answers: { 2: [ok([2], 2, old)] },
    });
    expect(result).toMatchObject({ outcome: 'complete', ids: [1, 2], asked: [[2, null]] });
  });

  test('is asked for where a page of it is missing', async () => {
    const result = await sweep({ held: { 1: held([1], 2, unexpired) }, answers: { 2: [ok([2], 2, old)] } });
    expect(result).toMatchObject({ outcome: 'complete', asked: [[2, null]] });
  });
});

describe('a list that is about to expire', () => {
  const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

  test('is waited for, so that all its pages are of the next generation', async () => {
    const result = await sweep({
      answers: { 1: [ok([1], 2, old, inSeconds(4)), ok([1], 2)], 2: [ok([2], 2)] },
    });
    expect(result).toMatchObject({ outcome: 'complete', ids: [1, 2], pauses: [4_500] });
    expect(result.asked.map(([page]) => page)).toEqual([1, 1, 2]);
  });

  test('is not waited for where it has one page, which cannot be of two generations', async () => {
    const result = await sweep({ answers: { 1: [ok([1], 1, old, inSeconds(4))] } });
    expect(result).toMatchObject({ outcome: 'complete', pauses: [] });
  });

  test('is not waited for where there is time enough', async () => {
    const result = await sweep({ answers: { 1: [ok([1], 2, old, inSeconds(6))], 2: [ok([2], 2, old)] } });
    expect(result).toMatchObject({ outcome: 'complete', pauses: [] });
  });

  test('is waited for once, even if it is about to expire again', async () => {
    const result = await sweep({ answers: { 1: [ok([1], 2, old, inSeconds(2))], 2: [ok([2], 2, old)] } });
    expect(result).toMatchObject({ outcome: 'complete', pauses: [2_500] });
  });
});

describe('a list that has expired', () => {
  const kept = { 1: held([1], 2), 2: held([2], 2) };

  test('is asked for with its validators, and a 304 counts as seen, whatever headers it leaves out', async () => {
    const result = await sweep({ held: kept, answers: { 1: [unchanged()], 2: [unchanged()] } });
    expect(result).toMatchObject({ outcome: 'complete', ids: [1, 2], problem: null });
    expect(result.asked).toEqual([
      [1, '"held 1"'],
      [2, '"held 2"'],
    ]);
    expect([...result.answered]).toEqual([1, 2]);
    expect(result.pages.get(2)).toMatchObject({ pages: 2, last_modified: old, expires_at: soon.toISOString() });
  });

  test('and of which one page has changed is whole when the other 304 is of the same generation', async () => {
    const answers = { 1: [ok([3], 2)], 2: [unchanged(2, current)] };
    expect(await sweep({ held: kept, answers })).toMatchObject({ outcome: 'complete', ids: [3, 2], pauses: [] });
  });

  test('has no pages past its end', async () => {
    const longer = { 1: held([1], 3), 2: held([2], 3), 3: held([3], 3) };
    const result = await sweep({ held: longer, answers: { 1: [ok([1], 2)], 2: [ok([2], 2)] } });
    expect(result).toMatchObject({ outcome: 'complete', ids: [1, 2] });
    expect(result.asked.map(([page]) => page)).toEqual([1, 2]);
  });

  test('and never was held is asked for without a validator', async () => {
    const result = await sweep({ answers: { 1: [ok([1], 1)] } });
    expect(result).toMatchObject({ outcome: 'complete', asked: [[1, null]] });
  });
});

describe('pages of two generations', () => {
  test('are made whole by asking for the older one again', async () => {
    const result = await sweep({ answers: { 1: [ok([1], 2, old), ok([1], 2)], 2: [ok([2], 2)] } });
    expect(result).toMatchObject({ outcome: 'complete', problem: null });
    expect(result.asked.map(([page]) => page)).toEqual([1, 2, 1]);
    expect(result.pauses).toHaveLength(1);
  });

  test('that stay so are believed after three attempts, as far as they agree', async () => {
    const result = await sweep({ answers: { 1: [ok([10, 14], 2, old)], 2: [ok([20, 24], 2)] } });
    expect(result).toMatchObject({
      outcome: 'complete',
      ids: [20, 24, 10, 14],
      problem: expect.stringMatching(/generation/),
    });
    expect(result.asked.map(([page]) => page)).toEqual([1, 2, 1, 1]);
    expect(result.pauses).toHaveLength(2);
    // Only the newer page proves an absence; between the pages a contract may have moved out of sight.
    expect([9, 12, 17, 22, 25, null].map((id) => result.isAbsent?.(id))).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test('within seconds, as ESI makes one list, are one generation', async () => {
    const seconds = 'Sun, 01 Mar 2026 11:59:51 GMT';
    const result = await sweep({ answers: { 1: [ok([1], 2, seconds)], 2: [ok([2], 2)] } });
    expect(result).toMatchObject({ outcome: 'complete', problem: null, pauses: [] });
    expect(result.isAbsent?.(3)).toBe(true);
  });

  test('within seconds, of a list that lives hardly longer, are two', async () => {
    const soonOver = new Date(now.getTime() + 20_000);
    const seconds = 'Sun, 01 Mar 2026 11:59:57 GMT';
    const result = await sweep({ answers: { 1: [ok([1], 2, seconds, soonOver)], 2: [ok([2], 2, current, soonOver)] } });
    expect(result.problem).toMatch(/generation/);
  });

  test('that were believed are not asked for again until they expire', async () => {
    const unexpired = { expires_at: '2026-03-01T12:00:01.000Z' };
    const answers = { 1: [ok([10], 2, old)], 2: [ok([20], 2)] };
    const first = await sweep({ answers });
    const [one, two] = [1, 2].map((number) => ({ ...(first.pages.get(number) as PageValidator), ...unexpired }));
    if (one === undefined || two === undefined) throw new Error('both pages were seen');
    expect(await sweep({ held: { 1: one, 2: two } })).toMatchObject({ outcome: 'fresh', asked: [] });
  });
});

describe('a list that changes while it is asked for', () => {
  test('and becomes shorter is whole without the removed page', async () => {
    const answers = { 1: [ok([1], 2, old), ok([1], 1)], 2: [past] };
    expect(await sweep({ answers })).toMatchObject({ outcome: 'complete', ids: [1], problem: null });
  });

  test('and becomes longer is whole with the page that is new', async () => {
    const answers = { 1: [ok([1], 2, old), ok([1], 3)], 2: [ok([2], 3)], 3: [ok([3], 3)] };
    const result = await sweep({ answers });
    expect(result.outcome).toBe('complete');
    expect(result.ids.toSorted()).toEqual([1, 2, 3]);
  });

  test.each([
    ['first', { 1: [ok([1, 2], 2), ok([1], 2)], 2: [ok([2], 2)] }],
    ['second', { 1: [ok([1], 2)], 2: [ok([1, 2], 2), ok([2], 2)] }],
  ])('with a contract on two pages is whole when the %s one no longer has it', async (_which, answers) => {
    const result = await sweep({ answers });
    expect(result).toMatchObject({ outcome: 'complete', problem: null });
    expect(result.ids.toSorted()).toEqual([1, 2]);
    expect(result.pauses).toHaveLength(1);
  });

  test('with a contract on two pages for good is believed: the pages agree on what is on none', async () => {
    const result = await sweep({ answers: { 1: [ok([1, 2], 2)], 2: [ok([2], 2)] } });
    expect(result).toMatchObject({ outcome: 'complete', problem: expect.stringMatching(/2 is on two pages/) });
    expect(result.asked.map(([page]) => page)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(result.isAbsent?.(3)).toBe(true);
  });

  test('with a page that always tells another number of pages is believed as far as the others go', async () => {
    const result = await sweep({ answers: { 1: [ok([10, 14], 3)], 2: [ok([20, 24], 4)], 3: [ok([30], 3)] } });
    expect(result).toMatchObject({ outcome: 'complete', problem: expect.stringMatching(/different X-Pages/) });
    expect([12, 22, 31].map((id) => result.isAbsent?.(id))).toEqual([true, false, true]);
  });

  test('with pages of two generations that are not sorted tells of nothing that it left', async () => {
    const result = await sweep({ answers: { 1: [ok([14, 10], 2, old)], 2: [ok([20, 24], 2)] } });
    expect([12, 22, 25].map((id) => result.isAbsent?.(id))).toEqual([false, false, false]);
  });

  test('where a page is always past the end is inconclusive', async () => {
    const result = await sweep({ answers: { 1: [ok([1], 2)], 2: [past] } });
    expect(result).toMatchObject({ outcome: 'inconclusive', ids: [1], problem: expect.stringMatching(/page 2: 404/) });
  });
});

describe('a page that cannot be fetched', () => {
  const fault = new EsiFault('contracts/public/10000002 page 2: 502', 502);

  test('makes the sweep inconclusive at once; its retries are made already', async () => {
    const result = await sweep({ answers: { 1: [ok([1], 2)], 2: [fault] } });
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      ids: [1],
      pauses: [],
      problem: expect.stringMatching(/502/),
    });
    expect([...result.answered]).toEqual([1]);
  });

  test('makes the sweep failed when it is the only one', async () => {
    expect(await sweep({ answers: { 1: [fault] } })).toMatchObject({ outcome: 'failed', ids: [] });
    const refused: Answer = { kind: 'refused', status: 404, reason: 'Region not found' };
    expect(await sweep({ answers: { 1: [refused] } })).toMatchObject({ outcome: 'failed' });
  });

  test.each<[string, Answer]>([
    ['a 304 that was not asked for', unchanged(1, current)],
    ['a body that is no list', { kind: 'ok', body: { error: 'odd' }, ...facts(1, current) }],
  ])('may be %s', async (_what, answer) => {
    expect(await sweep({ answers: { 1: [answer] } })).toMatchObject({ outcome: 'failed', ids: [] });
  });

  test('because the pass ends is not a fault of the sweep', async () => {
    const stop = new StopError('max_requests', 'enough');
    await expect(sweep({ answers: { 1: [ok([1], 2)], 2: [stop] } })).rejects.toBe(stop);
  });
});
