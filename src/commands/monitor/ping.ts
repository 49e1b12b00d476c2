import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** A service that expects a sign of life of every pass, such as healthchecks.io. */
export interface Pings {
  /** Sent in the background: the pass does not wait for it. */
  start(): void;
  /** Ends with the exit code; 0 is a success. The last lines of the log help to find out. */
  end(exitCode: number, lines: readonly string[]): Promise<void>;
}

const timeoutMilliseconds = 10_000;
const attempts = 2;
/** What healthchecks.io keeps of a body. */
const longestBody = 100_000;

/**
 * Tells `URL/start` and `URL/EXIT_CODE`, with an id that is the same for both. A service that does not answer costs a pass
 * a few seconds at its end and a line in the log, and nothing else.
 */
export function openPings(url: URL, log: Log): Pings {
  const rid = crypto.randomUUID();

  async function ping(what: string, body: string): Promise<void> {
    const target = new URL(url);
    target.pathname = `${target.pathname.replace(/\/+$/, '')}/${what}`;
    target.searchParams.set('rid', rid);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await post(target, body);
        return;
      } catch (error) {
        // The path is a secret: it is all that a ping needs.
        if (attempt === attempts)
          return log.warn(`the monitor at ${url.host} was not told "${what}": ${messageOf(error)}`);
      }
    }
  }

  let started: Promise<void> = Promise.resolve();
  return {
    start() {
      started = ping('start', '');
    },
    async end(exitCode, lines) {
      await started;
      await ping(String(exitCode), lines.join('\n').slice(-longestBody));
    },
  };
}

/** @throws {Error} when there is no good answer in time */
async function post(url: URL, body: string): Promise<void> {
  const { requestOnce } = await import('../../esi/request-once.ts');
  const { status } = await requestOnce(url, { method: 'POST', body, timeoutMilliseconds });
  if (status >= 300) throw new Error(`it answers ${status}`);
}
