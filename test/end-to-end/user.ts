import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { StandInEsi, StandInOptions } from '../fake-esi/types.ts';
import {
  type Backing,
  type DatabaseMaker,
  newDatabase,
  newMigratedDatabase,
  type TestDatabase,
} from '../helpers/backings.ts';
import { type Ended, run, start } from '../helpers/cli.ts';
import { differences, parseLines, type QueriedContract } from '../helpers/expected.ts';

/** A user of the built executable with a database and a stand-in ESI. */
export interface User {
  readonly esi: StandInEsi;
  readonly database: TestDatabase;
  readonly environment: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<Ended>;
  start(...args: string[]): ReturnType<typeof start>;
  /** Runs a pass that must end with this exit code, and returns its summary. */
  aggregate(expectedCode?: number, ...args: string[]): Promise<Summary>;
  /** All contracts with their items. */
  contracts(...args: string[]): Promise<QueriedContract[]>;
  /** Waits until a pass that is running has stored this many contracts. */
  stored(count: number): Promise<void>;
  /** Fails unless the database has exactly the contracts that the server lists. */
  expectEverything(state?: 'all' | 'listed'): Promise<void>;
}

export interface Summary {
  readonly outcome: string;
  readonly regions: Readonly<Record<string, number>>;
  readonly contracts: Readonly<Record<string, number>>;
  readonly items_stored: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly exit_code: number;
}

/** Enough regions for pages and skew, and few enough to be quick: The Forge, Domain, Heimatar. */
export const someRegions = [10000002, 10000043, 10000030];

export interface UserOptions extends StandInOptions {
  /** Contracts with a Rifter and some Tritanium: a pass over them is quick, because it has few names to fetch. */
  readonly plainContracts?: number;
}

/** A user with a database that is not migrated yet. */
export async function newUser(backing: DatabaseMaker, options: UserOptions = {}): Promise<User> {
  return userOf(await newDatabase(backing), options);
}

/** A user after `migrate`, or an equivalent, for tests that are not about migrations. */
export async function newReadyUser(backing: Backing, options: UserOptions = {}): Promise<User> {
  return userOf(await newMigratedDatabase(backing), options);
}

async function userOf(database: TestDatabase, { plainContracts = 0, ...options }: UserOptions): Promise<User> {
  const esi = await openEsi({ regions: someRegions, ...options });
  for (let count = 0; count < plainContracts; count += 1) {
    const items = [{ type_id: 587 }, { type_id: 34, quantity: 100 + count }];
    esi.world.add({ region_id: someRegions[count % someRegions.length] ?? 0, type: 'item_exchange', items });
  }
  const environment = {
    HANGARBAY_ESI_URL: esi.url,
    HANGARBAY_DATABASE_URL: database.url,
    HANGARBAY_CONTACT: 'pilot@example.com',
    ...(database.cacheUrl === undefined ? {} : { HANGARBAY_CACHE_URL: database.cacheUrl }),
  };
  const user: User = {
    esi,
    database,
    environment,
    run: (...args) => run(args, environment),
    start: (...args) => start(args, environment),
    async aggregate(expectedCode = 0, ...args) {
      const ended = await user.run('aggregate', '--json', ...args);
      expect({ code: ended.code, stderr: expectedCode === 0 ? ended.stderr : '' }).toEqual({
        code: expectedCode,
        stderr: '',
      });
      const summary = JSON.parse(ended.stdout) as Summary;
      expect(summary.exit_code).toBe(expectedCode);
      return summary;
    },
    async contracts(...args) {
      const ended = await user.run('query', '--items', '--limit', '0', '--format', 'ndjson', ...args);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      return parseLines(ended.stdout);
    },
    async stored(count) {
      const isThere = async () => Number((await user.run('query', '--state', 'all', '--count')).stdout) >= count;
      while (!(await isThere())) await sleep(10);
    },
    async expectEverything(state = 'all') {
      expect(differences(await user.contracts('--state', state), esi).slice(0, 3)).toEqual([]);
    },
  };
  return user;
}

/** A real page of ESI, if available. */
export const realPagePath = join(import.meta.dirname, '../../../shared/esi/forge-page-2019.json');
