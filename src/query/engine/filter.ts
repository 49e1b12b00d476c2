import type { SQL } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';

/** Values by the names of their filters: those that were typed, and those that hold unless others are. */
export type Given = Readonly<Record<string, readonly string[]>>;

/** What a filter may look at besides the values that were typed. */
export interface FilterContext {
  readonly reader: Reader;
  /** All that was typed, and the defaults. */
  readonly given: Given;
  /** Says on stderr what the reader must know of how a flag was understood; the same sentence is said once. */
  readonly notice: (sentence: string) => void;
  /** What names were found to mean, so that each is looked up once a question. */
  readonly lookedUp: Map<string, Promise<readonly number[]>>;
}

/** The SQL of a filter's condition; several values of one filter are alternatives. */
export type Condition = (values: readonly string[], context: FilterContext) => Promise<SQL> | SQL;

/** A condition on one item. */
export interface ItemCondition {
  readonly sql: SQL;
  /** Whether an index finds the items that fit. */
  readonly isIndexed: boolean;
}

/** A condition on the rows, typed as a flag. */
export interface Filter {
  /** Of its flag, without the dashes: `min-price`. */
  readonly name: string;
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
   * Throws a {@link UsageError} when a value makes no sense or names nothing. Absent where the filter speaks of an item,
   * and where the subject itself reads its values.
   */
  readonly condition?: Condition;
  /** The condition on one item, where the filter speaks of one; the subject says what that means for its rows. */
  readonly ofItem?: (values: readonly string[], context: FilterContext) => Promise<ItemCondition> | ItemCondition;
  /** Defaults that give way to this filter, since they would leave nothing to find. */
  readonly implies?: Given;
  /** The regions whose lists can have what fits; undefined where that cannot be told. */
  readonly regions?: (values: readonly string[], context: FilterContext) => Promise<readonly number[] | undefined>;
}

/** A filter that speaks of one item. */
export type ItemFilter = Filter & Required<Pick<Filter, 'ofItem'>>;

/** A filter as it is typed: `--min-price`. */
export function flagOf({ name }: Pick<Filter, 'name'>): string {
  return `--${name}`;
}

/** Something that has a name, by which a filter may ask for it. */
export interface Nameable {
  /** For messages. */
  readonly what: string;
  /** A query for all of them: columns `id` and `name`, no name null. */
  readonly named: SQL;
  /** A query for all ids that there are, where the database knows them all: a column `id`. */
  readonly everyId?: SQL;
  /** A query for what bears such an id and is something else: columns `id` and `name`. */
  readonly others?: SQL;
  /** A query for the ids that the database has come across: a column `id`. */
  readonly known: SQL;
  /** Whether it is types that are named. */
  readonly areTypes?: boolean;
  /** Whether there are too many of them to choose from, as a shell's completion lets one do. */
  readonly areMany?: boolean;
  /** What a name in full has behind the name that may be typed for it. */
  readonly suffix?: string;
  /** The names in full, where a name alone does not tell two of them apart. */
  readonly inFull?: (rows: readonly NamedRow[], reader: Reader) => Promise<NamedRow[]>;
}

export interface NamedRow {
  readonly id: number;
  readonly name: string;
}
