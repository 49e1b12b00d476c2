import ky, { HTTPError } from 'ky';
import packageJson from '../../package.json' with { type: 'json' };
import { StopError } from '../stop.ts';
import { showControlCharacters } from '../visible.ts';
import { type Answer, type AnswerFacts, EsiFault, type RequestTally, type SendRequest } from './answer.ts';
import { expiryOf } from './expiry.ts';
import type { Governor } from './governor.ts';
import { type ContractBids, fetchContractBids } from './routes/contract-bids.ts';
import { type ContractItems, fetchContractItems } from './routes/contract-items.ts';
import { openTransport, type WireAnswer } from './transport.ts';

/**
 * The release of ESI's interface that this program was written against. Without a date ESI answers as in 2020; a date
 * in the future is refused.
 */
export const compatibilityDate = '2026-08-18';

/** All public contracts together fill 50 pages: a larger number of pages is as good as none. */
const mostPages = 1_000;

export interface EsiClientOptions {
  readonly baseUrl: URL;
  readonly contact: string | undefined;
  readonly concurrency: number;
  readonly governor: Governor;
  /** Whether ETags are sent. @default true */
  readonly conditional?: boolean;
  /** How long an attempt may take as a whole. @default a minute */
  readonly attemptMilliseconds?: number;
  /** Called once when ESI as a whole seems to be down. */
  readonly onOutage: () => void;
}

/** ESI's public routes, as far as contracts need them. */
export interface EsiClient {
  readonly tally: Readonly<RequestTally>;
  /** Whether ESI has given a usable answer yet. */
  readonly answered: boolean;
  readonly request: SendRequest;
  /** The address of a request, under which answers are kept from one pass to the next. */
  urlOf(path: string, page?: number): string;
  /**
   * Lets time pass before another request.
   *
   * @throws {StopError} when the pass ends first
   */
  wait(milliseconds: number): Promise<void>;
  /** All pages of a contract's items, or the refusal of any of them. */
  contractItems(contractId: number): Promise<ContractItems>;
  /** All pages of an auction's bids, or the refusal of the first. */
  contractBids(contractId: number): Promise<ContractBids>;
  close(): Promise<void>;
}

/** A limit is in force, and the request was not to wait for it. */
class HeldUpError extends Error {
  constructor() {
    super('ESI limits us for now');
    this.name = 'HeldUpError';
  }
}

const retries = 3;
/** Failed attempts in a row, on whatever routes, that raise the question whether ESI is there at all. */
const outageThreshold = 20;

