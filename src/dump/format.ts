import * as z from 'zod';

/**
 * A dump is gzip of lines of JSON: a header; for each table a line that names it, then its rows as arrays, in the order of
 * the header's columns; an end with a checksum of all lines before it.
 */

/** Raised whenever a reader of the version before would take a dump for something else. */
export const dumpVersion = 1;

export const headerSchema = z.object({
  hangarbay_dump: z.int(),
  /** The newest migration of the database. */
  migration: z.string(),
  identity: z.string(),
  created_at: z.string(),
  /** Columns by table. */
  tables: z.record(z.string(), z.array(z.string())),
});
export type Header = z.output<typeof headerSchema>;

export const tableSchema = z.object({ table: z.string() });

export const endSchema = z.object({
  end: z.literal(true),
  /** Numbers of rows by table. */
  rows: z.record(z.string(), z.int()),
  /** SHA-256 of all lines before this one, line ends included, in hexadecimal digits. */
  sha256: z.string(),
});
export type End = z.output<typeof endSchema>;

/** How far a dump or an import of one is. */
export interface DumpProgress {
  table: string;
  rows: number;
}
