import * as z from 'zod';
import { storableText } from '../eve/text.ts';
import { type Instant, storableInstant } from '../time.ts';

/**
 * Schemas of ESI's answers, by the `required` arrays of its specification. Unknown fields are dropped, unknown values
 * of `type` kept; an optional field that is absent or null becomes null.
 */

/** EVE's ids are positive and far below 2^53, so a JavaScript number holds them. */
export const id = z.int().positive();
export const integer = z.int();
/** Far above any real amount, and low enough that no sum, difference or quotient overflows on any database. */
export const amount = z.number().min(-1e100).max(1e100);
export const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null);
/** ESI sends some flags only when they are true. */
export const trueOrAbsent = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
export const text = z.string().transform(storableText);
export const instant = z.iso.datetime({ offset: true }).transform((value, context): Instant => {
  const storable = storableInstant(new Date(value));
  if (storable !== undefined) return storable;
  context.addIssue('is beyond the years 1 to 9999');
  return z.NEVER;
});

/** A valid row, or the reason why it is malformed. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

export function parse<Value>(schema: z.ZodType<Value>, input: unknown): Parsed<Value> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const reasons = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`);
  return { ok: false, reason: reasons.join('; ') };
}
