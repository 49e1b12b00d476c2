import * as z from 'zod';
import type { Name } from '../../eve/reference.ts';
import type { Refusal } from '../answer.ts';
import { id, parse, text } from '../schema.ts';

/** Names and categories of ids, which are posted as a list. */
export const namesPath = 'universe/names';

/** ESI takes up to so many ids in one request. */
export const namesPerRequest = 1_000;

const nameSchema: z.ZodType<Name> = z.object({ id, name: text, category: text });

export const parseNames = (body: unknown) => parse(z.array(nameSchema), body);

/** Whether a refusal is about one of the ids: it spoils the whole request. */
export function isSpoiled({ status }: Refusal): boolean {
  return status === 400 || status === 404;
}
