import { parse as parseCsv } from 'csv-parse/sync';
import * as z from 'zod';
import { structures, systems } from './id-ranges.ts';
import { storableText } from './text.ts';

/** A player structure in community lists. ESI does not publish the names of player structures. */
export interface Structure {
  readonly structure_id: number;
  readonly name: string;
  /** Null if the list does not have it. */
  readonly system_id: number | null;
}

const empty = z.literal('').transform(() => null);
const inSystems = z.coerce
  .number()
  .int()
  .min(systems.first, 'is not the id of a solar system')
  .max(systems.last, 'is not the id of a solar system');
const structureSchema = z.object({
  structure_id: z.coerce
    .number()
    .int()
    .min(structures.first, 'is not the id of a player structure')
    .max(structures.last),
  name: z.string().transform(storableText).pipe(z.string().min(1, 'is empty')),
  system_id: z
    .union([empty, inSystems])
    .nullish()
    .transform((id) => id ?? null),
});

/**
 * Parses a list of structures: CSV with a header, or a JSON array of objects. Ignores unknown columns; of duplicates
 * the last one counts.
 *
 * @throws {Error} that says which row is wrong, and why
 */
export function parseStructures(text: string): Structure[] {
  const rows = rowsIn(text.replace(/^\uFEFF/, ''));
  const byId = new Map<number, Structure>();
  for (const [index, row] of rows.entries()) {
    const parsed = structureSchema.safeParse(withUsualNames(row));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Error(`row ${index + 1}: ${issue?.path.join('.') || 'the row'}: ${issue?.message}`);
    }
    byId.set(parsed.data.structure_id, parsed.data);
  }
  return [...byId.values()];
}

function rowsIn(text: string): readonly unknown[] {
  if (!/^\s*[[{]/.test(text)) return parseCsv(text, { columns: true, trim: true, skip_empty_lines: true });
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('not an array of structures');
  return value;
}

/** Some lists have the column names of ESI's route for structures. */
function withUsualNames(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return 'solar_system_id' in row && !('system_id' in row) ? { ...row, system_id: row.solar_system_id } : row;
}
