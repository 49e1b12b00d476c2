import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Agent, EnvHttpProxyAgent } from 'undici';
import type { WireAnswer } from './answer.ts';
import type { Governor } from './governor.ts';
import { isProxyNamed } from './proxy.ts';

/** The body of a 200 is not JSON: a load balancer's HTML, a truncated document, or nothing. */
class UnusableBodyError extends Error {
  constructor(url: string, problem: string) {
    super(`${url} answered 200 with ${problem}`);
    this.name = 'UnusableBodyError';
  }
}

/** A received answer. Only an error's body is parsed yet; `read` parses the others. */
interface Received extends WireAnswer {
  readonly read: () => unknown;
}

/** Maximum silence before or within a body. ESI itself gives up after 10 seconds. */
const silenceMilliseconds = 20_000;
/** Time limit of a whole attempt; without it, a trickling body would hold its slot forever. */
const usualAttemptMilliseconds = 60_000;
/** The largest known answer, a page of 1,000 contracts, is about 0.35 MB. */
const longestBodyBytes = 64 * 1024 * 1024;

/** A connection pool for one ESI, usable as ky's `fetch`. */
export interface Transport {
  readonly fetch: (request: Request) => Promise<Response>;
  /** The answer behind a response that this transport made. */
  readonly answerOf: (response: Response) => WireAnswer;
  /** The route of a request, without its ids. */
  readonly routeOf: (request: Request) => string;
  readonly close: () => Promise<void>;
}

/**
 * Opens the pool. Every attempt asks the governor first, then reads and parses the whole body, so that a truncated body
 * is retried like any other failed attempt. The time spent waiting for the governor does not count towards the
 * time-out. Redirects are not followed.
 *
 * @param attemptMilliseconds time limit from sending an attempt to the last byte of its answer
 */
export function openTransport(
  governor: Governor,
  concurrency: number,
  attemptMilliseconds = usualAttemptMilliseconds,
): Transport {
  const Pool = isProxyNamed(process.env) ? EnvHttpProxyAgent : Agent;
  const agent = new Pool({
    connections: concurrency,
    connect: { timeout: 10_000 },
    headersTimeout: silenceMilliseconds,
    bodyTimeout: silenceMilliseconds,
    maxResponseSize: longestBodyBytes,
  });
  const answers = new WeakMap<Response, WireAnswer>();

  async function send(request: Request, url: URL, signal: AbortSignal): Promise<Received> {
    const limit = limitOf(signal, attemptMilliseconds);
    try {
      const {
        statusCode: status,
        headers,
        body: stream,
      } = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method as 'GET' | 'POST',
        headers: { ...Object.fromEntries(request.headers), 'accept-encoding': 'gzip' },
        body: request.body === null ? null : await request.text(),
        signal: limit.signal,
      });
      const joined = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
      );
      const bytes = Buffer.from(await stream.arrayBuffer());
      const receivedAt = new Date();
      const read = () => parse(url.href, status, decode(bytes, joined['content-encoding']));
      // The governor reads limits from an error's body before it allows the next request.
      const body = status >= 400 ? read() : undefined;
      return { status, headers: joined, body, receivedAt, read };
    } finally {
      limit.lift();
    }
  }

  return {
    async fetch(request) {
      const url = new URL(request.url);
      const attempt = (signal: AbortSignal) => send(request, url, signal);
      const { read, ...received } = await governor.attempt(routeTo(request.method, url), attempt, url.href);
      const status = isNoSuchItem(received) ? 404 : received.status;
      const answer = { ...received, status, ...(status < 400 && { body: await afterNextRequests().then(read) }) };
      // A Response cannot have a status below 200; ESI should not send one.
      const response = new Response(null, { status: status >= 200 && status <= 599 ? status : 502 });
      answers.set(response, answer);
      return response;
    },
    answerOf(response) {
      const answer = answers.get(response);
      if (answer === undefined) throw new TypeError('the response is from another transport');
      return answer;
    },
    routeOf: ({ method, url }) => routeTo(method, new URL(url)),
    close: () => agent.destroy(),
  };
}

const routeTo = (method: string, url: URL) => `${method} ${url.pathname.replaceAll(/\d+/g, '*')}`;

/**
 * Aborts an attempt at the end of the pass or after its time limit. Clears its timer with the attempt: timers of
 * AbortSignal.timeout live until they fire, and a pass makes hundreds of attempts a second.
 */
function limitOf(pass: AbortSignal, milliseconds: number) {
  const attempt = new AbortController();
  const end = () => attempt.abort(pass.reason);
  const tooLong = () => attempt.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  const timer = setTimeout(tooLong, milliseconds);
  if (pass.aborted) end();
  pass.addEventListener('abort', end, { once: true });
  return {
    signal: attempt.signal,
    lift() {
      clearTimeout(timer);
      pass.removeEventListener('abort', end);
    },
  };
}

/** For a deleted mutated module, ESI answers 520, a server error, and means 404 (esi/esi-issues#1510). */
function isNoSuchItem({ status, body }: WireAnswer): boolean {
  return status === 520 && (JSON.stringify(body) ?? '').includes('ItemNotFound');
}

const nextTurn = promisify(setImmediate);

/**
 * Resolves when the connections of all answers received in this turn of the event loop have their next requests, so that
 * the network is not idle while this process parses answers. undici uses a connection again in the next turn.
 */
async function afterNextRequests(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Decoded synchronously: a thread costs more than it saves for a small body, and leaks memory for large ones. */
function decode(body: Buffer, encoding: string | undefined): string {
  if (encoding !== 'gzip' || body.length === 0) return body.toString('utf8');
  return gunzipSync(body, { maxOutputLength: longestBodyBytes }).toString('utf8');
}

function parse(url: string, status: number, text: string): unknown {
  if (status === 200 && text.trim() === '') throw new UnusableBodyError(url, 'an empty body');
  if (text === '') return undefined;
  try {
    return withoutDepths(JSON.parse(text));
  } catch (error) {
    if (status === 200) throw new UnusableBodyError(url, `a body that is not JSON (${(error as Error).message})`);
    return text;
  }
}

/** ESI's answers have three levels at most. */
const deepestLevel = 64;

/**
 * Removes levels so deep that serializing them would exhaust the stack or that a database would reject, so that the row
 * is checked like any other.
 */
function withoutDepths(value: unknown, level = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (level === deepestLevel) return '(nested too deeply)';
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (typeof part === 'object' && part !== null)
      Object.defineProperty(value, key, { value: withoutDepths(part, level + 1) });
  }
  return value;
}
