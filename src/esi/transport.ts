import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Agent, EnvHttpProxyAgent } from 'undici';
import type { WireAnswer } from './answer.ts';
import type { Governor } from './governor.ts';
import { isProxyNamed } from './proxy.ts';

/** The body of a 200 is not JSON: HTML of a load balancer, a document cut short, nothing at all. */
class UnusableBodyError extends Error {
  constructor(url: string, problem: string) {
    super(`${url} answered 200 with ${problem}`);
    this.name = 'UnusableBodyError';
  }
}

/** An answer whose bytes have arrived. Only the body of an error is parsed yet; `read` parses the others. */
interface Received extends WireAnswer {
  readonly read: () => unknown;
}

/** ESI gives up after 10 seconds itself. Of a body, how long nothing at all may come of it. */
const silenceMilliseconds = 20_000;
/** For the whole of an attempt: a body that never quite stops coming would hold its slot for ever. */
const usualAttemptMilliseconds = 60_000;
/** The largest known answer, a page of 1,000 contracts, is about 0.35 MB. */
const longestBodyBytes = 64 * 1024 * 1024;

/** A pool of connections to one ESI, usable as ky's `fetch`. */
export interface Transport {
  readonly fetch: (request: Request) => Promise<Response>;
  /** What came with a response that this transport made. */
  readonly answerOf: (response: Response) => WireAnswer;
  /** The route of a request, whatever the ids in it. */
  readonly routeOf: (request: Request) => string;
  readonly close: () => Promise<void>;
}

/**
 * Opens the pool. Every attempt asks the governor first, and reads and parses the whole body before it counts as
 * answered, so that a connection cut in mid-body or a half document is retried like any other failed attempt. The time
 * spent waiting for the governor is no part of the time-out. Redirects are not followed.
 *
 * @param attemptMilliseconds how long an attempt may take, from sending it to the last byte of its answer
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
      // An error may forbid further requests, so the governor needs its body before it sends another one.
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
      // Waiting requests go out first: the wire must not be idle while this process reads answers.
      const answer = { ...received, status, ...(status < 400 && { body: await nextTurn().then(read) }) };
      // A Response cannot hold the statuses below 200; ESI has no business sending them.
      const response = new Response(null, { status: status >= 200 && status <= 599 ? status : 502 });
      answers.set(response, answer);
      return response;
    },
    answerOf(response) {
      const answer = answers.get(response);
      if (answer === undefined) throw new TypeError('this response was not made by this transport');
      return answer;
    },
    routeOf: ({ method, url }) => routeTo(method, new URL(url)),
    close: () => agent.destroy(),
  };
}

const routeTo = (method: string, url: URL) => `${method} ${url.pathname.replaceAll(/\d+/g, '*')}`;

/**
 * Ends an attempt with the pass, or when it has taken too long. Its timer ends with the attempt: those of AbortSignal.timeout
 * live on for their whole time, and a pass makes hundreds of attempts a second.
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

/** Of a mutated module that is no more ESI says 520, as of a server's fault, and means 404 (esi/esi-issues#1510). */
function isNoSuchItem({ status, body }: WireAnswer): boolean {
  return status === 520 && (JSON.stringify(body) ?? '').includes('ItemNotFound');
}

const nextTurn = promisify(setImmediate);

/** Unpacked at once: a thread would cost a small body more than its unpacking, and leaves memory behind for large ones. */
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

/** What ESI sends has three levels at most. */
const deepestLevel = 64;

/**
 * Cuts off what is nested so deeply that it could only be written again by exhausting the stack, or that no database
 * would read: the row around it is judged like any other.
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
