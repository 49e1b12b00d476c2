/** ESI's page size on the contract routes. */
export const rowsPerPage = 1_000;

/** Counts of requests as sent, retries included. */
export interface RequestTally {
  total: number;
  not_modified: number;
  /** Answers of 400 and above, and requests that got no usable answer. */
  errors: number;
}

/** An answer as it came over the wire, its JSON parsed. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed body; a string where an error's body is not JSON; undefined without a body. */
  readonly body: unknown;
  /** When the answer had arrived, by the local clock. */
  readonly receivedAt: Date;
}

/** Facts that every usable answer carries. */
export interface AnswerFacts {
  readonly etag: string | null;
  /** As sent: compared between pages, never computed with. */
  readonly lastModified: string | null;
  /** Not to be asked about again before, by the local clock. */
  readonly expiresAt: Date;
  /** Null where the header is absent. */
  readonly pages: number | null;
}

/** ESI's final word on a request: the same request would get the same answer. */
export interface Refusal {
  readonly kind: 'refused';
  /** 204, or 400 and above except those worth a retry. */
  readonly status: number;
  readonly reason: string;
  /** Of a 204, which is cached like a good answer; errors do not say. */
  readonly expiresAt?: Date;
}

export type Answer =
  | (AnswerFacts & { readonly kind: 'ok'; readonly body: unknown })
  | (AnswerFacts & { readonly kind: 'not_modified' })
  | Refusal;

/** No usable answer, even after retries: a server error, a limit, a broken connection, a body that makes no sense. */
export class EsiFault extends Error {
  /** Of the last answer; null where there was none. */
  readonly status: number | null;

  constructor(message: string, status: number | null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EsiFault';
    this.status = status;
  }
}

/** A limit is in force, and the request was not to wait for it: it was not sent. */
export class HeldUpFault extends EsiFault {}

export interface RequestOptions {
  /** Of the answer that is already held. */
  readonly etag?: string | null;
  readonly page?: number;
  readonly json?: unknown;
  /** A region's own tally, counted besides the pass's. */
  readonly tally?: RequestTally | undefined;
  /** Whether limits are waited for; otherwise the request fails where one is in force. @default true */
  readonly isPatient?: boolean;
}

/**
 * Sends one request, with retries.
 *
 * @throws {EsiFault} if every attempt fails
 * @throws {StopError} when the pass ends first
 */
export type SendRequest = (path: string, options?: RequestOptions) => Promise<Answer>;
