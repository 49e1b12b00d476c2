import { StopError } from '../process/stop.ts';
import type { RequestTally, SendRequest } from './answer.ts';
import type { Governor } from './governor.ts';
import type { Http } from './http.ts';
import { isProxyNamed } from './proxy.ts';
import { type ContractBids, fetchContractBids } from './routes/contract-bids.ts';
import { type ContractItems, fetchContractItems } from './routes/contract-items.ts';
import { answerFrom } from './wire-answer.ts';

export interface EsiClientOptions {
  readonly baseUrl: URL;
  readonly contact: string | undefined;
  readonly concurrency: number;
  readonly governor: Governor;
  /** Whether to send ETags. @default true */
  readonly conditional?: boolean;
  /** Time limit of an attempt. @default a minute */
  readonly attemptMilliseconds?: number;
  /** Called once when ESI as a whole seems to be down. */
  readonly onOutage: () => void;
}

export type RouteTally = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What is left of ESI's limits. */
export interface Allowance {
  /** In the open error window; null without one. */
  readonly errors_remaining: number | null;
  /** By group of routes. */
  readonly tokens_remaining: Readonly<Record<string, number>>;
}

/** ESI's public routes that contracts need. */
export interface EsiClient {
  readonly tally: Readonly<RequestTally>;
  /** Attempts by route, with `{id}` in place of ids, and by the status of the answer, or `failed` without one. */
  readonly byRoute: RouteTally;
  /** ESI's remaining limits, as far as known. */
  readonly allowance: Allowance;
  /** Whether ESI has given a usable answer in this pass. */
  readonly answered: boolean;
  readonly request: SendRequest;
  /** The URL of a request, the key of its validator. */
  urlOf(path: string, page?: number): string;
  /**
   * Pauses.
   *
   * @throws {StopError} when the pass ends early
   */
  wait(milliseconds: number): Promise<void>;
  /** All pages of a contract's items, or the refusal of any of them. */
  contractItems(contractId: number): Promise<ContractItems>;
  /** All pages of an auction's bids, or the refusal of the first. */
  contractBids(contractId: number): Promise<ContractBids>;
  close(): Promise<void>;
}

/** Consecutive failed attempts, on any routes, after which ESI's status is requested. */
const outageThreshold = 20;

/**
 * Opens no connection and loads no HTTP code yet: a pass before any expiry sends no requests.
 *
 * @throws {UsageError} when the environment has an invalid proxy URL
 */
export function openEsiClient(options: EsiClientOptions): EsiClient {
  const { governor } = options;
  const baseUrl = options.baseUrl.href.replace(/\/*$/, '/');
  // Reports an invalid proxy setting before the pass begins instead of at its first request.
  isProxyNamed(process.env);
  const tally: RequestTally = { total: 0, not_modified: 0, errors: 0 };
  const byRoute: Record<string, Record<string, number>> = {};
  let http: Promise<Http> | undefined;
  let answered = false;
  let failuresInRow = 0;
  let probe: Promise<void> | undefined;

  function failed(): void {
    failuresInRow += 1;
    if (failuresInRow < outageThreshold || probe !== undefined) return;
    // Failing contracts accumulate at the end of a pass, so only a route that has nothing to do with contracts proves
    // an outage.
    probe = client
      .request('status')
      .then(() => {
        failuresInRow = 0;
      })
      .catch((error: unknown) => {
        // The pass is ending already.
        if (!(error instanceof StopError)) options.onOutage();
      })
      .finally(() => {
        probe = undefined;
      });
  }

  const client: EsiClient = {
    get tally() {
      // The governor also counts requests that were cut off.
      return { ...tally, total: governor.sent };
    },
    byRoute,
    get allowance() {
      return { errors_remaining: governor.errorsRemaining ?? null, tokens_remaining: governor.tokensRemaining };
    },
    get answered() {
      return answered;
    },
    urlOf(path, page) {
      const url = new URL(path, baseUrl);
      if (page !== undefined) url.searchParams.set('page', String(page));
      return url.href;
    },
    async request(path, { etag, page, json, tally: own, waitsForLimits = true } = {}) {
      const tallies = own === undefined ? [tally] : [tally, own];
      http ??= import('./http.ts').then(({ openHttp }) => openHttp(options));
      const wire = await (await http).send({
        url: client.urlOf(path, page),
        what: page === undefined ? path : `${path} page ${page}`,
        etag: etag && options.conditional !== false ? etag : undefined,
        json,
        waitsForLimits,
        onAttempt(status) {
          countAttempt(byRoute, path, status);
          count(tallies, status === 304 ? 'not_modified' : status === null || status >= 400 ? 'errors' : undefined);
          if (status !== null && status < 500) failuresInRow = 0;
          else failed();
        },
      });
      answered = true;
      return answerFrom(wire, path);
    },
    contractItems: (contractId) => fetchContractItems(client.request, contractId),
    contractBids: (contractId) => fetchContractBids(client.request, contractId),
    wait: (milliseconds) => governor.wait(milliseconds),
    close: async () => (await http)?.close(),
  };
  return client;
}

function countAttempt(byRoute: Record<string, Record<string, number>>, path: string, status: number | null): void {
  const route = path.replaceAll(/\d+/g, '{id}');
  byRoute[route] ??= {};
  const statuses = byRoute[route];
  const name = String(status ?? 'failed');
  statuses[name] = (statuses[name] ?? 0) + 1;
}

function count(tallies: readonly RequestTally[], outcome: 'not_modified' | 'errors' | undefined): void {
  for (const tally of tallies) {
    tally.total += 1;
    if (outcome !== undefined) tally[outcome] += 1;
  }
}
