/** Response headers: names in lower case, repeated headers joined. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** Milliseconds, or undefined unless the text is a positive, finite number of seconds. */
export function positiveSeconds(text: string | undefined): number | undefined {
  const seconds = Number(text?.trim() || Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
}

/** A finite number of zero or more, or undefined. */
export function amount(text: string | undefined): number | undefined {
  const value = Number(text?.trim() || Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/**
 * Milliseconds from `Retry-After`: a number of seconds or an HTTP date. Other values are ignored.
 *
 * @param now milliseconds since 1970
 */
export function retryAfter(text: string | undefined, now: number): number | undefined {
  const seconds = positiveSeconds(text);
  if (seconds !== undefined || text === undefined) return seconds;
  const date = Date.parse(text);
  return Number.isNaN(date) || date <= now ? undefined : date - now;
}
