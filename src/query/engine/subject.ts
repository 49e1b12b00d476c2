import type { SQL } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import type { Column } from './column.ts';
import type { Filter, FilterContext, Given } from './filter.ts';
import type { Join } from './joins.ts';

/** Rows that belong to a row's contract, shown under a name of their own. */
export interface NestedRows {
  readonly name: string;
  readonly description: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Tables and joins of the nested rows. */
  readonly from: SQL;
  /** The column that holds the contract's id. */
  readonly contractId: SQL;
  readonly order: SQL;
}

/** Works out the lists of contracts by their ids; a contract that has none may be missing. */
export type DerivedLoader = (contractIds: readonly number[]) => Promise<ReadonlyMap<number, readonly string[]>>;

/** A list of texts for each row's contract that is worked out in JavaScript, shown with a flag of its own. */
export interface Derived {
  readonly name: string;
  readonly description: string;
  /** The texts that a list may have, and what each says. */
  readonly values: Readonly<Record<string, string>>;
  /** The filter that leaves out the rows that have any. */
  readonly without: Filter;
  readonly open: (reader: Reader) => Promise<DerivedLoader>;
}

/** Something that can be asked for: rows of a table, or sums over such rows. */
export type Subject = RowsSubject | SumsSubject;

/** A subject whose rows are those of a table. */
export interface RowsSubject extends SubjectFacts {
  readonly kind: 'rows';
  /** The table, with the tables that every row has a row of. */
  readonly from: SQL;
}

/** A subject whose rows sum up others. */
export interface SumsSubject extends SubjectFacts {
  readonly kind: 'sums';
  /** The sums, as a table, over what a condition is true of. */
  readonly sum: (condition: SQL, context: FilterContext) => Promise<SQL> | SQL;
  /** Whether every sum covers rows with one first key part, so that a few sums can be computed without the others. */
  readonly isOfOneKey: boolean;
}

interface SubjectFacts {
  readonly name: string;
  readonly description: string;
  /** What else its help must say. */
  readonly details?: string;
  /** In the order they are shown. */
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns that depend on what the database holds, and on what is asked for; they come behind the others. */
  readonly growing?: (
    given: Given,
    context: Pick<FilterContext, 'reader' | 'notice' | 'lookedUp'>,
  ) => Promise<Readonly<Record<string, Column>>>;
  /** Joins that name what the rows refer to; an answer omits those that it does not use. */
  readonly joins?: (reader: Reader) => Promise<readonly Join[]> | readonly Join[];
  /** Unique: breaks ties, so that the same question always has the same answer. */
  readonly key: readonly [SQL, ...SQL[]];
  /** Set where each row is of one contract: its id, and its system, for which the {@link joins} are needed. */
  readonly contract?: { readonly id: SQL; readonly system: SQL };
  /** The order without `--sort`. */
  readonly order: SQL;
  /** What a table on a terminal shows unless told otherwise. */
  readonly tableFields: readonly string[];
  readonly filters: readonly Filter[];
  /** What the filters that speak of an item, taken together, mean for a row. */
  readonly itemsFit?: (context: FilterContext) => Promise<readonly SQL[]>;
  /** What is true of every row, whatever is asked. */
  readonly always?: (context: FilterContext) => Promise<SQL> | SQL;
  /** Conditions that hold unless the filter is given, or another that implies something else. */
  readonly defaults: Given;
  readonly nested: readonly NestedRows[];
  readonly derived?: readonly Derived[];
  /** Rows at most without `--limit`; 0 for all. @default 50 */
  readonly limit?: number;
  /** What a page draws of the rows, if their fields are there. */
  readonly chart?: Chart;
  /**
   * Set where each row is of one type: twice the type's id, and one more for copies of blueprints. The median prices of
   * past days are found by it.
   */
  readonly history?: SQL;
  /** Set where rows are only ever added at the end, so that a reader can go on where it stopped. */
  readonly stream?: Stream;
}

/** A chart of rows: prices by day, or two of their columns against each other. */
export type Chart = { readonly kind: 'days' } | Scatter;

/** Two columns of a subject against each other. */
export interface Scatter {
  readonly kind: 'scatter';
  readonly x: string;
  /** In ISK. */
  readonly y: string;
  /** The unit of x. */
  readonly unit: string;
  /** The column that says what a dot is. */
  readonly label: string;
}

/** How to find out how far a stream goes. */
export interface Stream {
  /** Query for the key of the newest row, in one column `cursor`; no row where there is none. */
  readonly newest: SQL;
}

/** A row as it is put out: keys in the order of the fields. */
export type OutputRow = Record<string, unknown>;
