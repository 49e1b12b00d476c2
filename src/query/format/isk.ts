const units = [
  [1e12, 't'],
  [1e9, 'b'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const;

/**
 * An amount of ISK in three digits, as players write it and as filters take it: `1.25b`, `8.2m`, `300k`, `0.01`. Written
 * out rather than left to Intl, whose compact numbers take longer to load than all else that a table needs.
 */
export function shortIsk(amount: number): string {
  const rounded = Number(amount.toPrecision(3));
  const [unit, suffix] = units.find(([size]) => Math.abs(rounded) >= size) ?? [1, ''];
  return `${Number((rounded / unit).toPrecision(3))}${suffix}`;
}

/** To the last digit, with at least two behind the point: `1,250,000,000.00`. */
export function exactIsk(amount: number): string {
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 20 });
}
