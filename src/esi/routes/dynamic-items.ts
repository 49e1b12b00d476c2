import * as z from 'zod';
import type { Roll } from '../../eve/roll.ts';
import type { Refusal } from '../answer.ts';
import { id, parse } from '../schema.ts';

/** The roll of a mutated module. */
export const dynamicItemPath = (typeId: number, itemId: number) => `dogma/dynamic/items/${typeId}/${itemId}`;

const attributeSchema = z.object({ attribute_id: id, value: z.number() });
export const attributesSchema = z.array(attributeSchema);

const rollSchema: z.ZodType<Roll> = z
  .object({ source_type_id: id, mutator_type_id: id, created_by: id, dogma_attributes: attributesSchema })
  .transform(({ dogma_attributes, ...roll }) => ({ ...roll, attributes: dogma_attributes }));

export const parseRoll = (body: unknown) => parse(rollSchema, body);

/** Whether ESI does not know the module; it never will. */
export const isNoSuchItem = ({ status }: Refusal) => status === 404;
