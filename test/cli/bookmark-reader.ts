import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { type Backing, openTestStore, type TestDatabase } from '../helpers/backings.ts';
import { type Ended, run } from '../helpers/cli.ts';
import { fill, inHours, theForge } from '../helpers/contracts.ts';
import { sweepRow } from '../helpers/ledger-rows.ts';
import { change } from '../helpers/tables.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

/** Somebody who calls `query changes --since last`, and the database that answers. */
export interface Reader {
  readonly store: Store;
  readonly database: TestDatabase;
  /** The folder of bookmarks. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  changes(...args: string[]): Promise<Ended>;
  /** The contract ids returned by `--since last`, or by other arguments. */
  told(...args: string[]): Promise<number[]>;
  remembered(name?: string): { readonly cursor: number };
  /** Replaces a bookmark. */
  rewrite(text: string, name?: string): void;
  /** Lets contracts appear. */
  appear(...contractIds: number[]): Promise<void>;
  /** Restores a copy that was made before these contracts appeared. */
  restore(...contractIds: number[]): Promise<void>;
  /** Lets contracts appear in a pass of the last hour. */
  appearLater(...contractIds: number[]): Promise<void>;
}

export async function newReader(backing: Backing): Promise<Reader> {
  const { store, database } = await openTestStore(backing);
  // Before the first pass every answer comes with a warning.
  await store.recordRegionSweeps([sweepRow({ region_id: theForge, outcome: 'complete', finished_at: inHours(-1) })]);
  const state = temporaryFolder();
  const folder = join(state, 'hangarbay');
  const environment = { HANGARBAY_DATABASE_URL: database.url, XDG_STATE_HOME: state };
  const args = ['query', 'changes', '--format', 'ndjson'];
  const all = new Set<number>();
  const pathOf = (name = '') => join(folder, `changes-${store.identity}${name}.json`);
  const reader: Reader = {
    store,
    database,
    folder,
    args,
    environment,
    changes: (...more) => run([...args, ...more], environment),
    async told(...more) {
      const since = more.includes('--since') ? [] : ['--since', 'last'];
      const ended = await reader.changes(...since, ...more);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const lines = ended.stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => (JSON.parse(line) as { contract_id: number }).contract_id);
    },
    remembered: (name) => JSON.parse(readFileSync(pathOf(name), 'utf8')),
    rewrite: (text, name) => writeFileSync(pathOf(name), text),
    async appear(...contractIds) {
      for (const id of contractIds) all.add(id);
      await fill(
        store,
        [...all].map((contract_id) => ({ contract_id })),
      );
    },
    async restore(...contractIds) {
      for (const id of contractIds) all.delete(id);
      for (const table of ['contracts', 'contract_changes']) {
        await change(database, `DELETE FROM ${table} WHERE contract_id IN (${contractIds.join()})`);
      }
      const newest = 'SELECT max(change_id) FROM contract_changes';
      await change(
        database,
        database.location.dialect === 'sqlite'
          ? `UPDATE sqlite_sequence SET seq = (${newest}) WHERE name = 'contract_changes'`
          : `SELECT setval(pg_get_serial_sequence('contract_changes', 'change_id'), (${newest}))`,
      );
    },
    async appearLater(...contractIds) {
      await reader.appear(...contractIds);
      const ids = contractIds.join();
      await change(
        database,
        `UPDATE contract_changes SET run_id = 'a-later-run', at = '${inHours(-0.5)}' WHERE contract_id IN (${ids})`,
      );
    },
  };
  return reader;
}
