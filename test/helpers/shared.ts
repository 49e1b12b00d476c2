import { afterAll, beforeAll } from 'vitest';
import { openForQueries, openLocked } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import type { Backing } from './backings.ts';
import { fill, type GivenContract } from './contracts.ts';
import { addRoll, type Market, market } from './market.ts';
import { saveUniverse } from './universe.ts';

/**
 * A read-only database for the tests of a file: filled once before them and removed after them. By default it has the
 * market. Returns a function that gives it to a test.
 */
export function sharedMarket(
  backing: Backing,
  contracts: readonly GivenContract[] = market,
  addToUniverse: (store: Store) => Promise<void> = async () => {},
): () => Market {
  let shared: Market | undefined;
  let drop = async () => {};
  beforeAll(async () => {
    const made = await backing.makeMigrated();
    drop = made.drop;
    const locked = await openLocked(made.database.location);
    await saveUniverse(locked.store);
    await addToUniverse(locked.store);
    const filled = await fill(locked.store, contracts);
    await locked.close();
    if (contracts === market) await addRoll(made.database);
    shared = { ...filled, database: made.database };
    // Two connections for each question would take longer than the question. A file is opened in no time.
    if (made.database.location.dialect === 'sqlite') return;
    const readable = await openForQueries(made.database.location);
    shared = { ...filled, database: { ...made.database, readable } };
    drop = async () => {
      await readable.close();
      await made.drop();
    };
  });
  afterAll(() => drop());
  return () => {
    if (shared === undefined) throw new Error('the database is not filled yet');
    return shared;
  };
}
