/** How a mutated module was rolled. */
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

/** The attribute of a type that holds its meta group, and the meta group of what mutaplasmids make. */
const metaGroupAttribute = 1692;
const abyssal = 15;

/** Whether items of a type are mutated modules, as its own attributes say; null where they do not say. */
export function isDynamicType(type: unknown): boolean | null {
  const { dogma_attributes: attributes } = (type ?? {}) as { dogma_attributes?: unknown };
  if (!Array.isArray(attributes)) return null;
  const metaGroup = (attributes as Partial<RollAttribute>[]).find((it) => it?.attribute_id === metaGroupAttribute);
  return metaGroup === undefined ? null : metaGroup.value === abyssal;
}
