import { describe, expect, test } from 'vitest';
import { expiryOf } from '../../src/esi/expiry.ts';

const receivedAt = new Date('2026-03-01T12:00:00.250Z');

/** Seconds between the arrival of an answer and its expiry. */
function lifetime(headers: Record<string, string>): number {
  return (expiryOf({ headers, receivedAt }).getTime() - receivedAt.getTime()) / 1_000;
}

const date = 'Sun, 01 Mar 2026 11:00:00 GMT';
const halfAnHourLater = 'Sun, 01 Mar 2026 11:30:00 GMT';

describe('Expires', () => {
  test("counts from the server's own Date, so a wrong local clock does no harm", () => {
    expect(lifetime({ date, expires: halfAnHourLater })).toBe(1_800);
  });

  test('counts from the local clock where Date is absent or no date', () => {
    const expires = 'Sun, 01 Mar 2026 12:10:00 GMT';
    expect(lifetime({ expires })).toBe(599.75);
    expect(lifetime({ expires, date: 'yesterday' })).toBe(599.75);
  });

  test.each([
    ['absent', {}],
    ['no date', { date, expires: 'later' }],
    ['in the past', { date, expires: 'Sun, 01 Mar 2026 10:00:00 GMT' }],
    ['now', { date, expires: date }],
  ])('%s means a second', (_what, headers) => {
    expect(lifetime(headers)).toBe(1);
  });
});

describe('max-age', () => {
  test('comes before Expires', () => {
    expect(lifetime({ 'cache-control': 'public, max-age=300, must-revalidate', date, expires: halfAnHourLater })).toBe(
      300,
    );
  });

  test('counts from when the answer was made, by Age', () => {
    expect(lifetime({ 'cache-control': 'max-age=300', age: '100' })).toBe(200);
  });

  test('is complete when Age is not a number', () => {
    expect(lifetime({ 'cache-control': 'max-age=300', age: 'old' })).toBe(300);
  });

  test('that Age has used up means a second', () => {
    expect(lifetime({ 'cache-control': 'max-age=300', age: '301' })).toBe(1);
  });

  test('may be written in capitals', () => {
    expect(lifetime({ 'cache-control': 'Public,Max-Age=60' })).toBe(60);
  });

  test.each(['public', 'max-age=soon', 'max-age=', 'max-age=-5', 's-maxage=60', 'x-max-age=60'])(
    'is absent in "%s", so Expires counts',
    (cacheControl) => {
      expect(lifetime({ 'cache-control': cacheControl, date, expires: halfAnHourLater })).toBe(1_800);
    },
  );
});

describe('a lifetime', () => {
  test.each([
    { 'cache-control': 'max-age=31536000' },
    { 'cache-control': `max-age=${'9'.repeat(400)}` },
    { date, expires: 'Fri, 31 Dec 9999 23:59:59 GMT' },
    { date: 'Thu, 01 Jan 1970 00:00:00 GMT', expires: 'Sat, 01 Jan 275760 00:00:00 GMT' },
    { 'cache-control': 'max-age=1', age: '-1e300' },
  ])('that nothing of ESI has is not believed beyond two days: %j', (headers) => {
    expect(lifetime(headers)).toBe(2 * 86_400);
  });
});
