import type { Fault, FaultMatch, StandInEsi } from '../fake-esi/types.ts';

/** A way in which ESI misbehaves, with the share of affected requests. */
export interface NamedFault {
  readonly name: string;
  readonly fault: Fault;
  readonly match?: FaultMatch;
  /** Whether it makes pages of one list disagree, so that requesting a page again before its expiry is the remedy. */
  readonly isShear?: boolean;
}

const error = (status: number, text: string): Fault => ({ kind: 'status', status, body: { error: text } });
const items: FaultMatch = { route: 'items' };
const list: FaultMatch = { route: 'list' };

/** All known faults of ESI and of the network, one at a time. */
export const namedFaults: readonly NamedFault[] = [
  { name: '500', fault: error(500, 'Internal server error') },
  { name: '502 as HTML', fault: { kind: 'html' } },
  { name: '503', fault: error(503, 'The datasource tranquility is temporarily unavailable') },
  { name: '504', fault: error(504, 'Timeout contacting tranquility') },
  { name: 'connection reset', fault: { kind: 'reset' } },
  { name: 'body cut short', fault: { kind: 'truncate' } },
  { name: '200 with an empty body', fault: { kind: 'empty' } },
  { name: '200 with half a document', fault: { kind: 'invalidJson' } },
  { name: '200 with HTML', fault: { kind: 'html', status: 200 } },
  { name: 'answers half a second late', fault: { kind: 'delay', milliseconds: 500 } },
  { name: '420', fault: { kind: 'errorLimited', resetSeconds: 1 } },
  { name: '429', fault: { kind: 'rateLimited', retryAfter: '1' } },
  { name: '520 ConStopSpamming', fault: { kind: 'conStopSpamming', remainingMicroseconds: 500_000 }, match: items },
  { name: 'items: 204', fault: { kind: 'status', status: 204 }, match: items },
  {
    name: 'items: 403 accepted',
    fault: error(403, 'Contract accepted by player, requires authorization'),
    match: items,
  },
  { name: 'items: 403 of another kind', fault: error(403, 'Forbidden'), match: items },
  { name: 'items: 404', fault: error(404, 'Contract not found!'), match: items },
  { name: 'items: 400', fault: error(400, 'Bad request'), match: items },
  { name: 'items: an empty list', fault: { kind: 'body', value: [] }, match: items },
  { name: 'list: a page without its rows', fault: { kind: 'body', value: [] }, match: list, isShear: true },
  {
    name: 'list: empty, and whole',
    fault: { kind: 'status', status: 200, body: [], headers: { 'X-Pages': '1' } },
    match: { ...list, page: 1 },
    isShear: true,
  },
  { name: 'list: 404 on a page', fault: error(404, 'Requested page does not exist!'), match: list },
  { name: 'list: another generation', fault: { kind: 'lastModified', shiftSeconds: 1 }, match: list, isShear: true },
  { name: 'list: X-Pages too high', fault: { kind: 'pages', pages: 9 }, match: list, isShear: true },
  { name: 'list: X-Pages too low', fault: { kind: 'pages', pages: 1 }, match: { ...list, page: 2 }, isShear: true },
  { name: 'list: a contract on two pages', fault: { kind: 'duplicateContract' }, match: list, isShear: true },
];

/** Makes a fault affect a share of the requests, from 0 to 1. */
export function inject(esi: StandInEsi, { fault, match }: NamedFault, probability: number): void {
  esi.faults.inject({ fault, probability, ...(match === undefined ? {} : { match }) });
}
