import { sql } from 'drizzle-orm';
import ms from 'ms';
import type { Plan } from '../../aggregate/plan.ts';
import type { DatabaseLocation } from '../../store/location.ts';
import { openForQuestions } from '../../store/open.ts';

/** Fewer requests say little of how fast ESI answers. */
const requestsThatTell = 100;

/** A plan for people: requests by route, and how long they take at the pace of the last pass that sent as many as tell. */
export async function planText(databaseUrl: DatabaseLocation, plan: Plan): Promise<string> {
  const total = Object.values(plan).reduce((sum, requests) => sum + requests, 0);
  if (total === 0) return 'a pass would ask for nothing more\n';
  const width = String(total).length;
  const lines = Object.entries(plan).map(([route, requests]) => `${String(requests).padStart(width)}  ${route}\n`);
  const pace = await lastPace(databaseUrl);
  const time =
    pace === undefined ? 'no pass has shown yet how long that takes' : `about ${ms(Math.ceil((total / pace) * 1_000))}`;
  return `${lines.join('')}${total}  requests at least, ${time}\n`;
}

/** Requests a second, with the waits for ESI's limits among them; undefined before a pass that can tell. */
async function lastPace(databaseUrl: DatabaseLocation): Promise<number | undefined> {
  const store = await openForQuestions(databaseUrl);
  try {
    const [run] = await store.read((reader) =>
      reader.all<{ started_at: string; finished_at: string; requests: number }>(sql`
        SELECT started_at, finished_at, requests_total AS requests FROM runs
        WHERE finished_at > started_at AND requests_total >= ${requestsThatTell}
        ORDER BY started_at DESC LIMIT 1`),
    );
    if (run === undefined) return undefined;
    return (Number(run.requests) / (Date.parse(run.finished_at) - Date.parse(run.started_at))) * 1_000;
  } finally {
    await store.close();
  }
}
