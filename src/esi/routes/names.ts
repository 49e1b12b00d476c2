import * as z from 'zod';
import type { Name } from '../../eve/reference.ts';
import type { Refusal } from '../answer.ts';
import { id, parse, text } from '../schema.ts';

/** Names and categories for a posted list of ids. */
export const namesPath = 'universe/names';

/** Maximum number of ids per request. */
export const namesPerRequest = 1_000;

const nameSchema: z.ZodType<Name> = z.object({ id, name: text, category: text });

export const parseNames = (body: unknown) => parse(z.array(nameSchema), body);

/** Whether a refusal is caused by one of the ids, which fails the whole request. */
export function isSpoiled({ status }: Refusal): boolean {
  return status === 400 || status === 404;
}
