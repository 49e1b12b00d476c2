const minuteMilliseconds = 60_000;
const dayMilliseconds = 24 * 60 * minuteMilliseconds;

/** A daily period in UTC, in milliseconds since midnight. */
export interface Downtime {
  readonly from: number;
  readonly to: number;
}

/**
 * EVE goes down every day at 11:00 UTC for about a quarter of an hour; the margin protects requests that are sent just
 * before.
 */
export const dailyDowntime: Downtime = { from: at(10, 58), to: at(11, 15) };

/** The end of the current downtime; undefined outside of one. */
export function downtimeEnd(now: Date, downtime: Downtime | undefined): Date | undefined {
  if (downtime === undefined) return undefined;
  const midnight = Math.floor(now.getTime() / dayMilliseconds) * dayMilliseconds;
  const time = now.getTime() - midnight;
  return time >= downtime.from && time < downtime.to ? new Date(midnight + downtime.to) : undefined;
}

/** Parses `10:58-11:15`; undefined unless the text is a period within a day. */
export function parseDowntime(text: string): Downtime | undefined {
  const [, ...numbers] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = numbers.map(Number);
  const downtime = { from: at(fromHour, fromMinute), to: at(toHour, toMinute) };
  return downtime.from < downtime.to ? downtime : undefined;
}

/** The inverse of {@link parseDowntime}. */
export function downtimeText({ from, to }: Downtime): string {
  return [from, to].map((time) => new Date(time).toISOString().slice(11, 16)).join('-');
}

function at(hour: number, minute: number): number {
  return (hour * 60 + minute) * minuteMilliseconds;
}
