import { sql } from 'drizzle-orm';
import { isIn, stations, systems } from '../../../eve/id-ranges.ts';
import { type NeededKind, namedBy, tableOf } from '../../../eve/reference.ts';
import type { Reference, UnitOfWork } from '../../records/pass.ts';
import { type Dialect, execute, insertRowsInto, type Script } from '../../script.ts';

/** Ids by kind. */
export type Needs<Kind extends NeededKind = NeededKind> = Map<Kind, Set<number>>;

/** The kinds that contracts and their items name, in the order in which a store enters them. */
export const contractNeeds = ['type', 'station', 'system', 'name'] as const satisfies NeededKind[];
export type ContractNeed = (typeof contractNeeds)[number];

function add<Kind extends NeededKind>(needs: Needs<Kind>, kind: Kind, id: number): void {
  const ids = needs.get(kind) ?? new Set();
  needs.set(kind, ids.add(id));
}

/** What contracts and their items name. Player structures have no public route, and types of places tell by their ids. */
export function namedByContracts(units: readonly Pick<UnitOfWork, 'contract' | 'items'>[]): Needs<ContractNeed> {
  const needs: Needs<ContractNeed> = new Map();
  for (const unit of units) addNamedBy(unit, needs);
  return needs;
}

function addNamedBy({ contract, items }: Pick<UnitOfWork, 'contract' | 'items'>, needs: Needs<ContractNeed>): void {
  add(needs, 'name', contract.issuer_id);
  add(needs, 'name', contract.issuer_corporation_id);
  for (const id of [contract.start_location_id, contract.end_location_id]) {
    if (id !== null && isIn(stations, id)) add(needs, 'station', id);
    if (id !== null && isIn(systems, id)) add(needs, 'system', id);
  }
  for (const { type_id } of items ?? []) add(needs, 'type', type_id);
}

/** What objects name. */
export function namedByReferences(references: readonly Pick<Reference, 'kind' | 'fields'>[]): Needs {
  const needs: Needs = new Map();
  for (const { kind, fields } of references) for (const [named, id] of namedBy(kind, fields)) add(needs, named, id);
  return needs;
}

/**
 * Enters what is needed, to be fetched later. In the transaction of what names it: then nothing that is stored ever has
 * to be searched for what is missing.
 */
export function* enterNeeds(needs: Needs, dialect: Dialect): Script<void> {
  for (const [kind, ids] of needs) {
    const { table, id } = tableOf(kind);
    // In one order, or two transactions that enter the same ids could wait for each other.
    const rows = [...ids].toSorted((a, b) => a - b).map((needed) => ({ [id]: needed }));
    yield* execute(sql`${insertRowsInto(table, { [id]: 'id' }, rows, dialect)} ON CONFLICT DO NOTHING`);
  }
}

/** The needs that were not entered before; entering one twice is harmless, and costs a look. */
export class NewNeeds {
  readonly #entered: Needs<ContractNeed> = new Map();

  of(needs: Needs<ContractNeed>): Needs<ContractNeed> {
    return new Map(
      [...needs].flatMap(([kind, ids]) => {
        const entered = this.#entered.get(kind);
        const isNew = [...ids].filter((id) => entered?.has(id) !== true);
        return isNew.length === 0 ? [] : [[kind, new Set(isNew)] as const];
      }),
    );
  }

  /** To be called once they are committed. */
  add(needs: Needs<ContractNeed>): void {
    for (const [kind, ids] of needs) for (const id of ids) add(this.#entered, kind, id);
  }
}
