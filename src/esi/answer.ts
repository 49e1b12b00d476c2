/** ESI's page size on the contract routes. */
export const rowsPerPage = 1_000;

/** Counts of sent requests, retries included. */
export interface RequestTally {
  total: number;
  not_modified: number;
  /** Answers with status 400 and above, and requests without a usable answer. */
  errors: number;
}

/** An answer as received, with its JSON parsed. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed body; a string if an error's body is not JSON; undefined without a body. */
  readonly body: unknown;
  /** When the answer arrived, by the local clock. */
  readonly receivedAt: Date;
}

/** Fields of every usable answer. */
export interface AnswerFacts {
  readonly etag: string | null;
  /** As sent; only compared between pages. */
  readonly lastModified: string | null;
  /** Earliest time for the next request, by the local clock. */
  readonly expiresAt: Date;
  /** Null without the header. */
  readonly pages: number | null;
}

/** ESI's final answer to a request: repeating the request would give the same answer. */
export interface Refusal {
  readonly kind: 'refused';
  /** 204, or 400 and above except statuses that are retried. */
  readonly status: number;
  readonly reason: string;
  /** Only for a 204, which is cached like a 200. */
  readonly expiresAt?: Date;
}

export type Answer =
  | (AnswerFacts & { readonly kind: 'ok'; readonly body: unknown })
  | (AnswerFacts & { readonly kind: 'not_modified' })
  | Refusal;

/** No usable answer, even after retries: a server error, a limit, a broken connection, or an unreadable body. */
export class EsiFault extends Error {
  /** The status of the last answer; null without an answer. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EsiFault';
    this.status = status;
  }
}

/** A limit is in force, and the request was not sent because it may not wait. */
export class HeldUpFault extends EsiFault {}

export interface RequestOptions {
  /** ETag of the stored answer. */
  readonly etag?: string | null;
  readonly page?: number;
  readonly json?: unknown;
  /** A region's tally, counted in addition to the pass's. */
  readonly tally?: RequestTally | undefined;
  /** Whether to wait for limits; otherwise the request fails if one is in force. @default true */
  readonly waitsForLimits?: boolean;
}

/**
 * Sends one request, with retries.
 *
 * @throws {EsiFault} if every attempt fails
 * @throws {StopError} when the pass ends early
 */
export type SendRequest = (path: string, options?: RequestOptions) => Promise<Answer>;
