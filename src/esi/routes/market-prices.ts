import * as z from 'zod';
import type { MarketPrice } from '../../eve/market-price.ts';
import { amount, id, orNull, parse } from '../schema.ts';

/** Average prices of all types in one answer, updated every hour. */
export const marketPricesPath = 'markets/prices';

const priceSchema: z.ZodType<MarketPrice> = z.object({
  type_id: id,
  average_price: orNull(amount),
  adjusted_price: orNull(amount),
});

export const parseMarketPrices = (body: unknown) => parse(z.array(priceSchema), body);
