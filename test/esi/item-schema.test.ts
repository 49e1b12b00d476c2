import { describe, expect, test } from 'vitest';
import { parseItem } from '../../src/esi/routes/contract-items.ts';
import { itemOf, itemRow } from '../helpers/esi-rows.ts';

const optional = ['item_id', 'material_efficiency', 'time_efficiency', 'runs'] as const;

/** Why a row is malformed; null if it is valid. */
function reasonOf(row: unknown): string | null {
  const parsed = parseItem(row);
  return parsed.ok ? null : parsed.reason;
}

test("a row is taken over with ESI's names", () => {
  const row = itemRow({ is_blueprint_copy: true, material_efficiency: 10, time_efficiency: 20, runs: 5 });
  expect(itemOf(row)).toEqual(row);
});

describe('a required field', () => {
  test.each(['record_id', 'type_id', 'quantity', 'is_included'])(
    '%s that is absent, null or of another type makes the row unusable, by name',
    (field) => {
      for (const value of [undefined, null, {}, '1', field === 'is_included' ? 1 : true]) {
        expect(reasonOf(itemRow({ [field]: value }))).toMatch(new RegExp(`^${field}: `));
      }
    },
  );

  test.each(['record_id', 'type_id'])('%s is a whole, positive number that is held exactly', (field) => {
    for (const id of [2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      expect(itemOf(itemRow({ [field]: id }))).toMatchObject({ [field]: id });
    }
    for (const id of [0, -1, 1.5, Number.MAX_SAFE_INTEGER + 1]) {
      expect(reasonOf(itemRow({ [field]: id }))).toMatch(new RegExp(`^${field}: `));
    }
  });
});

describe('an optional field', () => {
  test.each(optional)('%s that is absent or null is null, never zero', (field) => {
    expect(itemOf(itemRow({ [field]: undefined }))[field]).toBeNull();
    expect(itemOf(itemRow({ [field]: null }))[field]).toBeNull();
  });

  test.each(optional)('%s of another type makes the row unusable', (field) => {
    expect(reasonOf(itemRow({ [field]: 'seven' }))).toMatch(new RegExp(`^${field}: `));
  });

  test('runs of -1, as the specification has it for originals, is taken as it is', () => {
    expect(itemOf(itemRow({ runs: -1 })).runs).toBe(-1);
  });
});

describe('is_blueprint_copy', () => {
  test.each([
    [undefined, false],
    [null, false],
    [false, false],
    [true, true],
  ])('%s is %s', (sent, taken) => {
    expect(itemOf(itemRow({ is_blueprint_copy: sent })).is_blueprint_copy).toBe(taken);
  });
});

test('an unknown field is left out', () => {
  expect(itemOf({ ...itemRow(), raw_quantity: -2 })).toEqual(itemOf(itemRow()));
});

test.each([[null], [7], ['an item'], [[]]])('%j is not a row', (row) => {
  expect(reasonOf(row)).not.toBeNull();
});
