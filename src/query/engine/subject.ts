import type { SQL } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import type { Nameable } from '../filters/names.ts';

/** What a column holds, for rows that must look the same on every database, and for aligning tables. */
export type ColumnKind = 'id' | 'number' | 'isk' | 'text' | 'flag' | 'instant' | 'link' | 'list';

/** What stands between the texts of a `list` in SQL; no name of the game has it. */
export const listSeparator = '; ';

/** What was typed, by flag name: `min-price`; an empty list for a flag that takes no value. */
export type Given = Readonly<Record<string, readonly string[]>>;

export interface Column {
  readonly sql: SQL;
  readonly kind: ColumnKind;
  /** Whether it needs the {@link Subject.joins}. */
  readonly isJoined?: boolean;
}

/** What a filter may look at besides the values that were typed. */
export interface FilterContext {
  readonly reader: Reader;
  readonly now: Instant;
  /** All that was typed, and the defaults. */
  readonly given: Given;
  /** Says on stderr what the reader must know of how a flag was understood; the same sentence is said once. */
  readonly notice: (sentence: string) => void;
}

/** The SQL of a flag's condition; several values of one flag are alternatives. */
export type Condition = (values: readonly string[], context: FilterContext) => Promise<SQL> | SQL;

/** A condition on the rows, typed as a flag. */
export interface Filter {
  readonly flag: string;
  /** Absent for a flag that takes no value. */
  readonly argument?: string;
  readonly description: string;
  /** The values that there are, in lower case; they may be typed in any. */
  readonly choices?: readonly string[];
  /** What its values name. */
  readonly names?: Nameable;
  /** Whether ESI may send other values than the {@link choices}, which then count as well. */
  readonly isOpen?: boolean;
  /** Whether a value replaces one that was given before, as with bounds, rather than being an alternative to it. */
  readonly isSingle?: boolean;
  /**
   * Throws a {@link UsageError} when a value makes no sense or names nothing. Absent where the subject reads the flag
   * `together` with others.
   */
  readonly condition?: Condition;
  /** Defaults that give way to this flag, since they would leave nothing to find. */
  readonly implies?: Given;
  /** The regions whose lists can have what fits; undefined where that cannot be told. */
  readonly regions?: (values: readonly string[], context: FilterContext) => Promise<readonly number[] | undefined>;
}

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
  /** The flag that leaves out the rows that have any. */
  readonly without: string;
  readonly open: (reader: Reader) => Promise<DerivedLoader>;
}

/** Something that can be asked for: its columns, in the order they are shown, and where they come from. */
export interface Subject {
  readonly name: string;
  readonly description: string;
  /** What else its help must say. */
  readonly details?: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Where the rows come from; of rows that sum others up, made from the condition on those. */
  readonly from: SQL | ((condition: SQL, context: FilterContext) => Promise<SQL> | SQL);
  /** Whether the sums stay the same when what they are made from is first narrowed to some keys, by their first part. */
  readonly isSummedByKey?: boolean;
  /** What names that which the rows refer to: left joins that neither add rows nor take any away. */
  readonly joins?: SQL | ((context: FilterContext) => Promise<SQL> | SQL);
  /** Unique: breaks ties, so that the same question always has the same answer. */
  readonly key: readonly [SQL, ...SQL[]];
  /** Set where each row is of one contract: its id, and its system, for which the {@link joins} are needed. */
  readonly contract?: { readonly id: SQL; readonly system: SQL };
  /** The order without `--sort`. */
  readonly order: SQL;
  /** What a table on a terminal shows unless told otherwise. */
  readonly tableFields: readonly string[];
  readonly filters: readonly Filter[];
  /** Conditions of flags that only together say what is meant. */
  readonly together?: (context: FilterContext) => Promise<readonly SQL[]> | readonly SQL[];
  /** Conditions that hold unless the flag is given, or another that implies something else. */
  readonly defaults: Given;
  readonly nested: readonly NestedRows[];
  readonly derived?: readonly Derived[];
  /** Rows at most without `--limit`; 0 for all. @default 50 */
  readonly limit?: number;
  /** Set where rows are only ever added at the end, so that a reader can go on where it stopped. */
  readonly stream?: Stream;
}

/** How to find out how far a stream goes. */
export interface Stream {
  /** Query for the key of the newest row, in one column `cursor`; no row where there is none. */
  readonly newest: SQL;
}

/** A row as it is put out: keys in the order of the fields. */
export type OutputRow = Record<string, unknown>;
