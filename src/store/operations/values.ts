import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { slices } from '../batches.ts';
import { itemPrice } from '../item-price.ts';
import type { MarketPrices } from '../records/worth.ts';
import { type Dialect, type Driver, excludedValues, execute, insertRowsInto, type Script } from '../script.ts';
import type { Store } from '../store.ts';
import { listedSince } from './changes.ts';
import { deleteMeta, writeMeta } from './meta.ts';

type ValueOperations = Pick<Store, 'saveMarketPrices' | 'valueContracts'>;

/** Key in `meta`: the newest change of a contract included in its value. Without it, all contracts are valued. */
const valuedUntilKey = 'valued_until_change';
/** Contracts whose items are read per statement. */
const valuedAtOnce = 1_000;
const nextTurn = promisify(setImmediate);

export function valueOperations({ transact, dialect }: Driver): ValueOperations {
  return {
    saveMarketPrices: (given) => transact(() => saveMarketPrices(given, dialect)),
    async valueContracts() {
      const news = await transact(() => listedSince(valuedUntilKey));
      if (news === undefined) return;
      for (const batch of slices(news.ids, valuedAtOnce)) {
        await transact(() => value(batch, dialect));
        // Lets signals and timers run between transactions.
        await nextTurn();
      }
      await transact(() => writeMeta({ [valuedUntilKey]: news.until }, dialect));
    },
  };
}

/** Marks all listed contracts for valuation, after a change of prices or types. */
export function* forgetValues(): Script<void> {
  yield* deleteMeta(valuedUntilKey);
}

const priceKinds = { type_id: 'id', average_price: 'isk', adjusted_price: 'isk' } as const;

function* saveMarketPrices({ prices, as_of, expires_at, etag }: MarketPrices, dialect: Dialect): Script<void> {
  yield* execute(sql`DELETE FROM market_prices`);
  // One row per type: an answer may have duplicates, and no database writes a row twice in one statement.
  const rows = [...new Map(prices.map((price) => [price.type_id, { ...price }])).values()];
  for (const some of slices(rows, valuedAtOnce)) {
    yield* execute(insertRowsInto('market_prices', priceKinds, some, dialect));
  }
  const times = { market_prices_as_of: as_of, market_prices_expire_at: expires_at };
  // Removes the ETag of earlier prices.
  yield* writeMeta({ ...times, market_prices_etag: etag ?? '' }, dialect);
  yield* forgetValues();
}

interface PricedItem {
  readonly contract_id: number;
  readonly quantity: number;
  readonly is_included: boolean | number;
  readonly average_price: number | null;
}

/** Summed in JavaScript, because databases add doubles in different orders and answers must be identical. */
function* value(contractIds: readonly number[], dialect: Dialect): Script<void> {
  const items = yield* execute<PricedItem>(sql`
    SELECT contract_items.contract_id AS contract_id, quantity, is_included, ${itemPrice} AS average_price
    FROM contract_items
    LEFT JOIN types ON types.type_id = contract_items.type_id
    LEFT JOIN market_prices ON market_prices.type_id = contract_items.type_id
    WHERE contract_items.contract_id IN (${dialect.values('id', contractIds)})
    ORDER BY contract_items.contract_id, record_id`);
  const values = new Map<number, { estimated_value: number | null; unpriced_item_count: number }>();
  for (const { contract_id, quantity, is_included, average_price } of items) {
    const sums = values.get(contract_id) ?? { estimated_value: null, unpriced_item_count: 0 };
    values.set(contract_id, sums);
    if (average_price === null) sums.unpriced_item_count += 1;
    else sums.estimated_value = (sums.estimated_value ?? 0) + (is_included ? 1 : -1) * quantity * average_price;
  }
  const rows = [...values].map(([contract_id, sums]) => ({ contract_id, ...sums }));
  const columns = { contract_id: 'id', estimated_value: 'isk', unpriced_item_count: 'id' } as const;
  yield* execute(sql`${insertRowsInto('contract_values', columns, rows, dialect)}
    ON CONFLICT (contract_id) DO UPDATE SET ${excludedValues(['estimated_value', 'unpriced_item_count'])}
    WHERE contract_values.estimated_value IS DISTINCT FROM excluded.estimated_value
      OR contract_values.unpriced_item_count <> excluded.unpriced_item_count`);
}
