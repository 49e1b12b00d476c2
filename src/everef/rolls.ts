import { parseItem } from '../esi/routes/contract-items.ts';
import { parseRoll } from '../esi/routes/dynamic-items.ts';
import type { ArchivedRoll } from '../store/records/worth.ts';
import type { Archive } from './archive.ts';

/** The rolls of an archive whose modules are among its items. Malformed rolls are left for the next pass. */
export function rollsIn({ rolls, items, attributes, scrape_end: fetched_at }: Archive): ArchivedRoll[] {
  const found: ArchivedRoll[] = [];
  for (const [contract_id, rows] of rolls) {
    const types = new Map(
      (items.get(contract_id) ?? []).flatMap((row) => {
        const item = parseItem(row);
        return item.ok && item.value.item_id !== null ? [[item.value.item_id, item.value.type_id] as const] : [];
      }),
    );
    for (const row of rows as { readonly item_id?: unknown }[]) {
      const item_id = Number(row.item_id);
      const type_id = types.get(item_id);
      const parsed = parseRoll({ ...row, dogma_attributes: attributes.get(item_id) ?? [] });
      if (type_id === undefined || !parsed.ok) continue;
      found.push({ item_id, type_id, contract_id, fetched_at, ...parsed.value });
    }
  }
  return found;
}
