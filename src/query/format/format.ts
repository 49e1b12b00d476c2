import type { Instant } from '../../time.ts';
import type { RegionFreshness } from '../engine/freshness.ts';
import type { OutputRow, Subject } from '../engine/subject.ts';

export const formatNames = ['table', 'json', 'ndjson', 'csv', 'tsv', 'markdown', 'html'] as const;
export type FormatName = (typeof formatNames)[number];

/** Formats rows as they arrive; the returned text is written at once. */
export interface Format {
  begin(): string;
  rows(batch: readonly OutputRow[]): string;
  /** @param hasMore whether the default limit left out rows */
  end(hasMore?: boolean): string;
}

/** The target of the text. */
export interface Destination {
  /** Whether control characters in player text would reach a terminal; files and pipes get it unchanged. */
  readonly isTerminal?: boolean | undefined;
  readonly color: boolean;
  /** Maximum width of a table, in terminal columns; absent without a limit. */
  readonly width?: number | undefined;
}

/** Fields of a JSON object before its last field `rows`. */
export type Envelope = Readonly<Record<string, unknown>>;

/** The heading of a page. */
export interface About {
  readonly title: string;
  /** The question as typed: a command line. */
  readonly question?: string;
  /** The time at which the answer is valid; null when a region was never completely swept. */
  readonly asOf: Instant | null;
  readonly pricesAsOf: Instant | null;
  readonly regions: readonly RegionFreshness[];
  /** Sentences about how the question was understood, and about stale regions. */
  readonly notices: readonly string[];
  /** The URL of the front page, if there is one. */
  readonly home?: string;
}

export interface FormatOptions extends Destination {
  readonly subject: Subject;
  /** Columns, nested rows, and paths into them. */
  readonly fields: readonly string[];
  /** Fields shown by default: removed first from a table that is too wide. */
  readonly standard?: readonly string[];
  /** Exact amounts of ISK in tables, too; all other formats are always exact. */
  readonly exact?: boolean;
  /** Whether to draw the subject's chart. @default true */
  readonly hasChart?: boolean;
  /** Omits the column names. */
  readonly isHeadless?: boolean;
  /** Writes a byte-order mark, without which Excel does not read CSV as UTF-8. */
  readonly hasByteOrderMark?: boolean;
  /** Fields around the rows of a JSON array. */
  readonly envelope?: Envelope | undefined;
  /** The heading of a page; required by `html`, unused by others. */
  readonly about?: About | undefined;
}
