import { UsageError } from '../errors.ts';

const exponents: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6, b: 9, t: 12 };

/** Reads an amount of ISK or a quantity: `150m`, `1.5b`, `300k`, `2000`. */
export function parseAmount(text: string, flag: string): number {
  const [, digits, suffix] = /^(\d+(?:\.\d+)?|\.\d+)([kmbt]?)$/i.exec(text.trim()) ?? [];
  // Put together as text: 8.2 times a million is not 8,200,000 in floating point, but 8.2e6 is.
  const amount = Number(`${digits}e${exponents[suffix?.toLowerCase() ?? '']}`);
  if (!Number.isFinite(amount)) {
    throw new UsageError(`${flag}: "${text}" is not an amount; for example ${flag} 150m, 1.5b, 300k or 2000`);
  }
  return amount;
}

export function parseId(text: string, flag: string): number {
  const id = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw new UsageError(`${flag}: "${text}" is not an id; for example ${flag} 146119156`);
  return id;
}

/** A whole number of zero or more. */
export function parseCount(text: string, flag: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(count)) throw new UsageError(`${flag}: "${text}" is not a whole number of 0 or more`);
  return count;
}

/** A pattern for LIKE with `ESCAPE '\'` that finds the text anywhere. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
