import ms from 'ms';

/** A point in time as every table and every output writes it: `YYYY-MM-DDTHH:MM:SSZ`, UTC; it sorts as text. */
export type Instant = string;

/** Tells the time; a test hands in its own. */
export type Clock = () => Date;

/** Writes a date as an {@link Instant}; a fraction of a second is cut off. */
export function toInstant(date: Date): Instant {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/**
 * The same, or undefined beyond the years 1 to 9999: instants with more digits do not sort as text, and PostgreSQL knows
 * no year 0.
 */
export function storableInstant(date: Date): Instant | undefined {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? toInstant(date) : undefined;
}

/** The {@link Instant} that lies `milliseconds` after `date`. */
export function instantAfter(date: Date, milliseconds: number): Instant {
  return toInstant(new Date(date.getTime() + milliseconds));
}

/** Nothing is put off for longer: ESI makes every answer anew within a day, and so long is the longest delay of ours. */
export const longestDelayMilliseconds = 48 * 60 * 60_000;

/**
 * Whether the time has come that something was put off to. A time too far ahead was set by a clock that has been put
 * right since.
 */
export function hasCome(time: Instant, now: Date): boolean {
  const wait = Date.parse(time) - now.getTime();
  return !(wait > 0 && wait <= longestDelayMilliseconds);
}

/**
 * Reads a duration such as `90s`, `25m`, `2h` or `3d`.
 *
 * @returns milliseconds, or undefined when the text is not a positive duration with a unit
 */
export function parseDuration(text: string): number | undefined {
  if (!/^\d+(\.\d+)?\s*[a-z]+$/i.test(text.trim())) return undefined;
  const milliseconds = ms(text.trim() as ms.StringValue);
  return Number.isFinite(milliseconds) && milliseconds > 0 ? milliseconds : undefined;
}
