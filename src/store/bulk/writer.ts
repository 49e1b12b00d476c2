import type { SQL } from 'drizzle-orm';
import type { TableShape } from './tables.ts';

/** Writes very many rows in one transaction. */
export interface BulkWriter {
  /**
   * @param rows values in the order of the table's columns
   * @param target another table with the same columns
   */
  insert(table: TableShape, rows: readonly (readonly unknown[])[], target?: string): Promise<void>;
  run<Row>(statement: SQL): Promise<readonly Row[]>;
}

/** Does all of the work in one transaction, or nothing of it where the work fails. */
export type WriteInBulk = <Result>(work: (writer: BulkWriter) => Promise<Result>) => Promise<Result>;
