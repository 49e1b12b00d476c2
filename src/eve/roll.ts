/** The roll of a mutated module. */
export interface Roll {
  readonly source_type_id: number;
  readonly mutator_type_id: number;
  /** The character who used the mutaplasmid. */
  readonly created_by: number;
  readonly attributes: readonly RollAttribute[];
}

export interface RollAttribute {
  readonly attribute_id: number;
  readonly value: number;
}

/** The attribute with a type's meta group, and the meta group of mutated modules, which mutaplasmids share. */
const metaGroupAttribute = 1692;
const abyssal = 15;
const mutaplasmidGroup = 1964;

/** Whether items of a type are mutated modules, according to ESI's answer about the type; null if unknown. */
export function isDynamicType(type: unknown): boolean | null {
  const { dogma_attributes: attributes, group_id } = (type ?? {}) as Partial<Record<string, unknown>>;
  if (!Array.isArray(attributes)) return null;
  const metaGroup = (attributes as Partial<RollAttribute>[]).find((it) => it?.attribute_id === metaGroupAttribute);
  return metaGroup === undefined ? null : metaGroup.value === abyssal && group_id !== mutaplasmidGroup;
}
