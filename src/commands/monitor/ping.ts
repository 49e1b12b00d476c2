import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** A service that expects a ping of every pass, such as healthchecks.io. */
export interface Pings {
  /** Sent in the background, without waiting. */
  start(): void;
  /** Sends the exit code (0 is a success) and the last lines of the log. */
  end(exitCode: number, lines: readonly string[]): Promise<void>;
}

const timeoutMilliseconds = 10_000;
const attempts = 2;
/** Maximum body size that healthchecks.io keeps. */
const longestBody = 100_000;

/**
 * Pings `URL/start` and `URL/EXIT_CODE`, with the same id for both. An unresponsive service costs a pass a few seconds
 * at its end and one log line.
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
        // The path is a secret: it is the ping's only credential.
        if (attempt === attempts) return log.warn(`cannot ping ${url.host} with "${what}": ${messageOf(error)}`);
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

/** @throws {Error} when there is no successful answer in time */
async function post(url: URL, body: string): Promise<void> {
  const { requestOnce } = await import('../../esi/request-once.ts');
  const { status } = await requestOnce(url, { method: 'POST', body, timeoutMilliseconds });
  if (status >= 300) throw new Error(`answered ${status}`);
}
