import { Writable } from 'node:stream';
import { type PassSettings, passOver, type Surroundings } from '../../src/aggregate/conduct.ts';
import type { Summary } from '../../src/aggregate/summary.ts';
import { readConfig } from '../../src/config.ts';
import { createLog, type Log } from '../../src/log.ts';
import type { Store } from '../../src/store/store.ts';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { NewContract, StandInEsi, StandInOptions } from '../fake-esi/types.ts';
import { type Backing, openTestStore, type TestDatabase } from './backings.ts';
import { forge, jita } from './esi-rows.ts';
import { retryAtOnce, stopTime } from './time.ts';

/** What is not as usual: everything of The Forge, twenty requests at once, no end and no downtime. */
export interface PassChoices extends Partial<PassSettings>, Partial<Surroundings> {
  /** When the pass ends at the latest. */
  readonly deadline?: Date;
  /** Whose validators are used. @default the database's own */
  readonly validatorsOf?: Pick<Store, 'validators' | 'identity'>;
  /** Called with the controller that ends the pass, before it begins. */
  readonly onStart?: (stop: AbortController) => void;
}

/** A database of one backing, for one pass after the other. */
export interface PassBench {
  readonly esi: StandInEsi;
  readonly store: Store;
  readonly database: TestDatabase;
  /** What all passes said, one JSON object a line. */
  readonly log: readonly string[];
  /** Runs a pass, as `aggregate` does it once the database is open. */
  pass(choices?: PassChoices): Promise<Summary>;
}

/**
 * A stand-in ESI of The Forge with ten contracts per page, and a database. The clock is stopped, so that nothing
 * expires unless the test advances it; failed requests are repeated at once. Tests with pauses mock
 * `node:timers/promises`.
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
    pass({ validatorsOf: { identity, validators } = store, onStart, ...choices } = {}) {
      const stop = new AbortController();
      onStart?.(stop);
      const settings = { ...usualSettings(esi, database), ...choices };
      return passOver({ ...store, identity, validators }, settings, { log, stop, ...choices });
    },
  };
}

/** Settings of passes over a database against a stand-in ESI. */
export function usualSettings({ url }: Pick<StandInEsi, 'url'>, { cacheUrl }: TestDatabase): PassSettings {
  const names = ['cacheUrl', 'esiUrl', 'contact', 'regions', 'concurrency', 'maxRequests', 'downtime'] as const;
  const flags = { esiUrl: url, cacheUrl, regions: String(forge), downtime: 'none' };
  // The market prices have separate tests.
  return { ...readConfig(names, { flags, environment: {} }), marketPrices: false };
}

/** Adds an item exchange with one item to The Forge, in Jita. */
export function addExchange({ world }: StandInEsi, given: NewContract = {}): number {
  const usual: NewContract = { type: 'item_exchange', region_id: forge, start_location_id: jita };
  const { contract } = world.add({ ...usual, items: [{ type_id: 587 }], ...given });
  return contract.contract_id;
}

/** Adds this number of exchanges, and returns their ascending ids. */
export function addExchanges(esi: StandInEsi, count: number): number[] {
  return Array.from({ length: count }, () => addExchange(esi));
}

/** The pages of lists that were asked for, each with the status of its answer. */
export function listRequests({ requests }: StandInEsi): [page: number, status: number][] {
  return requests.all({ route: 'list' }).map(({ page, status }) => [page, status]);
}

/** A log of everything, and its lines as JSON. */
export function collectingLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLog({ level: 'debug', format: 'json', stream: stream as unknown as NodeJS.WriteStream }), lines };
}
