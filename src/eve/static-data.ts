import type { FieldKind } from './reference.ts';

/** The tables that the static data export fills, by column. The first column of each is, or begins, its key. */
export const staticTables = {
  regions: { region_id: 'id', name: 'text' },
  systems: { system_id: 'id', name: 'text', constellation_id: 'id', region_id: 'id', security_status: 'real' },
  categories: { category_id: 'id', name: 'text', published: 'boolean' },
  groups: { group_id: 'id', name: 'text', category_id: 'id', published: 'boolean' },
  market_groups: { market_group_id: 'id', name: 'text', parent_group_id: 'id' },
  types: {
    type_id: 'id',
    name: 'text',
    group_id: 'id',
    market_group_id: 'id',
    meta_group_id: 'id',
    published: 'boolean',
    volume: 'real',
    packaged_volume: 'real',
    is_dynamic: 'boolean',
  },
  /** Constellations, because this table has all names that ESI resolves. */
  names: { id: 'id', name: 'text', category: 'text' },
  meta_groups: { meta_group_id: 'id', name: 'text' },
  stargates: { stargate_id: 'id', system_id: 'id', destination_system_id: 'id' },
  stations: { station_id: 'id', system_id: 'id' },
  dogma_attributes: {
    attribute_id: 'id',
    name: 'text',
    display_name: 'text',
    unit_name: 'text',
    high_is_good: 'boolean',
  },
  /** The attributes of mutable types that a mutaplasmid changes. */
  type_attributes: { type_id: 'id', attribute_id: 'id', value: 'real' },
  /** The resulting type of a mutaplasmid applied to a source type. */
  mutations: { mutator_type_id: 'id', source_type_id: 'id', type_id: 'id' },
  /** The range of factors by which a mutaplasmid multiplies an attribute of the source. */
  mutation_ranges: { mutator_type_id: 'id', attribute_id: 'id', min: 'real', max: 'real', high_is_good: 'boolean' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

export type StaticTable = keyof typeof staticTables;

interface ValueOf {
  readonly id: number;
  readonly text: string;
  readonly real: number;
  readonly boolean: boolean;
}

/** A row of one of these tables; absent values are null. */
export type StaticRow<Table extends StaticTable> = {
  readonly [Column in keyof (typeof staticTables)[Table]]:
    | ValueOf[Extract<(typeof staticTables)[Table][Column], FieldKind>]
    | null;
};

export type StaticRows = { readonly [Table in StaticTable]: StaticRow<Table>[] };

/** The build of an export. */
export interface StaticBuild {
  readonly build: number;
  /** The export's own value, such as `2026-08-28T11:07:12Z`; null without one. */
  readonly released_at: string | null;
}

export interface StaticData extends StaticBuild {
  readonly rows: StaticRows;
}

export function noStaticRows(): StaticRows {
  return Object.fromEntries(Object.keys(staticTables).map((table) => [table, []])) as unknown as StaticRows;
}
