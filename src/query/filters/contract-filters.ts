import { type SQL, sql } from 'drizzle-orm';
import { anyOf, isAmong, isAmongIds } from '../engine/conditions.ts';
import type { Filter, FilterContext } from '../engine/subject.ts';
import { parseId } from '../engine/values.ts';
import { offersAny } from './held-items.ts';
import { asFilters, itemConditions, itemFlags, wants } from './item-filters.ts';
import { moneyFilters } from './money-filters.ts';
import { placeFilters } from './place-filters.ts';
import { textFilters } from './text-filters.ts';
import { stateOf, timeFilters } from './time-filters.ts';
import { requireKnown } from './words.ts';

/** The values of `type` that ESI's specification lists; others may come and stay reachable. */
const contractTypes = ['item_exchange', 'auction', 'courier', 'loan', 'unknown'];
/** What is given for what: items for a price, a reward for items, or items for items; nothing without items. */
const directions: Readonly<Record<string, SQL>> = {
  sell: sql`contracts.item_count > 0 AND contracts.asked_item_count = 0`,
  buy: sql`contracts.item_count > 0 AND contracts.asked_item_count = contracts.item_count`,
  barter: sql`contracts.asked_item_count > 0 AND contracts.asked_item_count < contracts.item_count`,
};

export const direction = sql`CASE ${sql.join(
  Object.entries(directions).map(([word, condition]) => sql`WHEN ${condition} THEN ${sql.raw(`'${word}'`)}`),
  sql` `,
)} END`;

/** A contract that is asked for by its id is not left out without a word. */
async function sayWhatIsLeftOut(ids: readonly number[], { reader, now, given, notice }: FilterContext): Promise<void> {
  const found = await reader.all<{ contract_id: number; state: string }>(sql`
    SELECT contract_id, ${stateOf(now)} AS state FROM contracts WHERE ${isAmongIds(sql`contract_id`, ids)}`);
  for (const id of ids) {
    const state = found.find(({ contract_id }) => contract_id === id)?.state;
    if (state === undefined) notice(`--id ${id}: no contract with this id is stored`);
    else if (given.state !== undefined && !given.state.includes('all') && !given.state.includes(state)) {
      notice(`--id ${id}: the contract is ${state}; --state all shows it`);
    }
  }
}

/** Flags that speak of a contract whatever it holds. */
export const ownFilters: readonly Filter[] = [
  {
    flag: '--id',
    argument: '<contract id>',
    description: 'these contracts',
    async condition(values, context) {
      const ids = values.map((value) => parseId(value, '--id'));
      await sayWhatIsLeftOut(ids, context);
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
    flag: '--type',
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
    flag: '--direction',
    argument: '<direction>',
    description: `${Object.keys(directions).join(', ')}: items offered, items asked for, or both`,
    choices: Object.keys(directions),
    condition: (values) => anyOf(values.map((word) => sql`(${directions[word]})`)),
  },
  {
    flag: '--for-corporation',
    description: "issued on behalf of the issuer's corporation",
    condition: () => sql`contracts.for_corporation`,
  },
  ...placeFilters,
  ...moneyFilters,
  ...textFilters,
  ...timeFilters,
];

/** Every flag that a question about contracts takes. */
export const contractFilters: readonly Filter[] = [...ownFilters, ...asFilters(itemFlags), wants];

/** What the flags that speak of an item mean for a contract: it offers one. */
export async function contractItemConditions(context: FilterContext): Promise<SQL[]> {
  const conditions = await itemConditions(context);
  return Promise.all(conditions.map((condition) => offersAny(condition, context)));
}
