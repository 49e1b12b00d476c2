import type { Instant } from '../../time.ts';
import type { RegionFreshness } from '../engine/freshness.ts';
import type { OutputRow, Subject } from '../engine/subject.ts';

export const formatNames = ['table', 'json', 'ndjson', 'csv', 'tsv', 'markdown', 'html'] as const;
export type FormatName = (typeof formatNames)[number];

/** Turns rows into text as they come; what it returns is written at once. */
export interface Format {
  begin(): string;
  rows(batch: readonly OutputRow[]): string;
  /** @param hasMore whether a limit left rows out that nobody asked to leave out */
  end(hasMore?: boolean): string;
}

/** What the text is written to. */
export interface Destination {
  /** Whether a terminal would obey what players wrote; a file or a pipe gets it as it is. */
  readonly isTerminal?: boolean | undefined;
  readonly color: boolean;
  /** How wide a table may be, in columns of the terminal; absent where there is none. */
  readonly width?: number | undefined;
}

/** What stands around the rows: fields of an object, before the last one, `rows`. */
export type Envelope = Readonly<Record<string, unknown>>;

/** What a page says of its answer. */
export interface About {
  readonly title: string;
  /** The question as it was typed: a command line. */
  readonly question?: string;
  /** The moment that the answer is true of; null when a region was never completely swept. */
  readonly asOf: Instant | null;
  readonly pricesAsOf: Instant | null;
  readonly regions: readonly RegionFreshness[];
  /** How the question was understood, and what is out of date, in sentences. */
  readonly notices: readonly string[];
  /** The address of the page that lists all others, where there is one. */
  readonly home?: string;
}

export interface FormatOptions extends Destination {
  readonly subject: Subject;
  /** Names of columns and of nested rows, and paths into them. */
  readonly fields: readonly string[];
  /** Those of them that nobody asked for in particular: where a table is too wide they give way first. */
  readonly standard?: readonly string[];
  /** Amounts of ISK to the last digit in tables, too; all other formats are always exact. */
  readonly exact?: boolean;
  /** False where nobody wants the subject's chart. @default true */
  readonly hasChart?: boolean;
  /** Leaves out the names of the columns. */
  readonly isHeadless?: boolean;
  /** Puts a byte-order mark in front of CSV, without which Excel takes UTF-8 for something else. */
  readonly hasByteOrderMark?: boolean;
  /** What stands around the rows of a JSON array. */
  readonly envelope?: Envelope | undefined;
  /** What a page says above its rows; only `html` has it, and needs it. */
  readonly about?: About | undefined;
}
