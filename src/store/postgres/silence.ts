import { addressInUse, addressOf, type Client, connect, giveUpAll } from './connection.ts';
import { codeOf, tooManyConnections } from './errors.ts';

/** After this long without an answer, checks whether the server is still working on the statement. */
const silenceMilliseconds = 20_000;
const probeMilliseconds = 5_000;

/**
 * Watches a running statement. A firewall may drop a connection, or a network may fail, without an error on either
 * side, so that an answer never arrives. A second connection checks whether the server is still working on the
 * statement.
 *
 * @param processId of the server process that runs the statement; undefined while it waits for a connection
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

/** The server process that runs a query; undefined while the query waits for a connection. */
export function processIdOf(query: Promise<unknown>): number | undefined {
  return (query as unknown as { readonly state?: { readonly pid?: number } | null }).state?.pid;
}

/** Whether a pooler answers: it reports other process ids than the server. */
export async function isBehindPooler(client: Client): Promise<boolean> {
  const asked = client<{ own: number }[]>`SELECT pg_backend_pid() AS own`;
  const [row] = await asked;
  return row?.own !== processIdOf(asked);
}

/**
 * Whether one of the hosts answers, and the process there is doing something other than network I/O with this client.
 */
export async function isAtWork(url: string, pid: number): Promise<boolean> {
  const probes = addressOf(url).hosts.map((_, place) => isAtWorkAt(url, place, pid));
  return (await Promise.all(probes)).includes(true);
}

async function isAtWorkAt(url: string, place: number, pid: number): Promise<boolean> {
  const probe = connect(url, { connections: 1, place });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), probeMilliseconds);
  });
  try {
    // As bigint: a pooler's process ids are any 32 bits.
    const answer = probe<{ own: number; busy: number }[]>`
      SELECT pg_backend_pid() AS own, count(*) AS busy FROM pg_stat_activity
      WHERE pid::bigint = ${pid} AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'`;
    const [row] = (await Promise.race([answer, timeout])) ?? [];
    if (row === undefined) return false;
    // Behind a pooler, process ids are the pooler's, and the pooler watches its own connections.
    return Number(row.busy) > 0 || row.own !== processIdOf(answer);
  } catch (error) {
    // The server answers, but has no free connection for the check.
    return codeOf(error) === tooManyConnections;
  } finally {
    clearTimeout(timer);
    void probe.end({ timeout: 0 }).catch(() => {});
  }
}
