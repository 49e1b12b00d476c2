import type { SQL } from 'drizzle-orm';
import type { TableShape } from './tables.ts';

/** Writes large numbers of rows in one transaction. */
export interface BulkWriter {
  /**
   * @param rows values in the order of the table's columns
   * @param target another table with the same columns
   */
  insert(table: TableShape, rows: readonly (readonly unknown[])[], target?: string): Promise<void>;
  run<Row>(statement: SQL): Promise<readonly Row[]>;
}

/** Runs the work in one transaction, which is rolled back if the work fails. */
export type WriteInBulk = <Result>(work: (writer: BulkWriter) => Promise<Result>) => Promise<Result>;
