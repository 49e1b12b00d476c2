import { describe, expect, test } from 'vitest';
import { contractIdOf, parseContract } from '../../src/esi/routes/contract-list.ts';
import { contractOf, contractRow } from '../helpers/esi-rows.ts';

const required = ['contract_id', 'type', 'date_issued', 'date_expired', 'issuer_id', 'issuer_corporation_id'] as const;
const optional = [
  'title',
  'price',
  'reward',
  'collateral',
  'buyout',
  'volume',
  'days_to_complete',
  'start_location_id',
  'end_location_id',
] as const;
const ids = ['contract_id', 'issuer_id', 'issuer_corporation_id', 'start_location_id', 'end_location_id'] as const;
const dates = ['date_issued', 'date_expired'] as const;

/** Why a row is malformed; null if it is valid. */
function reasonOf(row: unknown): string | null {
  const parsed = parseContract(row);
  return parsed.ok ? null : parsed.reason;
}

test("a row is taken over with ESI's names", () => {
  const row = contractRow({ buyout: 200_000_000, for_corporation: true });
  expect(contractOf(row)).toEqual(row);
});

describe('a required field', () => {
  test.each(required)('%s that is absent, null or of another type makes the row unusable, by name', (field) => {
    for (const value of [undefined, null, {}, [], true, field.endsWith('_id') ? '1' : 1]) {
      expect(reasonOf(contractRow({ [field]: value }))).toMatch(new RegExp(`^${field}: `));
    }
  });

  test('is named with all other mistakes', () => {
    expect(reasonOf(contractRow({ contract_id: -1, issuer_id: null }))).toMatch(/contract_id: .*; issuer_id: /);
  });
});

describe('an optional field', () => {
  test.each(optional)('%s that is absent or null is null, never zero', (field) => {
    expect(contractOf(contractRow({ [field]: undefined }))[field]).toBeNull();
    expect(contractOf(contractRow({ [field]: null }))[field]).toBeNull();
  });

  test.each(optional)('%s of another type makes the row unusable', (field) => {
    expect(reasonOf(contractRow({ [field]: field === 'title' ? 7 : 'seven' }))).toMatch(new RegExp(`^${field}: `));
  });

  test.each(['price', 'reward', 'collateral', 'buyout', 'volume', 'days_to_complete'])('%s may be zero', (field) => {
    expect(contractOf(contractRow({ [field]: 0 }))).toMatchObject({ [field]: 0 });
  });
});

describe('for_corporation', () => {
  test.each([
    [undefined, false],
    [null, false],
    [false, false],
    [true, true],
  ])('%s is %s', (sent, taken) => {
    expect(contractOf(contractRow({ for_corporation: sent })).for_corporation).toBe(taken);
  });

  test('of another type makes the row unusable', () => {
    expect(reasonOf(contractRow({ for_corporation: 'yes' }))).toMatch(/^for_corporation: /);
  });
});

describe('ids', () => {
  test.each(ids)('%s may be as large as a number holds exactly, and not larger', (field) => {
    for (const id of [1, 2 ** 31, 2 ** 32, 1_040_000_000_001, Number.MAX_SAFE_INTEGER]) {
      expect(contractOf(contractRow({ [field]: id }))[field]).toBe(id);
    }
    expect(reasonOf(contractRow({ [field]: Number.MAX_SAFE_INTEGER + 1 }))).toMatch(new RegExp(`^${field}: `));
  });

  test.each(ids)('%s is a whole, positive number', (field) => {
    for (const id of [0, -1, 1.5]) {
      expect(reasonOf(contractRow({ [field]: id }))).toMatch(new RegExp(`^${field}: `));
    }
  });

  test('of a contract is known even where the rest of its row cannot be used', () => {
    expect(contractIdOf(contractRow({ issuer_id: null }))).toBe(227_000_001);
    expect(contractIdOf(contractRow({ contract_id: '227000001' }))).toBeNull();
    expect(contractIdOf('227000001')).toBeNull();
  });
});

describe('texts', () => {
  test.each([
    ['a NUL becomes U+FFFD', 'a\0b\0', 'a\uFFFDb\uFFFD'],
    ['half a surrogate pair becomes U+FFFD', 'a\uD83Db\uDE80', 'a\uFFFDb\uFFFD'],
    ['a whole surrogate pair is kept', 'to the moon 🚀', 'to the moon 🚀'],
    ['control characters and markup are kept', '\u001b[31m<b>\r\n\t"', '\u001b[31m<b>\r\n\t"'],
    ['blanks at the ends are kept', '  a  ', '  a  '],
    ['an empty title is kept', '', ''],
  ])('%s', (_what, sent, taken) => {
    expect(contractOf(contractRow({ title: sent })).title).toBe(taken);
  });
});

describe('amounts', () => {
  test.each(['price', 'reward', 'collateral', 'buyout', 'volume'])('%s of any size that can be is taken', (field) => {
    for (const amount of [0, -1, 0.01, 1e-310, 999_999_999_999.99, 1e100]) {
      expect(contractOf(contractRow({ [field]: amount }))).toMatchObject({ [field]: amount });
    }
  });

  test.each(['price', 'volume'])('%s that no database can reckon with makes the row unusable', (field) => {
    for (const amount of [1e101, -1e308]) {
      expect(reasonOf(contractRow({ [field]: amount }))).toMatch(new RegExp(`^${field}: `));
    }
  });
});

describe('dates', () => {
  test.each(dates)('%s is written in UTC without a fraction, however it came', (field) => {
    for (const date of ['2026-03-01T12:30:00+02:30', '2026-03-01T10:00:00.999Z', '2026-03-01T05:00:00-05:00']) {
      expect(contractOf(contractRow({ [field]: date }))[field]).toBe('2026-03-01T10:00:00Z');
    }
  });

  test.each(dates)('an invalid %s makes the row unusable', (field) => {
    const wrong = ['', 'soon', '2026-03-01', '2026-02-30T10:00:00Z', '2026-03-01T25:00:00Z', '2026-03-01T10:00:00'];
    for (const date of wrong) {
      expect(reasonOf(contractRow({ [field]: date }))).toMatch(new RegExp(`^${field}: `));
    }
  });

  test.each(['9999-12-31T23:59:59-01:00', '0000-01-01T00:00:00+01:00'])(
    '%s, whose year in UTC has not four digits, makes the row unusable',
    (date) => {
      expect(reasonOf(contractRow({ date_expired: date }))).toMatch(/^date_expired: /);
    },
  );
});

describe('what ESI may add', () => {
  test('an unknown type is kept', () => {
    expect(contractOf(contractRow({ type: 'ransom' })).type).toBe('ransom');
  });

  test('an unknown field is left out', () => {
    expect(contractOf({ ...contractRow(), surprise: { deep: true } })).toEqual(contractOf(contractRow()));
  });

  test('an empty type makes the row unusable', () => {
    expect(reasonOf(contractRow({ type: '' }))).toMatch(/^type: /);
  });
});

test.each([[null], [7], ['a contract'], [[]], [[contractRow()]]])('%j is not a row', (row) => {
  expect(reasonOf(row)).not.toBeNull();
});
