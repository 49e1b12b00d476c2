import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import * as z from 'zod';
import { messageOf } from '../errors.ts';
import { structures, systems } from './id-ranges.ts';
import { storableText } from './text.ts';

/** A player structure in community lists. ESI does not publish the names of player structures. */
export interface Structure {
  readonly structure_id: number;
  readonly name: string;
  /** Null if the list does not have it. */
  readonly system_id: number | null;
}

const required = ['structure_id', 'name'] as const;

const noStructure = 'is not the id of a player structure';
const noSystem = 'is not the id of a solar system';
const empty = z.literal('').transform(() => null);
const inSystems = z.coerce.number(noSystem).int(noSystem).min(systems.first, noSystem).max(systems.last, noSystem);
const structureSchema = z.object({
  structure_id: z.coerce
    .number(noStructure)
    .int(noStructure)
    .min(structures.first, noStructure)
    .max(structures.last, noStructure),
  name: z.string('is not a text').transform(storableText).pipe(z.string().min(1, 'is empty')),
  system_id: z
    .union([empty, inSystems], noSystem)
    .nullish()
    .transform((id) => id ?? null),
});

/**
 * Parses a list of structures: CSV with a header, or a JSON array of objects. Ignores unknown columns; of duplicates
 * the last one counts.
 *
 * @throws {Error} that says what is wrong with the list, or with which row
 */
export function parseStructures(text: string): Structure[] {
  const rows = rowsIn(text.replace(/^\uFEFF/, ''));
  const byId = new Map<number, Structure>();
  for (const [index, row] of rows.entries()) {
    const structure = structureIn(row, `row ${index + 1}`);
    byId.set(structure.structure_id, structure);
  }
  return [...byId.values()];
}

function structureIn(row: unknown, which: string): Structure {
  if (typeof row !== 'object' || row === null) throw new Error(`${which}: is not an object`);
  const missing = required.find((name) => !(name in row));
  if (missing !== undefined) throw new Error(`${which}: ${missing}: is missing`);
  const parsed = structureSchema.safeParse(withUsualNames(row));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${which}: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** A list comes from a download, whose file has something else if the server or the disk failed. */
function rowsIn(text: string): readonly unknown[] {
  const start = text.trimStart();
  if (start === '') throw new Error('is empty');
  if (hasControlCharacters(text.slice(0, checkedCharacters))) {
    throw new Error('is a binary file; save the list as CSV or JSON, and decompress it');
  }
  if (start.startsWith('<')) throw new Error('is HTML or XML instead of CSV or JSON');
  return /^[[{]/.test(start) ? rowsOfJson(start) : rowsOfCsv(text);
}

const checkedCharacters = 1_000;

/** Whether a text has control characters other than tabs and line breaks. */
function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text.replaceAll(/[\t\n\r]/g, ''));
}

function rowsOfJson(text: string): readonly unknown[] {
  const value = parsedJson(text);
  if (!Array.isArray(value)) throw new Error('is a JSON object, not an array of structures');
  return value;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
}

function rowsOfCsv(text: string): readonly unknown[] {
  try {
    return parseCsv(text, { columns: checkedHeader, trim: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw new Error(problemOf(error), { cause: error });
    throw error;
  }
}

/** @throws {Error} when a required column is missing: without rows, nothing else would show it */
function checkedHeader(header: string[]): string[] {
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length === 0) return header;
  const [only = '', ...others] = header;
  const separator = others.length > 0 ? undefined : /[;\t]/.exec(only)?.[0];
  if (separator !== undefined) {
    throw new Error(`has ${separator === '\t' ? 'tabs' : '";"'} between its columns; separate them with ","`);
  }
  const columns = `column${missing.length === 1 ? '' : 's'} ${missing.join(' and ')}`;
  throw new Error(`lacks the ${columns}; its header is "${header.join(',').slice(0, shownCharacters)}"`);
}

const shownCharacters = 80;

/** The problem in words for users instead of the parser's. */
function problemOf({ code, lines, record, columns }: CsvError & Partial<CsvPlace>): string {
  const line = `line ${lines ?? '?'}`;
  if (code === 'CSV_RECORD_INCONSISTENT_COLUMNS') {
    return `${line} has ${record?.length} values, but the header has ${columns?.length}`;
  }
  return `${line}: a quotation mark is misplaced or missing`;
}

/** What an error of the parser says about its place. */
interface CsvPlace {
  readonly lines: number;
  readonly record: readonly string[];
  readonly columns: readonly unknown[];
}

/** Some lists have the column names of ESI's route for structures. */
function withUsualNames(row: object): object {
  return 'solar_system_id' in row && !('system_id' in row) ? { ...row, system_id: row.solar_system_id } : row;
}
