import { UsageError } from '../errors.ts';

const multipliers: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** Reads an amount of ISK or a quantity: `150m`, `1.5b`, `300k`, `2000`. */
export function parseAmount(text: string, flag: string): number {
  const [, digits, suffix] = /^(\d+(?:\.\d+)?|\.\d+)([kmbt]?)$/i.exec(text.trim()) ?? [];
  const multiplier = multipliers[suffix?.toLowerCase() ?? ''];
  if (digits === undefined || multiplier === undefined) {
    throw new UsageError(`${flag}: "${text}" is not an amount; for example ${flag} 150m, 1.5b, 300k or 2000`);
  }
  return Number(digits) * multiplier;
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
