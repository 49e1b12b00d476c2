import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import { type Database, openForWriting } from './connection.ts';
import { contractOperations } from './contracts.ts';
import { ledgerOperations } from './ledger.ts';
import { referenceOperations } from './references.ts';
import { sweepOperations } from './sweeps.ts';
import { createValidatorTable } from './validators.ts';

/** Opens a migrated database file as the pass's store. The caller holds the lock. */
export async function openSqliteStore(path: string): Promise<Store> {
  const database = openForWriting(path);
  const ledger = ledgerOperations(database);
  let identity = await ledger.readMeta('identity');
  if (identity === undefined) {
    identity = randomUUID();
    await ledger.writeMeta('identity', identity);
  }
  return {
    identity,
    validators: createValidatorTable(database),
    ...ledger,
    ...sweepOperations(database),
    ...contractOperations(database),
    ...referenceOperations(database),
    async close() {
      close(database);
    },
  };
}

function close(database: Database): void {
  // Leaves a database of one file behind, which a person can copy.
  database.$client.pragma('wal_checkpoint(TRUNCATE)');
  database.$client.close();
}
