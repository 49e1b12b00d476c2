import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { connect, execute } from './connection.ts';

/** A statement that has no answer for so long raises the question whether the server still hears us. */
const silenceMilliseconds = 20_000;
const probeMilliseconds = 5_000;

/**
 * Waits for work on a connection. A firewall may forget a connection, or a network fall silent, without a word to either
 * side: then no answer ever comes. Another connection tells whether the server is still at work for us.
 *
 * @param giveUp ends the silent connection, and with it the work
 */
export async function unlessSilent<Result>(url: string, giveUp: () => void, work: Promise<Result>): Promise<Result> {
  const ended = new AbortController();
  void watch(url, giveUp, ended.signal);
  try {
    return await work;
  } finally {
    ended.abort();
  }
}

async function watch(url: string, giveUp: () => void, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await sleep(silenceMilliseconds, undefined, { signal: ended, ref: false }).catch(() => {});
    if (ended.aborted) return;
    if (await isAtWork(url)) continue;
    if (!ended.aborted) giveUp();
    return;
  }
}

/** Whether the server answers, and has something to do for this user. */
async function isAtWork(url: string): Promise<boolean> {
  const probe = connect(url, { connections: 1 });
  const question = sql`
    SELECT count(*) AS active FROM pg_stat_activity
    WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'`;
  const timeout = new AbortController();
  try {
    const rows = await Promise.race([
      execute<{ active: number }>(probe, question, false),
      sleep(probeMilliseconds, undefined, { signal: timeout.signal }),
    ]);
    return Number(rows?.[0]?.active ?? 0) > 0;
  } catch {
    return false;
  } finally {
    timeout.abort();
    void probe.end({ timeout: 0 }).catch(() => {});
  }
}
