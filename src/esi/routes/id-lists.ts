import * as z from 'zod';
import type { ReferenceKind } from '../../eve/reference.ts';
import { rowsPerPage, type SendRequest } from '../answer.ts';
import { id, type Parsed, parse } from '../schema.ts';

/** Lists of all ids of a kind; the second and third may have pages. */
const idListPaths = {
  region: 'universe/regions',
  group: 'universe/groups',
  market_group: 'markets/groups',
} as const satisfies Partial<Record<ReferenceKind, string>>;

/** More pages than any of these lists has. */
const maxPages = 20;

export const parseIds = (body: unknown) => parse(z.array(id), body);

/** The ids, or the reason why ESI did not return them. */
export type IdList = Parsed<{ readonly ids: readonly number[]; readonly expiresAt: Date }>;

/**
 * All ids of a kind.
 *
 * @throws {EsiFault} if the request for a page fails
 */
export async function fetchIds(request: SendRequest, kind: keyof typeof idListPaths): Promise<IdList> {
  const ids: number[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = await request(idListPaths[kind], page === 1 ? {} : { page });
    if (answer.kind === 'not_modified') return { ok: false, reason: 'unexpected 304' };
    if (answer.kind === 'refused') return { ok: false, reason: `${answer.status} ${answer.reason}` };
    const parsed = parseIds(answer.body);
    if (!parsed.ok) return parsed;
    ids.push(...parsed.value);
    const last = answer.pages ?? (parsed.value.length < rowsPerPage ? page : maxPages);
    if (page >= last) return { ok: true, value: { ids, expiresAt: answer.expiresAt } };
  }
  return { ok: false, reason: `more than ${maxPages} pages` };
}
