import { randomUUID } from 'node:crypto';
import { backlogOperations } from './backlog.ts';
import { bidOperations } from './bids.ts';
import { ledgerOperations } from './ledger.ts';
import { referenceOperations } from './references.ts';
import type { Driver } from './script.ts';
import type { Store } from './store.ts';
import { sweepOperations } from './sweeps.ts';
import { createValidatorTable } from './validators.ts';

/** The store over a driver, except for what each database does best in its own way. */
export async function createStore(driver: Driver, own: Pick<Store, 'storeContract' | 'analyze'>): Promise<Store> {
  const ledger = ledgerOperations(driver);
  let identity = await ledger.readMeta('identity');
  if (identity === undefined) {
    identity = randomUUID();
    await ledger.writeMeta('identity', identity);
  }
  return {
    identity,
    validators: createValidatorTable(driver),
    ...ledger,
    ...sweepOperations(driver),
    ...backlogOperations(driver),
    ...bidOperations(driver),
    ...referenceOperations(driver),
    ...own,
  };
}
