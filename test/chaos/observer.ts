import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { openForQueries } from '../../src/store/open.ts';
import type { ReadableStore } from '../../src/store/reader.ts';
import type { ChaosDatabase } from './databases.ts';
import type { ChaosWorld } from './world.ts';

interface SeenContract {
  readonly contract_id: number;
  readonly items: number;
}

/** A snapshot of the contracts in the database with their numbers of items. */
async function lookAt(store: ReadableStore): Promise<SeenContract[]> {
  return store.read((reader) =>
    reader.all<SeenContract>(sql`
      SELECT contracts.contract_id AS contract_id, count(contract_items.record_id) AS items
      FROM contracts LEFT JOIN contract_items ON contract_items.contract_id = contracts.contract_id
      GROUP BY contracts.contract_id`),
  );
}

/** Reads the database continuously. */
export interface Observer {
  /** The ids of the contracts that are stored now. */
  stored(): Promise<Set<number>>;
  /** Ends the reading. */
  stop(): Promise<{ readonly looks: number; readonly partial: readonly string[] }>;
}

/** Checks every few milliseconds for contracts without all their items. */
export async function observe({ location }: ChaosDatabase, { esi }: ChaosWorld): Promise<Observer> {
  const store = await openForQueries(location);
  const partial: string[] = [];
  let looks = 0;
  let isOver = false;

  async function look(): Promise<SeenContract[]> {
    const seen = await lookAt(store);
    looks += 1;
    for (const { contract_id, items } of seen) {
      const due = esi.world.contract(contract_id)?.items.length;
      if (due !== items) partial.push(`contract ${contract_id} has ${items} of ${due} items`);
    }
    return seen;
  }
  const reading = (async () => {
    while (!isOver) {
      await look();
      await sleep(10);
    }
  })();

  return {
    async stored() {
      return new Set((await look()).map(({ contract_id }) => contract_id));
    },
    async stop() {
      isOver = true;
      await reading;
      await store.close();
      return { looks, partial };
    },
  };
}
