import { describe, expect, it } from 'vitest';
import { hasCome, instantAfter, parseDuration, toInstant } from '../src/time.ts';

describe('instants', () => {
  it('are written to the second, in UTC, a fraction cut off', () => {
    expect(toInstant(new Date('2026-03-04T05:06:07.999Z'))).toBe('2026-03-04T05:06:07Z');
    expect(toInstant(new Date('2026-03-04T00:30:00+02:00'))).toBe('2026-03-03T22:30:00Z');
  });

  it('sort as texts as they do as times', () => {
    const dates = [new Date(0), new Date('2003-05-06'), new Date('2026-12-31T23:59:59Z'), new Date('2027-01-01')];
    expect(dates.map(toInstant).toSorted()).toEqual(dates.map(toInstant));
  });

  it('move across days, months and years', () => {
    expect(instantAfter(new Date('2024-02-28T23:59:59Z'), 1_000)).toBe('2024-02-29T00:00:00Z');
    expect(instantAfter(new Date('2027-01-01T00:00:00Z'), -1)).toBe('2026-12-31T23:59:59Z');
  });
});

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['25m', 1_500_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
    ['1.5h', 5_400_000],
    [' 10m ', 600_000],
    ['10 minutes', 600_000],
    ['5M', 300_000],
  ])('%s is read', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '5', 'h', '-5m', '0s', '5x', '1h30m', 'soon', '5,5m', 'Infinity', '1e3s', `${'9'.repeat(400)}d`])(
    '"%s" is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe('a time that something was put off to', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  it.each([
    ['2026-03-01T11:59:59Z', true],
    ['2026-03-01T12:00:00Z', true],
    ['2026-03-01T12:00:01Z', false],
    ['2026-03-03T12:00:00Z', false],
    ['2026-03-03T12:00:01Z', true],
    ['2126-03-01T12:00:00Z', true],
    ['garbled', true],
  ])('%s has come: %s', (time, come) => {
    expect(hasCome(time, now)).toBe(come);
  });
});
