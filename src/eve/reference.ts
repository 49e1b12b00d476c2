import { isDynamicType } from './roll.ts';

/** The kind of a field's value. */
export type FieldKind = 'id' | 'text' | 'real' | 'boolean';

interface Field {
  readonly kind: FieldKind;
  /** ESI may omit the field, which is then null. */
  readonly isOptional?: boolean;
  /** Bulk requests do not return the field; it is null in objects fetched that way. */
  readonly isUnknownInBulk?: boolean;
  /** The kind of object that the id refers to. */
  readonly names?: string;
  /** Derives the value from ESI's answer, which does not have this field. */
  readonly from?: (answer: unknown) => unknown;
}

interface Kind {
  /** ESI's path, without the id. */
  readonly path: string;
  readonly table: string;
  /** The column of the object's id. */
  readonly id: string;
  /** The fields of ESI's answer that queries join on; the columns have the same names. */
  readonly fields: Readonly<Record<string, Field>>;
}

const text = { kind: 'text' } as const;
const published = { kind: 'boolean' } as const;

/**
 * Kinds of objects that ESI describes individually and that change with patches at most. Objects precede those that they
 * refer to, and are fetched before them.
 */
export const referenceKinds = {
  region: { path: 'universe/regions', table: 'regions', id: 'region_id', fields: { name: text } },
  station: {
    path: 'universe/stations',
    table: 'locations',
    id: 'location_id',
    fields: { name: text, system_id: { kind: 'id', names: 'system' } },
  },
  system: {
    path: 'universe/systems',
    table: 'systems',
    id: 'system_id',
    fields: { name: text, constellation_id: { kind: 'id', names: 'name' }, security_status: { kind: 'real' } },
  },
  type: {
    path: 'universe/types',
    table: 'types',
    id: 'type_id',
    fields: {
      name: text,
      group_id: { kind: 'id', names: 'group' },
      market_group_id: { kind: 'id', isOptional: true, names: 'market_group' },
      published: { ...published, isUnknownInBulk: true },
      is_dynamic: { kind: 'boolean', isOptional: true, from: isDynamicType },
    },
  },
  group: {
    path: 'universe/groups',
    table: 'groups',
    id: 'group_id',
    fields: { name: text, category_id: { kind: 'id', names: 'category' }, published },
  },
  category: { path: 'universe/categories', table: 'categories', id: 'category_id', fields: { name: text, published } },
  market_group: {
    path: 'markets/groups',
    table: 'market_groups',
    id: 'market_group_id',
    fields: { name: text, parent_group_id: { kind: 'id', isOptional: true, names: 'market_group' } },
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type ReferenceKind = keyof typeof referenceKinds;

/** Each precedes those that it refers to. */
export const referenceKindNames = Object.keys(referenceKinds) as readonly ReferenceKind[];

/** Kinds of objects that ESI describes individually, and names, which it resolves in bulk. */
export type NeededKind = ReferenceKind | 'name';

export const neededKindNames: readonly NeededKind[] = [...referenceKindNames, 'name'];

/** The table of a kind of objects. */
export function tableOf(kind: NeededKind): Pick<Kind, 'table' | 'id'> {
  return kind === 'name' ? { table: 'names', id: 'id' } : referenceKinds[kind];
}

/** The fields of a kind; the columns have the same names. */
export function fieldsOf(kind: ReferenceKind): Kind['fields'] {
  return referenceKinds[kind].fields;
}

interface ValueOf {
  readonly id: number;
  readonly text: string;
  readonly real: number;
  readonly boolean: boolean;
}
type Nullable = { readonly isOptional: true } | { readonly isUnknownInBulk: true };
type FieldValue<Of extends Field> = ValueOf[Of['kind']] | (Of extends Nullable ? null : never);

type FieldsOf<Of extends ReferenceKind> = (typeof referenceKinds)[Of]['fields'];
type Derived<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends { from: unknown } ? Name : never;
}[keyof Fields];
type Values<Fields, Name extends keyof Fields> = { readonly [Key in Name]: FieldValue<Extract<Fields[Key], Field>> };

/** The values of an object's fields; derived fields may be missing. */
export type ReferenceFields = {
  readonly [Of in ReferenceKind]: Values<FieldsOf<Of>, Exclude<keyof FieldsOf<Of>, Derived<FieldsOf<Of>>>> &
    Partial<Values<FieldsOf<Of>, Derived<FieldsOf<Of>>>>;
};

/** The other objects, and names, that an object's fields refer to. */
export function namedBy(
  kind: ReferenceKind,
  fields: Readonly<Record<string, unknown>>,
): readonly (readonly [NeededKind, number])[] {
  return Object.entries(fieldsOf(kind)).flatMap(([name, { names }]) => {
    const id = fields[name];
    return names !== undefined && typeof id === 'number' ? [[names as NeededKind, id] as const] : [];
  });
}

/** A resolved id of `/universe/names`. */
export interface Name {
  readonly id: number;
  readonly name: string;
  readonly category: string;
}