export function openEsiClient(options: EsiClientOptions): EsiClient {
  const { governor } = options;
  const baseUrl = options.baseUrl.href.replace(/\/*$/, '/');
  const transport = openTransport(governor, options.concurrency, options.attemptMilliseconds);
  const tally: RequestTally = { total: 0, not_modified: 0, errors: 0 };
  let answered = false;
  let failuresInRow = 0;
  let probe: Promise<void> | undefined;

  const http = ky.create({
    headers: {
      accept: 'application/json',
      'accept-language': 'en',
      'user-agent': userAgent(options.contact),
      'x-compatibility-date': compatibilityDate,
    },
    // The transport has time-outs of its own, which leave out the time spent waiting for the governor.
    timeout: false,
    throwHttpErrors: isTransient,
    retry: {
      limit: retries,
      methods: ['get', 'post'],
      delay: (attempt) => 500 * 2 ** (attempt - 1),
      jitter: true,
      backoffLimit: 10_000,
      // Limits are waited for by the governor; everything else that throws is a failed attempt.
      shouldRetry: ({ error }) => !(error instanceof StopError || error instanceof HeldUpError),
    },
  });

  async function attempt(request: Request, tallies: readonly RequestTally[], isPatient: boolean): Promise<Response> {
    if (!isPatient && governor.holdsUp(transport.routeOf(request))) throw new HeldUpError();
    try {
      const response = await transport.fetch(request);
      const { status } = transport.answerOf(response);
      count(tallies, status === 304 ? 'not_modified' : status >= 400 ? 'errors' : undefined);
      if (status < 500) failuresInRow = 0;
      else failed();
      return response;
    } catch (error) {
      if (error instanceof StopError) throw error;
      count(tallies, 'errors');
      failed();
      throw error;
    }
  }

  function failed(): void {
    failuresInRow += 1;
    if (failuresInRow < outageThreshold || probe !== undefined) return;
    // Faulty contracts pile up at the end of a pass: only a route that has nothing to do with them tells an outage.
    probe = client
      .request('status')
      .then(() => {
        failuresInRow = 0;
      })
      .catch((error: unknown) => {
        // A pass that ends anyway needs no further reason.
        if (!(error instanceof StopError)) options.onOutage();
      })
      .finally(() => {
        probe = undefined;
      });
  }

  const client: EsiClient = {
    get tally() {
      // The governor also knows of requests that were cut off.
      return { ...tally, total: governor.sent };
    },
    get answered() {
      return answered;
    },
    urlOf(path, page) {
      const url = new URL(path, baseUrl);
      if (page !== undefined) url.searchParams.set('page', String(page));
      return url.href;
    },
    async request(path, { etag, page, json, tally: own, isPatient = true } = {}) {
      const tallies = own === undefined ? [tally] : [tally, own];
      let wire: WireAnswer;
      try {
        const response = await http(client.urlOf(path, page), {
          method: json === undefined ? 'get' : 'post',
          ...(json === undefined ? {} : { json }),
          ...(etag && options.conditional !== false ? { headers: { 'if-none-match': etag } } : {}),
          fetch: (request) => attempt(request as Request, tallies, isPatient),
        });
        wire = transport.answerOf(response);
      } catch (error) {
        throw faultOf(error, path, page, transport.answerOf);
      }
      answered = true;
      return answerFrom(wire, path);
    },
    contractItems: (contractId) => fetchContractItems(client.request, contractId),
    contractBids: (contractId) => fetchContractBids(client.request, contractId),
    wait: (milliseconds) => governor.wait(milliseconds),
    close: transport.close,
  };
  return client;
}

function userAgent(contact: string | undefined): string {
  return `hangarbay/${packageJson.version} (${contact ?? 'no contact given'}; +${packageJson.homepage})`;
}

function count(tallies: readonly RequestTally[], outcome: 'not_modified' | 'errors' | undefined): void {
  for (const tally of tallies) {
    tally.total += 1;
    if (outcome !== undefined) tally[outcome] += 1;
  }
}

/** Server errors, time-outs and limits pass; other answers are final. */
function isTransient(status: number): boolean {
  return status >= 500 || [408, 420, 429].includes(status);
}

function answerFrom({ status, headers, body, receivedAt }: WireAnswer, path: string): Answer {
  const pages = Number(headers['x-pages'] ?? Number.NaN);
  const facts: AnswerFacts = {
    etag: headers.etag ?? null,
    lastModified: headers['last-modified'] ?? null,
    expiresAt: expiryOf({ headers, receivedAt }),
    pages: Number.isInteger(pages) && pages >= 0 && pages <= mostPages ? pages : null,
  };
  if (status === 200) return { kind: 'ok', body, ...facts };
  if (status === 304) return { kind: 'not_modified', ...facts };
  if (status === 204) return { kind: 'refused', status, reason: reasonOf(body), expiresAt: facts.expiresAt };
  if (status >= 400) return { kind: 'refused', status, reason: reasonOf(body) };
  throw new EsiFault(`${path}: unexpected status ${status}${headers.location ? ' (a redirect)' : ''}`, status);
}

/** ESI's own words where it has any, cut to a line's length. */
function reasonOf(body: unknown): string {
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : body;
  const text = typeof said === 'string' ? said : said === undefined ? '' : JSON.stringify(said);
  return asLine(text);
}

/** Words of others, cut to a line's length; whatever is cut in half must not keep a database from holding the rest. */
function asLine(text: string): string {
  return showControlCharacters(text).slice(0, 300).toWellFormed();
}

function faultOf(error: unknown, path: string, page: number | undefined, answerOf: (r: Response) => WireAnswer): Error {
  if (error instanceof StopError) return error;
  const what = page === undefined ? path : `${path} page ${page}`;
  if (error instanceof HTTPError) {
    const { status, body } = answerOf(error.response);
    return new EsiFault(`${what}: ${status} ${reasonOf(body)}`.trim(), status, { cause: error });
  }
  const { message, code } = error as NodeJS.ErrnoException;
  const reason = asLine(message || code || String(error));
  return new EsiFault(`${what}: ${reason}`, null, { cause: error });
}
