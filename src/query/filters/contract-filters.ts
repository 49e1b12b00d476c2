import { type SQL, sql } from 'drizzle-orm';
import { estimatedValue, isInDirection, state, unpricedItemCount } from '../contract/facts.ts';
import { anyOf, isAmong, isAmongIds } from '../engine/conditions.ts';
import type { Filter, FilterContext } from '../engine/filter.ts';
import { parseId } from '../engine/values.ts';
import { contentsFilters } from './contents-filters.ts';
import { offersAny } from './held-items.ts';
import { itemConditions, itemFilters, wants } from './item-filters.ts';
import { moneyFilters } from './money-filters.ts';
import { placeFilters } from './place-filters.ts';
import { textFilters } from './text-filters.ts';
import { timeFilters } from './time-filters.ts';
import { requireKnown } from './words.ts';

/** The contract types in ESI's specification; other types are accepted too. */
const contractTypes = ['item_exchange', 'auction', 'courier', 'loan', 'unknown'];
const directions = Object.keys(isInDirection);

/** Explains why a contract selected by id is not shown. */
async function noticeHiddenContracts(ids: readonly number[], { reader, given, notice }: FilterContext): Promise<void> {
  const found = await reader.all<{ contract_id: number; state: string }>(sql`
    SELECT contract_id, ${state} AS state FROM contracts WHERE ${isAmongIds(sql`contract_id`, ids)}`);
  for (const id of ids) {
    const its = found.find(({ contract_id }) => contract_id === id)?.state;
    if (its === undefined) notice(`--id ${id}: the contract is not stored`);
    else if (given.state !== undefined && !given.state.includes('all') && !given.state.includes(its)) {
      notice(`--id ${id}: the contract is ${its}; show it with --state all`);
    }
  }
}

/** Filters of the contract's own columns. */
export const ownFilters: readonly Filter[] = [
  {
    name: 'id',
    argument: '<contract id>',
    description: 'contracts with these ids',
    isList: true,
    async condition(values, context) {
      const ids = values.map((value) => parseId(value, '--id'));
      await noticeHiddenContracts(ids, context);
      return isAmongIds(sql`contracts.contract_id`, ids);
    },
    async regions(values, { reader }) {
      const ids = values.map((value) => parseId(value, '--id'));
      const found = await reader.all<{ region_id: number }>(
        sql`SELECT DISTINCT region_id FROM contracts WHERE ${isAmongIds(sql`contract_id`, ids)}`,
      );
      return found.length === 0 ? undefined : found.map(({ region_id }) => region_id);
    },
  },
  {
    name: 'type',
    argument: '<type>',
    description: contractTypes.join(', '),
    choices: contractTypes,
    isOpen: true,
    condition: async (values, { reader }) => {
      await requireKnown('--type', values, contractTypes, sql`contracts.type`, reader);
      return isAmong(sql`contracts.type`, values);
    },
  },
  {
    name: 'direction',
    argument: '<direction>',
    description: `${directions.join(', ')}: items offered, items asked for, or both`,
    choices: directions,
    condition: (values) => anyOf(values.map((word) => sql`(${isInDirection[word]})`)),
  },
  {
    name: 'for-corporation',
    description: "issued on behalf of the issuer's corporation",
    condition: () => sql`contracts.for_corporation`,
  },
  {
    name: 'priced',
    description: 'every item has a price, so the estimated value is complete',
    condition: () => sql`${estimatedValue} IS NOT NULL AND ${unpricedItemCount} = 0`,
  },
  ...placeFilters,
  ...moneyFilters,
  ...textFilters,
  ...timeFilters,
];

/** All filters of questions about contracts. */
export const contractFilters: readonly Filter[] = [...ownFilters, ...itemFilters, wants, ...contentsFilters];

/** The effect of item filters on a contract: it offers a matching item. */
export async function contractItemConditions(context: FilterContext): Promise<SQL[]> {
  const conditions = await itemConditions(context);
  return Promise.all(conditions.map((condition) => offersAny(condition, context)));
}
