import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { parseAmount, parseId, parseWhole } from '../../../src/query/engine/values.ts';
import { parseCount } from '../../../src/setting-values.ts';

describe('amounts', () => {
  it.each([
    ['150m', 150_000_000],
    ['1.5b', 1_500_000_000],
    ['300k', 300_000],
    ['2000', 2_000],
    ['0', 0],
    ['.5m', 500_000],
    ['2T', 2_000_000_000_000],
    ['1.5B', 1_500_000_000],
    [' 20M ', 20_000_000],
    ['99.99', 99.99],
    ['1,000', 1_000],
    ['1,000,000', 1_000_000],
    ['12,500,000.5', 12_500_000.5],
    ['1_000_000', 1_000_000],
    ['1,500m', 1_500_000_000],
    ['1e6', 1_000_000],
    ['2.5E9', 2_500_000_000],
    ['1e+3', 1_000],
  ])('%s is read', (text, amount) => {
    expect(parseAmount(text, '--min-price')).toBe(amount);
  });

  it.each([
    ['8.2m', 8_200_000],
    ['2.01b', 2_010_000_000],
    ['1.005b', 1_005_000_000],
    ['64.1k', 64_100],
    ['16.1k', 16_100],
  ])('%s is exactly what it says, as a price of just that must be found', (text, amount) => {
    expect(parseAmount(text, '--max-price')).toBe(amount);
  });

  it.each([
    '',
    ' ',
    'abc',
    'm',
    '-5',
    '+5',
    '1,00',
    '1,0000',
    ',100',
    '1,000,00',
    '1_00',
    '1e',
    '1e999',
    '1e6m',
    '1,5m',
    '0x10',
    'Infinity',
    'NaN',
    '5mm',
    '5 000',
    '1.',
    '1.5.2',
    '١٥',
  ])('"%s" is refused with an example', (text) => {
    const parse = () => parseAmount(text, '--min-price');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(`--min-price: "${text}" is not an amount; for example --min-price 150m`);
    expect(() => parseWhole(text, '--min-me')).toThrow(
      `--min-me: "${text}" is not a whole number; for example --min-me 10`,
    );
  });

  it('an amount beyond all numbers is refused', () => {
    expect(() => parseAmount('9'.repeat(400), '--max-price')).toThrow(UsageError);
  });
});

describe('ids', () => {
  it('are whole numbers', () => {
    expect(parseId('146119156', '--id')).toBe(146_119_156);
    expect(parseId(' 9007199254740991 ', '--id')).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each(['', 'x', '-1', '1.5', '9007199254740993', '1e5'])('"%s" is refused', (text) => {
    expect(() => parseId(text, '--id')).toThrow(`--id: "${text}" is not an id`);
  });
});

describe('counts', () => {
  it('are whole numbers of zero or more', () => {
    expect(parseCount('0', 0)).toBe(0);
    expect(parseCount('50', 0)).toBe(50);
  });

  it.each(['', '-1', '1.5', 'all', '1e3', '9'.repeat(30)])('"%s" is refused', (text) => {
    expect(() => parseCount(text, 0)).toThrow(`"${text}" is not a whole number of 0 or more`);
  });
});
