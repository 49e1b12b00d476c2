import { sql } from 'drizzle-orm';
import ms from 'ms';
import type { Plan } from '../../aggregate/plan.ts';
import type { DatabaseLocation } from '../../store/location.ts';
import { openForQueries } from '../../store/open.ts';

/** With fewer requests, a pass's pace is too inaccurate. */
const minimumRequests = 100;

/** A plan as text: requests by route, and their duration at the pace of the last pass with enough requests. */
export async function planText(databaseUrl: DatabaseLocation, plan: Plan): Promise<string> {
  const total = Object.values(plan).reduce((sum, requests) => sum + requests, 0);
  if (total === 0) return 'a pass would send no more requests\n';
  const width = String(total).length;
  const lines = Object.entries(plan).map(([route, requests]) => `${String(requests).padStart(width)}  ${route}\n`);
  const pace = await lastPace(databaseUrl);
  const time =
    pace === undefined
      ? 'duration unknown: no pass has sent enough requests yet'
      : `about ${ms(Math.ceil((total / pace) * 1_000))}`;
  return `${lines.join('')}${total}  requests at least, ${time}\n`;
}

/** Requests per second, including the waits for ESI's limits; undefined without a pass that sent enough. */
async function lastPace(databaseUrl: DatabaseLocation): Promise<number | undefined> {
  const store = await openForQueries(databaseUrl);
  try {
    const [run] = await store.read((reader) =>
      reader.all<{ started_at: string; finished_at: string; requests: number }>(sql`
        SELECT started_at, finished_at, requests_total AS requests FROM runs
        WHERE finished_at > started_at AND requests_total >= ${minimumRequests}
        ORDER BY started_at DESC LIMIT 1`),
    );
    if (run === undefined) return undefined;
    return (Number(run.requests) / (Date.parse(run.finished_at) - Date.parse(run.started_at))) * 1_000;
  } finally {
    await store.close();
  }
}
