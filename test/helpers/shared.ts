import { afterAll, beforeAll } from 'vitest';
import { openForQuestions, openLocked } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import type { Backing, TestDatabase } from './backings.ts';
import { fill, type GivenContract } from './contracts.ts';
import { type Market, market } from './market.ts';
import { change } from './tables.ts';
import { saveUniverse } from './universe.ts';

/** Says of the market's one module with an id of its own how it was rolled. */
function addRoll(database: TestDatabase): Promise<void> {
  return change(
    database,
    `INSERT INTO dogma_attributes (attribute_id, name, high_is_good) VALUES (54, 'maxRange', TRUE);
    INSERT INTO mutations VALUES (47701, 527, 47702);
    INSERT INTO mutation_ranges (mutator_type_id, attribute_id, min, max) VALUES (47701, 54, 0.9, 1.4);
    INSERT INTO rolls (item_id, type_id, contract_id, source_type_id, mutator_type_id, fetched_at)
      VALUES (1000000000001, 587, 101, 527, 47701, '2026-03-01T12:00:00Z');
    INSERT INTO roll_attributes VALUES (1000000000001, 54, 11500)`,
  );
}

/**
 * A database that the tests around it only read: filled once before them, gone after them. By default it holds the
 * market. What is returned gives it to a test.
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
    const readable = await openForQuestions(made.database.location);
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
