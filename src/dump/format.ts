import * as z from 'zod';

/**
 * A dump is gzipped JSON lines: a header; for each table a line with its name, then its rows as arrays in the order of
 * the header's columns; a last line with a checksum of all previous lines.
 */

/** Incremented when older readers would misread a dump. */
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
  /** SHA-256 of all previous lines including line ends, in hexadecimal. */
  sha256: z.string(),
});
export type End = z.output<typeof endSchema>;

/** Progress of a dump or of its import. */
export interface DumpProgress {
  table: string;
  rows: number;
}
