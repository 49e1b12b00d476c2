import { messageOf } from '../errors.ts';
import { EsiFault } from '../esi/answer.ts';
import type { EsiClient } from '../esi/client.ts';
import { marketPricesPath, parseMarketPrices } from '../esi/routes/market-prices.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { type Clock, hasCome, instantAfter, toInstant } from '../time.ts';

interface PricesContext {
  readonly esi: Pick<EsiClient, 'request'>;
  readonly store: Pick<Store, 'readMeta' | 'writeMeta' | 'saveMarketPrices'>;
  readonly now: Clock;
  readonly log: Log;
}

/** The result of refreshing the market prices in a pass. */
export type PricesOutcome = 'refreshed' | 'unchanged' | 'fresh' | 'failed' | 'not_asked';

const expiryKey = 'market_prices_expire_at';
const asOfKey = 'market_prices_as_of';
const etagKey = 'market_prices_etag';
/** Delay after a failure, about two passes; stored prices are kept. */
const failedDelayMilliseconds = 20 * 60_000;

/**
 * Fetches the market prices when the stored ones have expired: one request an hour.
 *
 * @throws {StopError} when the pass ends early
 */
export async function refreshMarketPrices({ esi, store, now, log }: PricesContext): Promise<PricesOutcome> {
  const expiresAt = await store.readMeta(expiryKey);
  if (expiresAt !== undefined && !hasCome(expiresAt, now())) return 'fresh';

  async function failed(reason: string): Promise<PricesOutcome> {
    log.debug(`market prices not refreshed: ${reason}; keeping the stored ones`);
    await store.writeMeta(expiryKey, instantAfter(now(), failedDelayMilliseconds));
    return 'failed';
  }
  try {
    const etag = (await store.readMeta(etagKey)) || null;
    const answer = await esi.request(marketPricesPath, { etag });
    if (answer.kind === 'refused') return await failed(`${answer.status} ${answer.reason}`);
    const expires_at = toInstant(answer.expiresAt);
    const generated = new Date(answer.lastModified ?? '');
    const as_of = toInstant(Number.isNaN(generated.getTime()) ? now() : generated);
    if (answer.kind === 'not_modified') {
      if (etag === null) return await failed('unexpected 304');
      await store.writeMeta(asOfKey, as_of);
      await store.writeMeta(expiryKey, expires_at);
      return 'unchanged';
    }
    const parsed = parseMarketPrices(answer.body);
    if (!parsed.ok) return await failed(parsed.reason);
    await store.saveMarketPrices({ prices: parsed.value, as_of, expires_at, etag: answer.etag });
    return 'refreshed';
  } catch (error) {
    if (!(error instanceof EsiFault)) throw error;
    return failed(messageOf(error));
  }
}
