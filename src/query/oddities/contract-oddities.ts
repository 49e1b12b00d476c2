import { type SQL, sql } from 'drizzle-orm';
import { blueprintCategoryId, bulkCategoryIds, shipCategoryId } from '../../eve/id-ranges.ts';
import type { Reader } from '../../store/reader.ts';
import { isAmongIds } from '../engine/conditions.ts';
import type { Filter } from '../engine/filter.ts';
import type { Derived } from '../engine/subject.ts';
import { type JudgedContract, type JudgedItem, oddities, odditiesOf, promiseOddity } from './oddities.ts';

type ContractRow = Omit<JudgedContract, 'items'> & { readonly contract_id: number };
type ItemRow = Pick<JudgedItem, 'type_id' | 'type_name' | 'quantity'> & {
  readonly contract_id: number;
  readonly category_id: number | null;
  readonly is_included: unknown;
};

/** Filters by {@link contractOddities}. */
export const noFlagged: Filter = { name: 'no-flagged', description: 'only contracts without oddities; see --flags' };

/** Oddities of contracts, from their contents. */
export const contractOddities: Derived = {
  name: 'flags',
  description: 'add the oddities of each contract',
  values: oddities,
  without: noFlagged,
  async open(reader) {
    const shipNames = await namesIn(
      sql`types JOIN groups ON groups.group_id = types.group_id AND groups.category_id = ${shipCategoryId}`,
      reader,
    );
    let typeNames: ReadonlySet<string> | undefined;

    return async (contractIds) => {
      // Without a title and without wanted items, a contract has no oddities.
      const contracts = await reader.all<ContractRow>(sql`
        SELECT contract_id, title, price, reward FROM contracts
        WHERE ${isAmongIds(sql`contract_id`, contractIds)} AND (title <> '' OR asked_item_count > 0)`);
      const rows = await reader.all<ItemRow>(sql`
        SELECT contract_items.contract_id AS contract_id, contract_items.type_id AS type_id, types.name AS type_name,
          groups.category_id AS category_id, contract_items.quantity AS quantity,
          contract_items.is_included AS is_included
        FROM contract_items
        LEFT JOIN types ON types.type_id = contract_items.type_id
        LEFT JOIN groups ON groups.group_id = types.group_id
        WHERE ${isAmongIds(
          sql`contract_items.contract_id`,
          contracts.map(({ contract_id }) => contract_id),
        )}
        ORDER BY contract_items.contract_id, contract_items.record_id`);
      const items = Map.groupBy(rows.map(itemOf), ({ contract_id }) => contract_id);
      const odditiesBy = (names: ReadonlySet<string>) =>
        new Map(
          contracts.map((contract) => {
            const held = items.get(contract.contract_id) ?? [];
            return [contract.contract_id, odditiesOf({ ...contract, items: held }, { shipNames, typeNames: names })];
          }),
        );
      const found = odditiesBy(typeNames ?? new Set());
      // More names only reduce the number of oddities. All names are many, and most batches do not need them.
      const isEnough = typeNames !== undefined || [...found.values()].every((list) => !list.includes(promiseOddity));
      if (isEnough) return found;
      typeNames = await namesIn(sql`types`, reader);
      return odditiesBy(typeNames);
    };
  },
};

async function namesIn(types: SQL, reader: Reader): Promise<ReadonlySet<string>> {
  const rows = await reader.all<{ name: string }>(
    sql`SELECT types.name AS name FROM ${types} WHERE types.name IS NOT NULL`,
  );
  return new Set(rows.map(({ name }) => name.toLowerCase()));
}

function itemOf({ category_id, is_included, ...row }: ItemRow): JudgedItem & { readonly contract_id: number } {
  return {
    ...row,
    is_included: Boolean(is_included),
    is_ship: category_id === shipCategoryId,
    is_blueprint: category_id === blueprintCategoryId,
    is_bulk: category_id !== null && bulkCategoryIds.includes(category_id),
  };
}
