/** Kinds of objects that ESI describes one at a time, for good or until a patch of the game. */
export const referenceKinds = ['region', 'system', 'station', 'type', 'group', 'category', 'market_group'] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

/** The fields of an object that queries join on, by ESI's names. */
export interface ReferenceFields {
  readonly region: { readonly name: string };
  readonly system: { readonly name: string; readonly constellation_id: number; readonly security_status: number };
  readonly station: { readonly name: string; readonly system_id: number };
  readonly type: {
    readonly name: string;
    readonly group_id: number;
    readonly market_group_id: number | null;
    /** Null where the type came in bulk, which does not tell. */
    readonly published: boolean | null;
  };
  readonly group: { readonly name: string; readonly category_id: number; readonly published: boolean };
  readonly category: { readonly name: string; readonly published: boolean };
  readonly market_group: { readonly name: string; readonly parent_group_id: number | null };
}

/** Which other objects an object's fields name. */
export const namedObjects: Readonly<Record<string, ReferenceKind>> = {
  group_id: 'group',
  category_id: 'category',
  market_group_id: 'market_group',
  parent_group_id: 'market_group',
  system_id: 'system',
};

/** A resolved id of `/universe/names`. */
export interface Name {
  readonly id: number;
  readonly name: string;
  readonly category: string;
}
