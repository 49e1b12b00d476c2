import { addressInUse, addressOf, type Client, connect, giveUpAll } from './connection.ts';
import { codeOf, tooManyConnections } from './errors.ts';

/** A statement that has no answer for so long raises the question whether the server still hears us. */
const silenceMilliseconds = 20_000;
const probeMilliseconds = 5_000;

/**
 * Watches a statement that is under way. A firewall may forget a connection, or a network fall silent, without a word to
 * either side: then no answer ever comes. Another connection tells whether the server is still at work on the statement.
 *
 * @param processId of the server's process that has the statement; undefined while it waits for a connection
 * @returns ends the watch
 */
export function watch(processId: () => number | undefined): () => void {
  const url = addressInUse();
  let isEnded = false;
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(check, silenceMilliseconds);
    timer.unref();
  };
  async function check(): Promise<void> {
    const pid = processId();
    const isAlive = pid === undefined || (await isAtWork(url, pid));
    if (isEnded) return;
    if (isAlive) wait();
    else giveUpAll();
  }
  wait();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}

/** The process that has a query, by what the driver was told of it; undefined while it waits for a connection. */
export function processIdOf(query: Promise<unknown>): number | undefined {
  return (query as unknown as { readonly state?: { readonly pid?: number } | null }).state?.pid;
}

/** Whether a pooler answers in the server's place: it gives out process ids of its own. */
export async function isBehindPooler(client: Client): Promise<boolean> {
  const asked = client<{ own: number }[]>`SELECT pg_backend_pid() AS own`;
  const [row] = await asked;
  return row?.own !== processIdOf(asked);
}

/** Whether one of the hosts answers, and the process there is busy with more than sending to us, or reading from us. */
async function isAtWork(url: string, pid: number): Promise<boolean> {
  const asked = addressOf(url).hosts.map((_, place) => isAtWorkAt(url, place, pid));
  return (await Promise.all(asked)).includes(true);
}

async function isAtWorkAt(url: string, place: number, pid: number): Promise<boolean> {
  const probe = connect(url, { connections: 1, place });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), probeMilliseconds);
  });
  try {
    const asked = probe<{ own: number; busy: number }[]>`
      SELECT pg_backend_pid() AS own, count(*) AS busy FROM pg_stat_activity
      WHERE pid = ${pid} AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'`;
    const [row] = (await Promise.race([asked, timeout])) ?? [];
    if (row === undefined) return false;
    // A pooler's process ids say nothing about the server's; it watches over its connections.
    return Number(row.busy) > 0 || row.own !== processIdOf(asked);
  } catch (error) {
    // It answers, and has no connection left to tell us more.
    return codeOf(error) === tooManyConnections;
  } finally {
    clearTimeout(timer);
    void probe.end({ timeout: 0 }).catch(() => {});
  }
}
