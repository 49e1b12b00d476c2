import * as z from 'zod';
import type { Bid } from '../../eve/contract.ts';
import { EsiFault, type Refusal, rowsPerPage, type SendRequest } from '../answer.ts';
import { amount, id, instant, parse } from '../schema.ts';

const contractBidsPath = (contractId: number) => `contracts/public/bids/${contractId}`;

const bidSchema: z.ZodType<Bid> = z.object({ bid_id: id, amount, date_bid: instant });

export const parseBid = (row: unknown) => parse(bidSchema, row);

export type ContractBids =
  | {
      readonly kind: 'ok';
      readonly rows: unknown[];
      /** Earliest time for the next request, by the local clock; the latest of all pages. */
      readonly expiresAt: Date;
    }
  | Refusal;

/**
 * All pages of an auction's bids, or the refusal of the first page. The list changes while the auction runs, so the
 * pages may belong to different generations. A bid that is missed between two pages is found the next time.
 *
 * @throws {EsiFault} if the request for a page fails, or its body is not a list
 */
export async function fetchContractBids(request: SendRequest, contractId: number): Promise<ContractBids> {
  const rows: unknown[] = [];
  let expiresAt = new Date(0);
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const answer = await request(contractBidsPath(contractId), page === 1 ? {} : { page });
    if (answer.kind === 'not_modified') throw new EsiFault(`bids of contract ${contractId}: unexpected 304`, 304);
    if (answer.kind === 'refused') {
      // The list has become shorter since the first page.
      if (answer.status === 404 && page > 1) break;
      return answer;
    }
    if (!Array.isArray(answer.body)) throw new EsiFault(`bids of contract ${contractId}: not a list`, 200);
    rows.push(...answer.body);
    if (answer.expiresAt > expiresAt) expiresAt = answer.expiresAt;
    // Without X-Pages, a full page may have a successor.
    pages = answer.pages ?? (answer.body.length === rowsPerPage ? page + 1 : page);
  }
  return { kind: 'ok', rows, expiresAt };
}

/** Whether a refusal means that the auction is over or has no bids. */
export function hasNoBids({ status }: Refusal): boolean {
  return [204, 403, 404].includes(status);
}
