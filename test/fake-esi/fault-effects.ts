import { type Answer, Body, failure } from './answers.ts';
import { limitedAnswer } from './error-limit.ts';
import type { Fault } from './types.ts';

/** The effect on a request: an answer, perhaps late or truncated, or a connection that hangs or is reset. */
export interface Outcome {
  answer: Answer;
  delayMilliseconds: number;
  connection: 'answer' | 'truncate' | 'reset' | 'hang';
  /** Delay between two bytes of the body; undefined for none. */
  dripMilliseconds?: number;
}

const defaultResetSeconds = 60;
/** About 64 seconds, as observed once. */
const defaultRemainingMicroseconds = 64_226_997;
const html =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n';

/** Applies faults to an answer, one after another. */
export function applyFaults(answer: Answer, faults: readonly Fault[]): Outcome {
  return faults.reduce<Outcome>(applyFault, { answer, delayMilliseconds: 0, connection: 'answer' });
}

function applyFault(outcome: Outcome, fault: Fault): Outcome {
  const { answer } = outcome;
  const change = (changes: Partial<Answer>): Outcome => ({ ...outcome, answer: { ...answer, ...changes } });
  const replace = (replacement: Answer): Outcome => ({ ...outcome, answer: replacement });

  switch (fault.kind) {
    case 'status':
      return replace(statusAnswer(fault));
    case 'html':
      return replace({ status: fault.status ?? 502, body: new Body(html), contentType: 'text/html' });
    case 'empty':
      return change({ status: 200, body: new Body(''), isConditional: false });
    case 'invalidJson':
      return change({ status: 200, body: halfOf(answer.body), isConditional: false });
    case 'body':
      return change({ status: 200, body: Body.json(fault.value) });
    case 'errorLimited':
      return replace(limitedAnswer(limitHeaders(fault.resetSeconds)));
    case 'rateLimited':
      return replace(
        failure(429, 'Too many requests', fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter }),
      );
    case 'conStopSpamming': {
      const remainingTime = fault.remainingMicroseconds ?? defaultRemainingMicroseconds;
      return replace(failure(520, `ConStopSpamming, details: {"remainingTime": ${remainingTime}}`));
    }
    case 'reset':
    case 'hang':
    case 'truncate':
      return { ...outcome, connection: fault.kind };
    case 'delay':
      return { ...outcome, delayMilliseconds: outcome.delayMilliseconds + fault.milliseconds };
    case 'drip':
      return { ...outcome, dripMilliseconds: fault.milliseconds };
    case 'headers':
      return change({ headers: { ...answer.headers, ...fault.headers } });
    default:
      // The remaining faults falsify a good answer; other answers stay unchanged.
      return answer.status === 200 ? change(falsify(answer, fault)) : outcome;
  }
}

type Falsehood = Extract<
  Fault,
  { kind: 'missingPages' | 'pages' | 'lastModified' | 'duplicateContract' | 'transform' }
>;

function falsify(answer: Answer, fault: Falsehood): Partial<Answer> {
  switch (fault.kind) {
    case 'missingPages':
      return { headers: { ...answer.headers, 'X-Pages': null } };
    case 'pages':
      return { pages: fault.pages };
    case 'lastModified':
      return answer.lastModified === undefined ? {} : { lastModified: answer.lastModified + fault.shiftSeconds * 1000 };
    case 'duplicateContract':
      return { body: changed(answer, (rows) => (Array.isArray(rows) ? [answer.firstRow, ...rows] : rows)) };
    case 'transform':
      return { body: changed(answer, fault.transform) };
  }
}

function changed(answer: Answer, change: (value: unknown) => unknown): Body {
  return Body.json(change(JSON.parse(answer.body?.text ?? 'null')));
}

function statusAnswer({ status, body, headers }: Extract<Fault, { kind: 'status' }>): Answer {
  const isText = typeof body === 'string';
  // These two have no body, whatever else is said.
  const hasBody = status !== 204 && status !== 304;
  return {
    status,
    ...(hasBody ? { body: isText ? new Body(body) : Body.json(body ?? { error: `Injected ${status}` }) } : {}),
    ...(isText ? { contentType: 'text/plain; charset=utf-8' } : {}),
    ...(headers === undefined ? {} : { headers }),
  };
}

function limitHeaders(resetSeconds: number | null = defaultResetSeconds): Record<string, string | null> {
  return resetSeconds === null
    ? { 'X-Esi-Error-Limit-Remain': null, 'X-Esi-Error-Limit-Reset': null }
    : { 'X-Esi-Error-Limit-Remain': '0', 'X-Esi-Error-Limit-Reset': String(resetSeconds) };
}

/** Half of a body is not JSON, except for the shortest ones. */
function halfOf(body: Body | undefined): Body {
  const text = body?.text ?? '';
  return new Body(text.length > 3 ? text.slice(0, Math.floor(text.length / 2)) : '[{');
}
