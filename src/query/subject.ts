import type { SQL } from 'drizzle-orm';
import type { Reader } from '../store/store.ts';
import type { Instant } from '../time.ts';

/** What a column holds, for rows that must look the same on every database, and for aligning tables. */
export type ColumnKind = 'id' | 'number' | 'isk' | 'text' | 'flag' | 'instant' | 'link';

export interface Column {
  readonly sql: SQL;
  readonly kind: ColumnKind;
}

/** What a filter may look at besides the values that were typed. */
export interface FilterContext {
  readonly reader: Reader;
  readonly now: Instant;
}

/** A condition on the rows, typed as a flag. */
export interface Filter {
  readonly flag: string;
  /** Absent for a flag that takes no value. */
  readonly argument?: string;
  readonly description: string;
  /** The values that a shell may complete. */
  readonly choices?: readonly string[];
  /**
   * The SQL of the condition; several values of one flag are alternatives.
   *
   * @throws {UsageError} when a value makes no sense or names nothing
   */
  readonly condition: (values: readonly string[], context: FilterContext) => Promise<SQL> | SQL;
}

/** Rows that belong to a row, shown under a name of their own. */
export interface NestedRows {
  readonly name: string;
  readonly description: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Tables and joins of the nested rows. */
  readonly from: SQL;
  /** The column that holds the parent's key. */
  readonly parentKey: SQL;
  readonly order: SQL;
}

/** Something that can be asked for: its columns, in the order they are shown, and where they come from. */
export interface Subject {
  readonly name: string;
  readonly description: string;
  /** What else its help must say. */
  readonly details?: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly from: SQL;
  /** Unique: breaks ties, so that the same question always has the same answer. */
  readonly key: SQL;
  /** The order without `--sort`. */
  readonly order: SQL;
  /** What a table on a terminal shows unless told otherwise. */
  readonly tableFields: readonly string[];
  readonly filters: readonly Filter[];
  /** Conditions that hold unless the flag is given. */
  readonly defaults: Readonly<Record<string, readonly string[]>>;
  readonly nested: readonly NestedRows[];
  /** Rows at most without `--limit`; 0 for all. */
  readonly limit: number;
  /** Set where rows are only ever added at the end, so that a reader can go on where it stopped. */
  readonly stream?: Stream;
}

/** What is there of a stream. */
export interface Stream {
  /** Query for the key of the newest row, in one column `cursor`; no row where there is none. */
  readonly newest: SQL;
}

/** A row as it is put out: keys in the order of the fields. */
export type OutputRow = Record<string, unknown>;
