import { parse as parseCsv } from 'csv-parse/sync';
import * as z from 'zod';
import { structures, systems } from './id-ranges.ts';
import { storableText } from './text.ts';

/** A player structure, as lists of the community have it: ESI tells their names to nobody who may not dock there. */
export interface Structure {
  readonly structure_id: number;
  readonly name: string;
  /** Null where the list does not say. */
  readonly system_id: number | null;
}

const empty = z.literal('').transform(() => null);
const inSystems = z.coerce
  .number()
  .int()
  .min(systems.first, 'is no id of a system')
  .max(systems.last, 'is no id of a system');
const structureSchema = z.object({
  structure_id: z.coerce.number().int().min(structures.first, 'is no id of a player structure').max(structures.last),
  name: z.string().transform(storableText).pipe(z.string().min(1, 'is empty')),
  system_id: z
    .union([empty, inSystems])
    .nullish()
    .transform((id) => id ?? null),
});

/**
 * Reads a list of structures: CSV with a header, or a JSON array of objects. Columns that are not known are passed over; a
 * structure that is listed twice counts as it is listed last.
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
      throw new Error(`row ${index + 1}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`);
    }
    byId.set(parsed.data.structure_id, parsed.data);
  }
  return [...byId.values()];
}

function rowsIn(text: string): readonly unknown[] {
  if (!/^\s*[[{]/.test(text)) return parseCsv(text, { columns: true, trim: true, skip_empty_lines: true });
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('it is no array of structures');
  return value;
}

/** Some lists name a column as ESI's route of structures does. */
function withUsualNames(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return 'solar_system_id' in row && !('system_id' in row) ? { ...row, system_id: row.solar_system_id } : row;
}
