import { describe, expect, test } from 'vitest';
import {
  disagreement,
  newPage,
  type Page,
  type Pages,
  pagesToAsk,
  unchangedPage,
} from '../../src/aggregate/lists/page.ts';
import { type AnswerFacts, rowsPerPage } from '../../src/esi/answer.ts';
import { contractRow, forge } from '../helpers/esi-rows.ts';

const generation = 'Sun, 01 Mar 2026 12:00:00 GMT';
const nextGeneration = 'Sun, 01 Mar 2026 12:30:00 GMT';
const expiry = new Date('2026-03-01T12:30:00.500Z');
const before = new Date('2026-03-01T12:30:00.499Z');

function page(contract_ids: number[], given: Partial<Page> = {}): Page {
  const facts = { etag: '"1"', last_modified: generation, expires_at: expiry.toISOString(), pages: 1 };
  return { ...facts, contract_ids, quarantined: [], ...given };
}

/** Pages numbered from 1; each has the total as X-Pages by default. */
function pagesOf(...pages: (Page | undefined)[]): Pages {
  const numbered = pages.map((entry, index) => [index + 1, entry && { ...entry }] as const);
  return new Map(numbered.flatMap(([number, entry]) => (entry === undefined ? [] : [[number, entry]])));
}

const two = { pages: 2 };
const full = Array.from({ length: rowsPerPage }, (_, index) => index + 1);

describe('pages make one whole', () => {
  test.each<[string, Pages]>([
    ['when all are there and of one generation', pagesOf(page([1], two), page([2], two))],
    ['when the only one is empty', pagesOf(page([]))],
    ['when X-Pages says none', pagesOf(page([], { pages: 0 }))],
    ['when X-Pages is missing and the only one is not full', pagesOf(page([1], { pages: null }))],
  ])('%s', (_when, pages) => {
    expect(disagreement(pages)).toBeNull();
    expect(pagesToAsk(pages, before)).toEqual([]);
  });

  test('is not so when none answered', () => {
    expect(disagreement(new Map())).toMatch(/no page/);
    expect(pagesToAsk(new Map(), before)).toEqual([1]);
  });

  test.each<[string, Pages, RegExp, number[]]>([
    ['one is missing', pagesOf(page([1], two)), /page 2 of 2 is missing/, [2]],
    ['one is empty', pagesOf(page([1], two), page([], two)), /page 2 of 2 is empty/, [2]],
    ['the first is missing', pagesOf(undefined, page([2], two)), /page 1 of 2 is missing/, [1]],
    [
      'one is of an older generation',
      pagesOf(page([1], { ...two, last_modified: nextGeneration }), page([2], two)),
      /page 2 is of a different generation/,
      [2],
    ],
    [
      'the first is of an older generation',
      pagesOf(page([1], two), page([2], { ...two, last_modified: nextGeneration })),
      /page 1 is of a different generation/,
      [1],
    ],
    [
      'one has no Last-Modified',
      pagesOf(page([1], two), page([2], { ...two, last_modified: null })),
      /generation/,
      [2],
    ],
    ['one tells another X-Pages', pagesOf(page([1], two), page([2], { pages: 3 })), /a different X-Pages/, [2]],
    ['a contract is on two', pagesOf(page([1, 7], two), page([7], two)), /contract 7 is on two pages/, [1, 2]],
    ['X-Pages is missing from a full one', pagesOf(page(full, { pages: null })), /X-Pages is missing/, [1]],
  ])('is not so when %s, which is then asked for', (_when, pages, problem, numbers) => {
    expect(disagreement(pages)).toMatch(problem);
    expect(pagesToAsk(pages, before)).toEqual(numbers);
  });

  test('is not so when several have no Last-Modified at all, since nothing says that they belong together', () => {
    const undated = { ...two, last_modified: null };
    expect(disagreement(pagesOf(page([1], undated), page([2], undated)))).not.toBeNull();
  });

  test('does not depend on pages past the end', () => {
    const past = pagesOf(
      page([1], { ...two, last_modified: nextGeneration }),
      page([2], { ...two, last_modified: nextGeneration }),
      page([2], { pages: 3 }),
    );
    expect(disagreement(past)).toBeNull();
  });
});

describe('a page that has expired', () => {
  test('is asked for from the moment of its expiry', () => {
    const pages = pagesOf(page([1], two), page([2], { ...two, expires_at: '2026-03-01T13:00:00.000Z' }));
    expect(pagesToAsk(pages, before)).toEqual([]);
    expect(pagesToAsk(pages, expiry)).toEqual([1]);
  });
});

describe('a page with a body', () => {
  const facts: AnswerFacts = { etag: '"1"', lastModified: generation, expiresAt: expiry, pages: 1 };

  test('has its contracts and its unusable rows, each once', () => {
    const bad = contractRow({ contract_id: 2, issuer_id: null });
    const body = [contractRow({ contract_id: 1 }), bad, contractRow({ contract_id: 1, price: 7 }), bad, null];
    const read = newPage(forge, { ...facts, body });
    expect(read.page.contract_ids).toEqual([1]);
    expect(read.rows.listed).toMatchObject([{ row: body[0], contract: { contract_id: 1, price: 150_000_000 } }]);
    expect(read.rows.quarantined).toMatchObject([
      { contract_id: 2, row: bad, reason: expect.stringMatching(/^issuer_id: /) },
      { contract_id: null, row: null },
    ]);
    expect(read.page.quarantined).toEqual(read.rows.quarantined.map(({ backlog_key }) => backlog_key));
  });

  test('gives a row that cannot be used the same key in every sweep, and another in another region', () => {
    const keyIn = (region: number, row: unknown) => newPage(region, { ...facts, body: [row] }).page.quarantined[0];
    expect(keyIn(forge, { a: 1 })).toBe(keyIn(forge, { a: 1 }));
    expect(keyIn(forge, { a: 1 })).not.toBe(keyIn(forge, { a: 2 }));
    expect(keyIn(forge, { a: 1 })).not.toBe(keyIn(10_000_043, { a: 1 }));
  });

  test.each([[{}], [null], ['[]'], [7]])('that is not a list (%j) is a fault', (body) => {
    expect(() => newPage(forge, { ...facts, body })).toThrow(/not a list/);
  });
});

describe('a page that is unchanged', () => {
  const held = page([1, 2], { pages: 3, quarantined: ['row:1'] });
  const silent: AnswerFacts = {
    etag: null,
    lastModified: null,
    expiresAt: new Date('2026-03-01T13:00:00Z'),
    pages: null,
  };

  test('keeps what the 304 leaves out, and lives longer', () => {
    const expected = { ...held, expires_at: '2026-03-01T13:00:00.000Z', isUndated: true };
    expect(unchangedPage(held, silent)).toEqual(expected);
  });

  test('takes over what the 304 says', () => {
    const told = unchangedPage(held, { ...silent, etag: '"2"', lastModified: nextGeneration, pages: 4 });
    expect(told).toMatchObject({ etag: '"2"', last_modified: nextGeneration, pages: 4, contract_ids: [1, 2] });
  });

  test('that was never held is a fault', () => {
    expect(() => unchangedPage(undefined, silent)).toThrow(/304/);
  });
});
