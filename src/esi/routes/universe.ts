import * as z from 'zod';
import {
  type FieldKind,
  fieldsOf,
  type ReferenceFields,
  type ReferenceKind,
  referenceKindNames,
  referenceKinds,
} from '../../eve/reference.ts';
import { id, orNull, type Parsed, parse, text } from '../schema.ts';

/** A single object of the universe or of the market. */
export const objectPath = (kind: ReferenceKind, objectId: number) => `${referenceKinds[kind].path}/${objectId}`;

const fieldSchemas: Readonly<Record<FieldKind, z.ZodType>> = { id, text, real: z.number(), boolean: z.boolean() };

const schemas = new Map(referenceKindNames.map((kind) => [kind, schemaOf(kind)]));

/** Only the fields that queries join on; the whole answer is stored as well. */
function schemaOf(kind: ReferenceKind): z.ZodType {
  const fields = Object.entries(fieldsOf(kind)).map(([name, { kind: fieldKind, isOptional }]) => {
    const schema = fieldSchemas[fieldKind];
    return [name, isOptional === true ? orNull(schema) : schema];
  });
  return z.object(Object.fromEntries(fields));
}

export function parseReference<Kind extends ReferenceKind>(kind: Kind, body: unknown): Parsed<ReferenceFields[Kind]> {
  return parse(schemas.get(kind) as z.ZodType<ReferenceFields[Kind]>, withDerived(kind, body));
}

/** Adds the fields that are derived from others. */
function withDerived(kind: ReferenceKind, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const derived = Object.entries(fieldsOf(kind)).flatMap(([name, { from }]) => (from ? [[name, from(body)]] : []));
  return derived.length === 0 ? body : { ...body, ...Object.fromEntries(derived) };
}
