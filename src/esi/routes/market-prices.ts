import * as z from 'zod';
import type { MarketPrice } from '../../eve/market-price.ts';
import { amount, id, orNull, parse } from '../schema.ts';

/** Prices of all types in one answer, renewed every hour. */
export const marketPricesPath = 'markets/prices';

const priceSchema: z.ZodType<MarketPrice> = z.object({
  type_id: id,
  average_price: orNull(amount),
  adjusted_price: orNull(amount),
});

export const parseMarketPrices = (body: unknown) => parse(z.array(priceSchema), body);
