/** The route of a request. */
export type RouteName =
  | 'list'
  | 'items'
  | 'bids'
  | 'regions'
  | 'region'
  | 'constellation'
  | 'system'
  | 'station'
  | 'type'
  | 'group'
  | 'categories'
  | 'category'
  | 'groups'
  | 'marketGroups'
  | 'marketGroup'
  | 'dynamicItem'
  | 'names'
  | 'status'
  | 'compatibilityDates'
  | 'marketPrices'
  | 'unknown';

/** A fault of an answer. */
export type Fault =
  /** This status; a string is sent as it is, anything else as JSON. */
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  /** An HTML page of a load balancer. @default status 502 */
  | { kind: 'html'; status?: number }
  /** Status 200 and no body. */
  | { kind: 'empty' }
  /** Status 200 and a body that stops being JSON half-way, complete by its length. */
  | { kind: 'invalidJson' }
  /** The right answer, cut off after half of the bytes that Content-Length announces. */
  | { kind: 'truncate' }
  /** The right answer, with this delay between the bytes of its body. */
  | { kind: 'drip'; milliseconds: number }
  /** The connection is reset before any answer. */
  | { kind: 'reset' }
  /** No answer until the server closes. */
  | { kind: 'hang' }
  /** The right answer, late. */
  | { kind: 'delay'; milliseconds: number }
  /** A 420 without cause; `resetSeconds: null` omits the error limit's headers. @default 60 */
  | { kind: 'errorLimited'; resetSeconds?: number | null }
  /** A 429, with a `Retry-After` if one is given. */
  | { kind: 'rateLimited'; retryAfter?: string }
  /** The 520 of a limiter behind ESI. @default 64226997 microseconds */
  | { kind: 'conStopSpamming'; remainingMicroseconds?: number }
  /** The right answer without X-Pages. */
  | { kind: 'missingPages' }
  /** The right answer with a wrong X-Pages. */
  | { kind: 'pages'; pages: number }
  /** The right answer with Last-Modified shifted by this number of seconds. */
  | { kind: 'lastModified'; shiftSeconds: number }
  /** The right answer with headers set or, by null, left out. */
  | { kind: 'headers'; headers: Record<string, string | null> }
  /** The first contract of page 1 is on this page as well. */
  | { kind: 'duplicateContract' }
  /** Status 200 and this JSON value. */
  | { kind: 'body'; value: unknown }
  /** The right answer with its parsed body changed. */
  | { kind: 'transform'; transform: (body: unknown) => unknown };

/** The requests that a fault or a gate affects; all given fields must match. */
export interface FaultMatch {
  route?: RouteName | 'any';
  /** The region of a list, or of the contract whose items or bids are asked for. */
  region_id?: number;
  contract_id?: number;
  /** Page number; a request without one asks for page 1. */
  page?: number;
  /** The id in the path of a universe or market route. */
  id?: number;
}

/** Faults on demand. */
export interface Faults {
  /**
   * Injects a fault. All faults that match a request affect it, in the order of their injection, up to the first one
   * that replaces the answer. Error statuses except 420 count in the error limit.
   */
  inject(injection: {
    match?: FaultMatch;
    fault: Fault;
    /** How many requests it happens to. @default Infinity */
    times?: number;
    /** The probability that it affects a matching request, by the seed. @default 1 */
    probability?: number;
  }): { remove(): void };
  clear(): void;
}

/** Holds answers back, so that a pass is still running however fast the machine is. */
export interface Gate {
  /** Answers this many more requests, and resolves when another one waits for its answer. */
  answer(count: number): Promise<void>;
  /** From now on every request is answered. */
  open(): void;
}

/** A request that came in. */
export interface RequestRecord {
  method: string;
  /** Path with query, as asked. */
  path: string;
  route: RouteName;
  page: number;
  /** Whether it carried If-None-Match. */
  conditional: boolean;
  /** Status of the answer; 0 while there is none, or when the connection was reset instead. */
  status: number;
  region_id?: number;
  contract_id?: number;
  id?: number;
  userAgent: string | undefined;
  compatibilityDate: string | undefined;
  /** When it came in, by the server's clock. */
  at: Date;
  /** Faults that were applied to the answer. */
  faults: readonly Fault['kind'][];
  /** Expiry by the server's clock, in milliseconds since 1970. */
  expires?: number;
}

/** Fields that a record must have to be counted. */
export type RequestFilter = Partial<RequestRecord> | ((record: RequestRecord) => boolean);

/** All requests since the start, or since `clear`, in the order in which they came in. */
export interface RequestLog extends Iterable<RequestRecord> {
  readonly length: number;
  /** The records themselves. */
  all(filter?: RequestFilter): RequestRecord[];
  count(filter?: RequestFilter): number;
  clear(): void;
}
