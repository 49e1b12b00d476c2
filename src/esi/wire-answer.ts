import { showControlCharacters } from '../visible.ts';
import { type Answer, type AnswerFacts, EsiFault, type WireAnswer } from './answer.ts';
import { expiryOf } from './expiry.ts';

/** Upper bound for X-Pages; all public contracts together fill 50 pages. A larger value is ignored. */
const maxPages = 1_000;

/**
 * Interprets a received answer.
 *
 * @throws {EsiFault} on a status that ESI does not use
 */
export function answerFrom({ status, headers, body, receivedAt }: WireAnswer, path: string): Answer {
  const pages = Number(headers['x-pages'] ?? Number.NaN);
  const facts: AnswerFacts = {
    etag: headers.etag ?? null,
    lastModified: headers['last-modified'] ?? null,
    expiresAt: expiryOf({ headers, receivedAt }),
    pages: Number.isInteger(pages) && pages >= 0 && pages <= maxPages ? pages : null,
  };
  if (status === 200) return { kind: 'ok', body, ...facts };
  if (status === 304) return { kind: 'not_modified', ...facts };
  if (status === 204) return { kind: 'refused', status, reason: reasonOf(body), expiresAt: facts.expiresAt };
  if (status >= 400) return { kind: 'refused', status, reason: reasonOf(body) };
  throw new EsiFault(`${path}: unexpected status ${status}${headers.location ? ' (a redirect)' : ''}`, status);
}

/** ESI's error message if there is one, shortened to a line. */
export function reasonOf(body: unknown): string {
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : body;
  const text = typeof said === 'string' ? said : said === undefined ? '' : JSON.stringify(said);
  return asLine(text);
}

/** Foreign text, shortened to a line. A surrogate pair that is cut in half is replaced, because databases reject it. */
export function asLine(text: string): string {
  return showControlCharacters(text).slice(0, 300).toWellFormed();
}
