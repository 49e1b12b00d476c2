import { sql } from 'drizzle-orm';
import { isIn, stations, systems } from '../../../eve/id-ranges.ts';
import { type NeededKind, namedBy, tableOf } from '../../../eve/reference.ts';
import type { Reference, UnitOfWork } from '../../records/pass.ts';
import { type Dialect, execute, insertRowsInto, type Script } from '../../script.ts';

/** Ids by kind. */
export type Needs<Kind extends NeededKind = NeededKind> = Map<Kind, Set<number>>;

/** The kinds that contracts and their items refer to, in the order in which a store enters them. */
export const contractNeeds = ['type', 'station', 'system', 'name'] as const satisfies NeededKind[];
export type ContractNeed = (typeof contractNeeds)[number];

function add<Kind extends NeededKind>(needs: Needs<Kind>, kind: Kind, id: number): void {
  const ids = needs.get(kind) ?? new Set();
  needs.set(kind, ids.add(id));
}

/**
 * The ids that contracts and their items refer to. Player structures have no public route, and the id of a location
 * shows its kind.
 */
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

/** The ids that objects refer to. */
export function namedByReferences(references: readonly Pick<Reference, 'kind' | 'fields'>[]): Needs {
  const needs: Needs = new Map();
  for (const { kind, fields } of references) for (const [named, id] of namedBy(kind, fields)) add(needs, named, id);
  return needs;
}

/**
 * Records ids to fetch later. Done in the transaction of the rows that refer to them, so that stored rows never have to
 * be searched for missing ids.
 */
export function* enterNeeds(needs: Needs, dialect: Dialect): Script<void> {
  for (const [kind, ids] of needs) {
    const { table, id } = tableOf(kind);
    // Sorted, because two transactions that enter the same ids in different orders could deadlock.
    const rows = [...ids].toSorted((a, b) => a - b).map((needed) => ({ [id]: needed }));
    yield* execute(sql`${insertRowsInto(table, { [id]: 'id' }, rows, dialect)} ON CONFLICT DO NOTHING`);
  }
}

/** The needs that were not recorded before. Recording one twice is harmless and costs a lookup. */
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

  /** To be called after their transaction has been committed. */
  add(needs: Needs<ContractNeed>): void {
    for (const [kind, ids] of needs) for (const id of ids) add(this.#entered, kind, id);
  }
}
