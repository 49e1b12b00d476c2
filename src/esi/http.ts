import ky, { HTTPError } from 'ky';
import { StopError } from '../process/stop.ts';
import { EsiFault, HeldUpFault, type WireAnswer } from './answer.ts';
import { compatibilityDate } from './compatibility-date.ts';
import type { Governor } from './governor.ts';
import { openTransport } from './transport.ts';
import { userAgent } from './user-agent.ts';
import { asLine, reasonOf } from './wire-answer.ts';

export interface HttpOptions {
  readonly contact: string | undefined;
  readonly concurrency: number;
  readonly governor: Governor;
  /** Time limit of an attempt. @default a minute */
  readonly attemptMilliseconds?: number | undefined;
}

export interface HttpRequest {
  readonly url: string;
  /** The subject of the request, for messages. */
  readonly what: string;
  readonly etag?: string | undefined;
  /** A body, which makes the request a POST. */
  readonly json?: unknown;
  /** Whether to wait for limits; otherwise the request fails if one is in force. */
  readonly waitsForLimits: boolean;
  /** Called after each attempt with the status of its answer; null without a usable answer. */
  readonly onAttempt: (status: number | null) => void;
}

export interface Http {
  /**
   * Sends one request, and retries it after transient failures.
   *
   * @throws {EsiFault} if every attempt fails
   * @throws {StopError} when the pass ends early
   */
  send(request: HttpRequest): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** A limit is in force, and the request may not wait. */
class HeldUpError extends Error {
  constructor() {
    super('ESI is limiting requests');
    this.name = 'HeldUpError';
  }
}

const retries = 3;

/** ESI over HTTP: a connection pool, and ky for retries. */
export function openHttp({ contact, concurrency, governor, attemptMilliseconds }: HttpOptions): Http {
  const transport = openTransport(governor, concurrency, attemptMilliseconds);
  const http = ky.create({
    headers: {
      accept: 'application/json',
      'accept-language': 'en',
      'user-agent': userAgent(contact),
      'x-compatibility-date': compatibilityDate,
    },
    // The transport's time-outs exclude the time spent waiting for the governor.
    timeout: false,
    throwHttpErrors: isTransient,
    retry: {
      limit: retries,
      methods: ['get', 'post'],
      delay: (attempt) => 500 * 2 ** (attempt - 1),
      jitter: true,
      backoffLimit: 10_000,
      // The governor waits for limits; every other error is a failed attempt.
      shouldRetry: ({ error }) => !(error instanceof StopError || error instanceof HeldUpError),
    },
  });

  async function attempt(request: Request, { waitsForLimits, onAttempt }: HttpRequest): Promise<Response> {
    if (!waitsForLimits && governor.holdsUp(transport.routeOf(request))) throw new HeldUpError();
    try {
      const response = await transport.fetch(request);
      onAttempt(transport.answerOf(response).status);
      return response;
    } catch (error) {
      if (!(error instanceof StopError)) onAttempt(null);
      throw error;
    }
  }

  function faultOf(error: unknown, what: string): Error {
    if (error instanceof StopError) return error;
    if (error instanceof HeldUpError) return new HeldUpFault(`${what}: ${error.message}`, null, { cause: error });
    if (error instanceof HTTPError) {
      const { status, body } = transport.answerOf(error.response);
      return new EsiFault(`${what}: ${status} ${reasonOf(body)}`.trim(), status, { cause: error });
    }
    const { message, code } = error as NodeJS.ErrnoException;
    const reason = asLine(message || code || String(error));
    return new EsiFault(`${what}: ${reason}`, null, { cause: error });
  }

  return {
    async send(request) {
      const { url, what, etag, json } = request;
      try {
        const response = await http(url, {
          method: json === undefined ? 'get' : 'post',
          ...(json === undefined ? {} : { json }),
          ...(etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
          fetch: (sent) => attempt(sent as Request, request),
        });
        return transport.answerOf(response);
      } catch (error) {
        throw faultOf(error, what);
      }
    },
    close: transport.close,
  };
}

/** Server errors, time-outs and limits are transient; other answers are final. */
function isTransient(status: number): boolean {
  return status >= 500 || [408, 420, 429].includes(status);
}
