import * as z from 'zod';
import type { Bid, Contract, Item } from '../eve/contract.ts';
import type { Name, ReferenceFields, ReferenceKind } from '../eve/reference.ts';
import { storableText } from '../eve/text.ts';
import { type Instant, storableInstant } from '../time.ts';

/**
 * What ESI's answers must look like to be used, by the `required` arrays of its specification, and what they become.
 * Unknown fields are dropped, unknown values of `type` kept; an optional field that is absent or null is null.
 */

/** EVE's ids are positive and stay far below 2^53, so a JavaScript number holds them. */
const id = z.int().positive();
const integer = z.int();
/** Far more than there can be, and little enough that no sum, difference or quotient overflows on any database. */
const amount = z.number().min(-1e100).max(1e100);
const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? null);
/** ESI sends these two flags only when they are true. */
const trueOrAbsent = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const text = z.string().transform(storableText);
const instant = z.iso.datetime({ offset: true }).transform((value, context): Instant => {
  const storable = storableInstant(new Date(value));
  if (storable !== undefined) return storable;
  context.addIssue('is beyond the years 1 to 9999');
  return z.NEVER;
});

const contractSchema: z.ZodType<Contract> = z.object({
  contract_id: id,
  type: text.pipe(z.string().min(1)),
  title: orNull(text),
  price: orNull(amount),
  reward: orNull(amount),
  collateral: orNull(amount),
  buyout: orNull(amount),
  volume: orNull(amount),
  days_to_complete: orNull(integer),
  for_corporation: trueOrAbsent,
  date_issued: instant,
  date_expired: instant,
  issuer_id: id,
  issuer_corporation_id: id,
  start_location_id: orNull(id),
  end_location_id: orNull(id),
});

const itemSchema: z.ZodType<Item> = z.object({
  record_id: id,
  type_id: id,
  quantity: integer,
  is_included: z.boolean(),
  is_blueprint_copy: trueOrAbsent,
  item_id: orNull(id),
  material_efficiency: orNull(integer),
  time_efficiency: orNull(integer),
  runs: orNull(integer),
});

const bidSchema: z.ZodType<Bid> = z.object({ bid_id: id, amount, date_bid: instant });

/** A row that can be used, or the reason why not. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

export const parseContract = (row: unknown) => parse(contractSchema, row);
export const parseItem = (row: unknown) => parse(itemSchema, row);
export const parseBid = (row: unknown) => parse(bidSchema, row);
/** The contract a row is about, even where the rest of the row cannot be used. */
export function contractIdOf(row: unknown): number | null {
  return z.object({ contract_id: id }).safeParse(row).data?.contract_id ?? null;
}

const nameSchema: z.ZodType<Name> = z.object({ id, name: text, category: text });
export const parseNames = (body: unknown) => parse(z.array(nameSchema), body);
export const parseIds = (body: unknown) => parse(z.array(id), body);

/** Universe and market objects: the fields that queries join on. The whole response is kept beside them. */
const referenceSchemas: { readonly [Kind in ReferenceKind]: z.ZodType<ReferenceFields[Kind]> } = {
  region: z.object({ name: text }),
  system: z.object({ name: text, constellation_id: id, security_status: z.number() }),
  station: z.object({ name: text, system_id: id }),
  type: z.object({ name: text, group_id: id, market_group_id: orNull(id), published: z.boolean() }),
  group: z.object({ name: text, category_id: id, published: z.boolean() }),
  category: z.object({ name: text, published: z.boolean() }),
  market_group: z.object({ name: text, parent_group_id: orNull(id) }),
};

export function parseReference<Kind extends ReferenceKind>(kind: Kind, body: unknown): Parsed<ReferenceFields[Kind]> {
  return parse<ReferenceFields[Kind]>(referenceSchemas[kind], body);
}

function parse<Value>(schema: z.ZodType<Value>, input: unknown): Parsed<Value> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const reasons = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`);
  return { ok: false, reason: reasons.join('; ') };
}
