import { UsageError } from '../../errors.ts';
import { didYouMean, nearestNames } from '../../nearest.ts';
import { type Instant, parseDuration, storableInstant } from '../../time.ts';

const exponents: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6, b: 9, t: 12 };

/** Reads an amount of ISK or a quantity: `150m`, `1.5b`, `300k`, `2000`, `2,000,000`, `1e6`. */
export function parseAmount(text: string, flag: string): number {
  const amount = amountOf(text);
  if (amount !== undefined) return amount;
  throw new UsageError(`${flag}: "${text}" is not an amount; for example ${flag} 150m, 1.5b, 300k or 2000`);
}

/** Like {@link parseAmount}, also for negative amounts. */
export function parseSignedAmount(text: string, flag: string): number {
  const [, sign = '', rest = ''] = /^\s*(-?)(.*)$/s.exec(text) ?? [];
  const amount = amountOf(rest);
  // Zero has no sign, because PostgreSQL distinguishes -0 from 0.
  if (amount !== undefined) return sign === '' || amount === 0 ? amount : -amount;
  return parseAmount(text, flag);
}

/** Digits in groups of three. */
const grouped = /^\d{1,3}(?:,\d{3})+(?![\d,])|^\d{1,3}(?:_\d{3})+(?![\d_])/;

function amountOf(text: string): number | undefined {
  const plain = text.trim().replace(grouped, (digits) => digits.replaceAll(/[,_]/g, ''));
  const [, mantissa, exponent] = /^(\d+(?:\.\d+)?)e\+?(\d{1,3})$/i.exec(plain) ?? [];
  if (exponent !== undefined) {
    const amount = Number(`${mantissa}e${exponent}`);
    return Number.isFinite(amount) ? amount : undefined;
  }
  const [, digits, suffix] = /^(\d+(?:\.\d+)?|\.\d+)([kmbt]?)$/i.exec(plain) ?? [];
  // Computed as text: 8.2 times a million is not 8,200,000 in floating point, but 8.2e6 is.
  const amount = Number(`${digits}e${exponents[suffix?.toLowerCase() ?? '']}`);
  return Number.isFinite(amount) ? amount : undefined;
}

/** Reads a whole number: runs, research levels. */
export function parseWhole(text: string, flag: string): number {
  const whole = wholeIn(text);
  if (whole !== undefined) return whole;
  throw new UsageError(`${flag}: "${text}" is not a whole number; for example ${flag} 10`);
}

/** The same, or undefined if the text is not a whole number. */
export function wholeIn(text: string): number | undefined {
  const amount = amountOf(text);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

export function parseId(text: string, flag: string): number {
  const id = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw new UsageError(`${flag}: "${text}" is not an id; for example ${flag} 146119156`);
  return id;
}

/** A day, or an instant by RFC 3339; a space may replace the `T`, as the RFC allows. */
const rfc3339 = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?$/i;

/**
 * Reads an instant, or a duration relative to now.
 *
 * @param direction whether a duration leads into the past or into the future
 */
export function parseInstant(text: string, flag: string, now: Instant, direction: 'ago' | 'ahead'): Instant {
  const trimmed = text.trim();
  const duration = parseDuration(trimmed);
  const time =
    duration === undefined ? instantOf(trimmed) : Date.parse(now) + (direction === 'ago' ? -duration : duration);
  // Stored instants have whole seconds: a fraction is rounded up for times since the bound, and down for times before it.
  const seconds = direction === 'ago' ? Math.ceil(time / 1_000) : Math.floor(time / 1_000);
  const instant = storableInstant(new Date(seconds * 1_000));
  if (instant !== undefined) return instant;
  throw new UsageError(
    `${flag}: "${text}" is neither a duration nor an instant; for example ${flag} 2h, ${flag} 3d or ${flag} ${now}`,
  );
}

function instantOf(text: string): number {
  if (!rfc3339.test(text)) return Number.NaN;
  const time = Date.parse(text.toUpperCase().replace(' ', 'T'));
  // JavaScript reads the 30th of February as a day in March.
  const day = Number(text.slice(8, 10));
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day <= lastDay ? time : Number.NaN;
}

/** @throws {UsageError} when the value is not one of the choices */
export function requireChoice(flag: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const hint = didYouMean(nearestNames(value, choices));
  throw new UsageError(`${flag}: "${value}" is not one of ${choices.join(', ')}${hint}`);
}
