import { Writable } from 'node:stream';
import { type PassOptions, runPass } from '../../src/aggregate/pass.ts';
import type { Summary } from '../../src/aggregate/summary.ts';
import { openRedis } from '../../src/esi/redis.ts';
import { openValidators } from '../../src/esi/validators.ts';
import { createLog, type Log } from '../../src/log.ts';
import type { Store } from '../../src/store/store.ts';
import { openEsi } from '../esi/open-esi.ts';
import type { NewContract, StandInEsi, StandInOptions } from '../esi/types.ts';
import { type Backing, openTestStore, type TestDatabase } from './backings.ts';
import { openTestClient, type TestClientOptions } from './client.ts';
import { forge, jita } from './esi-rows.ts';
import { retryAtOnce, stopTime } from './time.ts';

export interface PassChoices extends TestClientOptions {
  /** @default The Forge */
  readonly regions?: readonly string[];
  /** Whose validators are used. @default the database's own */
  readonly validatorsOf?: Pick<Store, 'validators' | 'identity'>;
  readonly options?: Partial<PassOptions>;
  /** Called with the signal's controller before the pass begins. */
  readonly onStart?: (stop: AbortController) => void;
}

/** A database of one backing, for one pass after the other. */
export interface PassBench {
  readonly esi: StandInEsi;
  readonly store: Store;
  readonly database: TestDatabase;
  /** What all passes said, one JSON object a line. */
  readonly log: readonly string[];
  /** Runs a pass, wired as `aggregate` does it. */
  pass(choices?: PassChoices): Promise<Summary>;
}

/**
 * A stand-in ESI of The Forge with ten contracts a page, and a database. The clock stands still, so that nothing
 * expires unless the test says so; failed requests are repeated at once. Tests with pauses mock `node:timers/promises`.
 */
export async function openBench(backing: Backing, options: StandInOptions = {}): Promise<PassBench> {
  stopTime();
  retryAtOnce();
  const esi = await openEsi({ regions: [forge], pageSize: 10, ...options });
  return openBenchAt(backing, esi);
}

/** Another database, for passes against an ESI that is there already. */
export async function openBenchAt(backing: Backing, esi: StandInEsi): Promise<PassBench> {
  const { store, database } = await openTestStore(backing);
  const { log, lines } = collectingLog();
  return {
    esi,
    store,
    database,
    log: lines,
    async pass({ regions = [String(forge)], validatorsOf = store, options, onStart, ...limits } = {}) {
      const { client, stop } = openTestClient(esi, limits);
      const { cacheUrl } = database;
      const validators = openValidators({
        store: cacheUrl === undefined ? validatorsOf.validators : await openRedis(new URL(cacheUrl)),
        identity: validatorsOf.identity,
        onFailure: (message) => log.warn(`the cache failed: ${message}`),
      });
      onStart?.(stop);
      const concurrency = limits.concurrency ?? 20;
      try {
        return await runPass({ esi: client, store, validators, regions, concurrency, log, ...options });
      } finally {
        await validators.close();
      }
    },
  };
}

/** Adds an item exchange with one item to The Forge, in Jita. */
export function addExchange({ world }: StandInEsi, given: NewContract = {}): number {
  const usual: NewContract = { type: 'item_exchange', region_id: forge, start_location_id: jita };
  const { contract } = world.add({ ...usual, items: [{ type_id: 587 }], ...given });
  return contract.contract_id;
}

/** Adds so many of them, and gives their ids, which rise. */
export function addExchanges(esi: StandInEsi, count: number): number[] {
  return Array.from({ length: count }, () => addExchange(esi));
}

/** The pages of lists that were asked for, each with the status of its answer. */
export function listRequests({ requests }: StandInEsi): [page: number, status: number][] {
  return requests.all({ route: 'list' }).map(({ page, status }) => [page, status]);
}

function collectingLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLog({ level: 'debug', format: 'json', stream: stream as unknown as NodeJS.WriteStream }), lines };
}
