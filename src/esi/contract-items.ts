import { type EsiClient, EsiFault, type Refusal, rowsPerPage } from './client.ts';

export type ContractItems = { readonly kind: 'ok'; readonly rows: unknown[] } | Refusal;

/**
 * All pages of a contract's items, or the refusal of any of them. The list never changes, so pages that do not fit
 * together are not the whole of it.
 *
 * @throws {EsiFault} when a page cannot be had, or the pages do not make one list
 */
export async function fetchContractItems({ ask }: Pick<EsiClient, 'ask'>, contractId: number): Promise<ContractItems> {
  const rows: unknown[] = [];
  const fault = (problem: string) => new EsiFault(`items of contract ${contractId}: ${problem}`, 200);
  let pages: number | null = null;
  let pageLength = 0;
  for (let page = 1; page === 1 || isMore(pages, page, rows); page += 1) {
    const answer = await ask(`contracts/public/items/${contractId}`, page === 1 ? {} : { page });
    if (answer.kind === 'not_modified') throw new EsiFault(`items of contract ${contractId}: 304 unasked`, 304);
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
    // An empty page that was announced lost its body on the way; the only page may be empty.
    if (!fits || (answer.body.length === 0 && (pages ?? 1) > 1)) {
      throw fault(`page ${page} of ${pages} has ${answer.body.length} rows where the first has ${pageLength}`);
    }
    rows.push(...answer.body);
  }
  return { kind: 'ok', rows };
}

/** Without X-Pages a full page means that there may be another. */
function isMore(pages: number | null, page: number, rows: readonly unknown[]): boolean {
  return pages === null ? rows.length === (page - 1) * rowsPerPage : page <= pages;
}
