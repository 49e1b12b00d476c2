import type { SQL } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import type { Column } from './column.ts';
import type { Filter, FilterContext, Given } from './filter.ts';
import type { Join } from './joins.ts';

/** Nested rows of a row's contract, under their own name. */
export interface NestedRows {
  readonly name: string;
  readonly description: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Tables and joins of the nested rows. */
  readonly from: SQL;
  /** The column with the contract's id. */
  readonly contractId: SQL;
  readonly order: SQL;
}

/** Computes the lists of contracts by contract id; contracts with an empty list may be missing. */
export type DerivedLoader = (contractIds: readonly number[]) => Promise<ReadonlyMap<number, readonly string[]>>;

/** A list of texts per contract that JavaScript computes, shown with its own flag. */
export interface Derived {
  readonly name: string;
  readonly description: string;
  /** The possible texts of the list, with descriptions. */
  readonly values: Readonly<Record<string, string>>;
  /** The filter that removes rows with a non-empty list. */
  readonly without: Filter;
  readonly open: (reader: Reader) => Promise<DerivedLoader>;
}

/** A subject of questions: rows of a table, or aggregates of such rows. */
export type Subject = RowsSubject | SumsSubject;

/** A subject with the rows of a table. */
export interface RowsSubject extends SubjectFacts {
  readonly kind: 'rows';
  /** The table, with inner joins that every row needs. */
  readonly from: SQL;
}

/** A subject with aggregates of rows. */
export interface SumsSubject extends SubjectFacts {
  readonly kind: 'sums';
  /** The aggregates, as a table, over the rows that meet a condition. */
  readonly sum: (condition: SQL, context: FilterContext) => Promise<SQL> | SQL;
  /** Whether every sum covers rows with one first key part, so that a few sums can be computed without the others. */
  readonly isOfOneKey: boolean;
}

interface SubjectFacts {
  readonly name: string;
  readonly description: string;
  /** Further text for the help. */
  readonly details?: string;
  /** In the order of display. */
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns that depend on the database and on the question; they follow the others. */
  readonly growing?: (
    given: Given,
    context: Pick<FilterContext, 'reader' | 'notice' | 'lookedUp'>,
  ) => Promise<Readonly<Record<string, Column>>>;
  /** Joins to the rows that a row refers to; an answer omits unused ones. */
  readonly joins?: (reader: Reader) => Promise<readonly Join[]> | readonly Join[];
  /** Unique; breaks ties, so that a question always has the same answer. */
  readonly key: readonly [SQL, ...SQL[]];
  /** Set if each row is of one contract: the contract's id, and its system, which needs the {@link joins}. */
  readonly contract?: { readonly id: SQL; readonly system: SQL };
  /** The order without `--sort`. */
  readonly order: SQL;
  /** The default fields of a table on a terminal. */
  readonly tableFields: readonly string[];
  readonly filters: readonly Filter[];
  /** The effect of the filters of an item, taken together, on a row. */
  readonly itemsFit?: (context: FilterContext) => Promise<readonly SQL[]>;
  /** A condition on every row. */
  readonly always?: (context: FilterContext) => Promise<SQL> | SQL;
  /** Conditions that apply unless the filter is given, or another that implies something else. */
  readonly defaults: Given;
  readonly nested: readonly NestedRows[];
  readonly derived?: readonly Derived[];
  /** Default of `--limit`; 0 for all. @default 50 */
  readonly limit?: number;
  /** The chart on a page, if its fields are shown. */
  readonly chart?: Chart;
  /**
   * Set if each row is of one type: twice the type's id, plus one for blueprint copies. The key for median prices of
   * past days.
   */
  readonly history?: SQL;
  /** Set if rows are only ever added at the end, so that a reader can continue from a position. */
  readonly stream?: Stream;
}

/** A chart of rows: prices by day, or a scatter plot of two columns. */
export type Chart = { readonly kind: 'days' } | Scatter;

/** A scatter plot of two columns. */
export interface Scatter {
  readonly kind: 'scatter';
  readonly x: string;
  /** In ISK. */
  readonly y: string;
  /** The unit of x. */
  readonly unit: string;
  /** The column that labels a dot. */
  readonly label: string;
}

/** Queries on the rows of a stream, whose keys are cursors. */
export interface Stream {
  /** The key of the newest row, in one column `cursor`; empty without rows. */
  readonly newest: SQL;
  /** The {@link StreamRow} with a key; empty without that row. */
  rowAt(cursor: number): SQL;
  /** One row if the database knows this pass; otherwise empty. */
  passOf(runId: string): SQL;
  /** The key before the first row that is later than an instant, in one column `cursor`; null without such a row. */
  endAt(at: Instant): SQL;
}

/** What tells a row from another row that got the same key in a restored database. */
export interface StreamRow {
  readonly run_id: string;
  readonly contract_id: number;
  readonly at: Instant;
}

/** An output row, with its keys in the order of the fields. */
export type OutputRow = Record<string, unknown>;
