import ms from 'ms';

/** A point in time in the format of all tables and outputs: `YYYY-MM-DDTHH:MM:SSZ`, UTC; it sorts as text. */
export type Instant = string;

/** Returns the current time; tests supply their own. */
export type Clock = () => Date;

/** Converts a date to an {@link Instant}, without fractions of a second. */
export function toInstant(date: Date): Instant {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/**
 * The same, or undefined beyond the years 1 to 9999: longer instants do not sort as text, and PostgreSQL has no year 0.
 */
export function storableInstant(date: Date): Instant | undefined {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? toInstant(date) : undefined;
}

/** The {@link Instant} that lies `milliseconds` after `date`. */
export function instantAfter(date: Date, milliseconds: number): Instant {
  return toInstant(new Date(date.getTime() + milliseconds));
}

/** The maximum plausible delay: ESI's answers expire within a day, and our longest delay is a day as well. */
export const longestDelayMilliseconds = 48 * 60 * 60_000;

/** Whether a scheduled time has come. A time too far ahead was set by a wrong clock. */
export function hasCome(time: Instant, now: Date): boolean {
  const wait = Date.parse(time) - now.getTime();
  return !(wait > 0 && wait <= longestDelayMilliseconds);
}

/**
 * Parses a duration such as `90s`, `25m`, `2h` or `3d`.
 *
 * @returns milliseconds, or undefined when the text is not a positive duration with a unit
 */
export function parseDuration(text: string): number | undefined {
  if (!/^\d+(\.\d+)?\s*[a-z]+$/i.test(text.trim())) return undefined;
  const milliseconds = ms(text.trim() as ms.StringValue);
  return Number.isFinite(milliseconds) && milliseconds > 0 ? milliseconds : undefined;
}
