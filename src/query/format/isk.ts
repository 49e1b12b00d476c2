const units = [
  [1e12, 't'],
  [1e9, 'b'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const;

/**
 * An amount of ISK with three digits, as players write it and filters accept it: `1.25b`, `8.2m`, `300k`, `0.01`. Not
 * done with Intl, whose compact notation takes longer to load than the rest of a table.
 */
export function shortIsk(amount: number): string {
  const rounded = Number(amount.toPrecision(3));
  const [unit, suffix] = units.find(([size]) => Math.abs(rounded) >= size) ?? [1, ''];
  return `${Number((rounded / unit).toPrecision(3))}${suffix}`;
}

/** The exact amount, with at least two decimals: `1,250,000,000.00`. */
export function exactIsk(amount: number): string {
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 20 });
}
