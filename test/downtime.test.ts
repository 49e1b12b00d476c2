import { describe, expect, test } from 'vitest';
import { dailyDowntime, downtimeEnd, downtimeText, parseDowntime } from '../src/eve/downtime.ts';

describe('the daily downtime', () => {
  test.each([
    ['2026-03-01T10:57:59.999Z', undefined],
    ['2026-03-01T10:58:00.000Z', '2026-03-01T11:15:00.000Z'],
    ['2026-12-31T11:14:59.999Z', '2026-12-31T11:15:00.000Z'],
    ['2026-03-01T11:15:00.000Z', undefined],
    ['2026-03-01T23:00:00.000Z', undefined],
  ])('at %s ends at %s', (now, end) => {
    expect(downtimeEnd(new Date(now), dailyDowntime)?.toISOString()).toBe(end);
  });

  test('does not exist when disabled', () => {
    expect(downtimeEnd(new Date('2026-03-01T11:05:00Z'), undefined)).toBeUndefined();
  });

  test.each(['', '11:00', '11:15-11:00', '11:00-11:00', '24:00-24:30', '1:00-2:00', '11:00-11:60', 'eleven-twelve'])(
    'cannot be "%s"',
    (text) => {
      expect(parseDowntime(text)).toBeUndefined();
    },
  );

  test('has a text form', () => {
    expect(parseDowntime('10:58-11:15')).toEqual(dailyDowntime);
    expect(downtimeText(dailyDowntime)).toBe('10:58-11:15');
  });
});
