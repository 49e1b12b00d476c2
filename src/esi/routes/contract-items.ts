import * as z from 'zod';
import type { Item } from '../../eve/contract.ts';
import { EsiFault, type Refusal, rowsPerPage, type SendRequest } from '../answer.ts';
import { id, integer, orNull, parse, trueOrAbsent } from '../schema.ts';

export const contractItemsPath = (contractId: number) => `contracts/public/items/${contractId}`;

const itemSchema: z.ZodType<Item> = z.object({
  record_id: id,
  type_id: id,
  quantity: integer,
  is_included: z.boolean(),
  is_blueprint_copy: trueOrAbsent,
  item_id: orNull(id),
  material_efficiency: orNull(integer),
  time_efficiency: orNull(integer),
  runs: orNull(integer),
});

export const parseItem = (row: unknown) => parse(itemSchema, row);

export type ContractItems = { readonly kind: 'ok'; readonly rows: unknown[] } | Refusal;

/**
 * All pages of a contract's items, or the refusal of any of them. The list never changes, so inconsistent pages mean
 * that it is incomplete.
 *
 * @throws {EsiFault} if the request for a page fails, or the pages do not form one list
 */
export async function fetchContractItems(request: SendRequest, contractId: number): Promise<ContractItems> {
  const rows: unknown[] = [];
  const fault = (problem: string) => new EsiFault(`items of contract ${contractId}: ${problem}`, 200);
  let pages: number | null = null;
  let pageLength = 0;
  for (let page = 1; page === 1 || isMore(pages, page, rows); page += 1) {
    const answer = await request(contractItemsPath(contractId), page === 1 ? {} : { page });
    if (answer.kind === 'not_modified') throw new EsiFault(`items of contract ${contractId}: unexpected 304`, 304);
    if (answer.kind === 'refused') {
      if (answer.status === 404 && page > 1 && pages === null) break;
      return answer;
    }
    if (!Array.isArray(answer.body)) throw fault('not a list');
    if (page > 1 && answer.pages !== pages) throw fault('X-Pages differs between the pages');
    pages = answer.pages;
    pageLength = page === 1 ? answer.body.length : pageLength;
    const isLast = pages === null || page >= pages;
    const fits = isLast ? answer.body.length <= pageLength : answer.body.length === pageLength;
    // An announced page that is empty has lost its body in transit; a single page may be empty.
    if (!fits || (answer.body.length === 0 && (pages ?? 1) > 1)) {
      throw fault(`page ${page} of ${pages} has ${answer.body.length} rows, the first has ${pageLength}`);
    }
    rows.push(...answer.body);
  }
  return { kind: 'ok', rows };
}

/** Without X-Pages, a full page may have a successor. */
function isMore(pages: number | null, page: number, rows: readonly unknown[]): boolean {
  return pages === null ? rows.length === (page - 1) * rowsPerPage : page <= pages;
}

/** Whether a refusal says that a player accepted the contract; no other text proves it (esi/esi-issues#1242). */
export function isAcceptance({ status, reason }: Refusal): boolean {
  return status === 403 && /^contract accepted by player/i.test(reason);
}

/**
 * Whether a refusal says that the contract was accepted, deleted or has expired: 204, 404 and two of the texts of 403.
 */
export function isContractGone({ status, reason }: Refusal): boolean {
  return status === 204 || status === 404 || (status === 403 && /accepted|not public/i.test(reason));
}
