import type { SQL } from 'drizzle-orm';
import type { Reader } from '../../store/reader.ts';

/** Values by filter name: typed values and defaults. */
export type Given = Readonly<Record<string, readonly string[]>>;

/** What a filter can use besides its own values. */
export interface FilterContext {
  readonly reader: Reader;
  /** All typed values, and the defaults. */
  readonly given: Given;
  /** Prints on stderr how a flag was understood; repeated sentences are printed once. */
  readonly notice: (sentence: string) => void;
  /** Cache of looked-up names, one lookup per question. */
  readonly lookedUp: Map<string, Promise<readonly number[]>>;
}

/** The SQL condition of a filter; several values of one filter are alternatives. */
export type Condition = (values: readonly string[], context: FilterContext) => Promise<SQL> | SQL;

/** A condition on one item. */
export interface ItemCondition {
  readonly sql: SQL;
  /** Whether an index finds the matching items. */
  readonly isIndexed: boolean;
}

/** A condition on the rows, given as a flag. */
export interface Filter {
  /** The flag without dashes: `min-price`. */
  readonly name: string;
  /** Absent for a flag without a value. */
  readonly argument?: string;
  readonly description: string;
  /** The possible values in lower case; they may be typed in any case, and separated by commas. */
  readonly choices?: readonly string[];
  /** The kind of names that its values are. */
  readonly names?: Nameable;
  /** Whether ESI may send values other than the {@link choices}; these are then accepted too. */
  readonly isOpen?: boolean;
  /** Whether commas separate values, as they do between {@link choices}; names and texts may contain commas. */
  readonly isList?: boolean;
  /** Whether a value replaces an earlier one, as for bounds, instead of adding an alternative. */
  readonly isSingle?: boolean;
  /**
   * Throws a {@link UsageError} for an invalid value or an unknown name. Absent for filters of an item, and for filters
   * that the subject evaluates itself.
   */
  readonly condition?: Condition;
  /** The condition on one item, for filters of an item; the subject decides its effect on rows. */
  readonly ofItem?: (values: readonly string[], context: FilterContext) => Promise<ItemCondition> | ItemCondition;
  /** Replaces defaults that would exclude every match of this filter. */
  readonly implies?: Given;
  /** The regions that can have matches; undefined if unknown. */
  readonly regions?: (values: readonly string[], context: FilterContext) => Promise<readonly number[] | undefined>;
}

/** A filter of one item. */
export type ItemFilter = Filter & Required<Pick<Filter, 'ofItem'>>;

/** A filter as typed: `--min-price`. */
export function flagOf({ name }: Pick<Filter, 'name'>): string {
  return `--${name}`;
}

/** Whether commas separate the values of a filter. */
export function takesList({ choices, isList }: Filter): boolean {
  return choices !== undefined || isList === true;
}

/** A kind of things that filters select by name. */
export interface Nameable {
  /** The noun for messages. */
  readonly what: string;
  /** A query for all of them: columns `id` and `name`, without nulls. */
  readonly named: SQL;
  /** A query for all existing ids, if the database knows them all: a column `id`. */
  readonly everyId?: SQL;
  /** A query for ids that belong to something else: columns `id` and `name`. */
  readonly others?: SQL;
  /** A query for the ids that the database has seen: a column `id`. */
  readonly known: SQL;
  /** Whether these are types. */
  readonly areTypes?: boolean;
  /** Whether there are too many for shell completion. */
  readonly areMany?: boolean;
  /** The ending of a full name that may be omitted. */
  readonly suffix?: string;
  /** The full names, for kinds in which names are not unique. */
  readonly inFull?: (rows: readonly NamedRow[], reader: Reader) => Promise<NamedRow[]>;
}

export interface NamedRow {
  readonly id: number;
  readonly name: string;
}
