import { randomUUID } from 'node:crypto';
import { getTableColumns, getTableName, sql, type Table } from 'drizzle-orm';
import type { Driver } from '../script.ts';
import type { Store } from '../store.ts';
import { backlogOperations } from './backlog.ts';
import { bidOperations } from './bids.ts';
import { departureOperations } from './departures.ts';
import { inGroups, type StoreContracts } from './grouping.ts';
import { outcomeOperations } from './history/outcomes.ts';
import { pruneOperations } from './history/prune.ts';
import { ledgerOperations } from './ledger.ts';
import { rollOperations } from './rolls.ts';
import { sweepOperations } from './sweeps.ts';
import { referenceOperations } from './universe/references.ts';
import { routeOperations } from './universe/routes.ts';
import { staticDataOperations } from './universe/static-data.ts';
import { structureOperations } from './universe/structures.ts';
import { createValidatorTable } from './validator-table.ts';
import { valueOperations } from './values.ts';

/**
 * The store over a driver, except for operations that each database implements differently.
 *
 * @param tables of the dialect's schema
 * @param own.storeContracts writes contracts in one transaction
 * @throws {NotMigratedError} when a table or a column is missing, before a pass has sent a request
 */
export async function createStore(
  driver: Driver,
  tables: Readonly<Record<string, Table>>,
  {
    storeContracts,
    ...own
  }: Pick<Store, 'analyze' | 'vacuum' | 'writeInBulk'> & { readonly storeContracts: StoreContracts },
): Promise<Store> {
  // One statement, because a server may be far away. Every column is looked up, and no row is read.
  const empty = Object.values(tables).map((table) => {
    const columns = Object.values(getTableColumns(table)).map(({ name }) => sql.identifier(name));
    return sql`EXISTS (SELECT ${sql.join(columns, sql`, `)} FROM ${sql.identifier(getTableName(table))} WHERE FALSE)`;
  });
  await driver.read(sql`SELECT 1 WHERE ${sql.join(empty, sql` OR `)}`);
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
    ...departureOperations(driver),
    ...backlogOperations(driver),
    ...bidOperations(driver),
    ...referenceOperations(driver),
    ...staticDataOperations(driver),
    ...routeOperations(driver),
    ...structureOperations(driver),
    ...rollOperations(driver),
    ...outcomeOperations(driver),
    ...valueOperations(driver),
    ...pruneOperations(driver),
    storeContract: inGroups(storeContracts),
    ...own,
  };
}
