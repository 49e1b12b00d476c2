import { sql } from 'drizzle-orm';
import type { Contract } from '../../eve/contract.ts';
import type { PageRecord } from '../records/pass.ts';
import { type Dialect, execute, type Script } from '../script.ts';
import { type Changed, recordChanges } from './changes.ts';
import { laterColumns } from './later-columns.ts';

/** Differences between a list and the stored contracts. */
export interface Differences {
  /** Contracts whose `date_expired` was updated to a later one. */
  readonly extended: number;
  /** Other new differences; stored values are kept. */
  readonly differing: readonly Changed[];
}

/**
 * Compares the listed rows with the stored contracts. A bid shortly before an auction's end extends it, so a later
 * `date_expired` is stored. In the game, no other column of a contract ever changes; if a list differs, the stored
 * value is kept, and the listed one is recorded once in the changes of contracts.
 */
export function* followList(page: PageRecord, dialect: Dialect): Script<Differences> {
  const contracts = page.listed.map(({ contract }) => contract);
  const found = yield* differencesOf(contracts, page.region_id, dialect);
  if (found.length === 0) return { extended: 0, differing: [] };
  const extended = found.filter(isExtension);
  const differing = yield* notSeenBefore(
    found.filter((change) => !isExtension(change)),
    dialect,
  );
  yield* extend(extended, dialect);
  yield* recordChanges('extended', extended, page, dialect);
  yield* recordChanges('differs', differing, page, dialect);
  return { extended: extended.length, differing };
}

function* differencesOf(listed: readonly Contract[], region_id: number, dialect: Dialect): Script<Changed[]> {
  const byId = new Map(listed.map((contract) => [contract.contract_id, contract]));
  const [first] = listed;
  if (first === undefined) return [];
  const fields = Object.keys(first) as (keyof Contract)[];
  const columns = sql.join(
    fields.map((field) => sql.identifier(field)),
    sql`, `,
  );
  const stored = yield* execute<Contract>(sql`
    SELECT ${columns} FROM contracts WHERE contract_id IN (${dialect.values('id', [...byId.keys()])})
    ORDER BY contract_id`);
  yield* fillIn(stored, byId, dialect);
  return stored.flatMap((contract) => {
    const { contract_id } = contract;
    const now = byId.get(contract_id) ?? contract;
    return fields
      .filter((field) => textOf(field, contract) !== textOf(field, now) && !isFilledIn(field, contract))
      .map((field) => ({
        contract_id,
        region_id,
        field,
        old_value: textOf(field, contract),
        new_value: textOf(field, now),
      }));
  });
}

/** Whether the column was added after the contract had been stored. */
function isFilledIn(field: keyof Contract, stored: Contract): boolean {
  return stored[field] === null && laterColumns[field] !== undefined;
}

/** Fills in columns that were added after the contracts had been stored. */
function* fillIn(stored: readonly Contract[], listed: ReadonlyMap<number, Contract>, dialect: Dialect): Script<void> {
  for (const [name, kind] of Object.entries(laterColumns)) {
    const field = name as keyof Contract;
    const rows = stored
      .filter((contract) => isFilledIn(field, contract))
      .map(({ contract_id }) => ({ contract_id, [field]: listed.get(contract_id)?.[field] ?? null }))
      .filter((row) => row[field] !== null);
    if (rows.length === 0) continue;
    const column = sql.identifier(field);
    yield* execute(sql`
      UPDATE contracts SET ${column} = listed.${column}
      FROM (${dialect.rows({ contract_id: 'id', [field]: kind }, rows)}) AS listed
      WHERE contracts.contract_id = listed.contract_id`);
  }
}

/** A value as stored in the changes of contracts. The databases only differ in booleans. */
function textOf(field: keyof Contract, contract: Contract): string | null {
  const value = field === 'for_corporation' ? Boolean(contract[field]) : contract[field];
  // An archive does not distinguish an empty title from an absent one.
  const isNothing = value === null || (field === 'title' && value === '');
  return isNothing ? null : String(value);
}

function isExtension({ field, old_value, new_value }: Changed): boolean {
  return field === 'date_expired' && (new_value ?? '') > (old_value ?? '');
}

function* notSeenBefore(differing: readonly Changed[], dialect: Dialect): Script<Changed[]> {
  const ids = [...new Set(differing.map(({ contract_id }) => contract_id))];
  const known = yield* execute<Pick<Changed, 'contract_id' | 'field' | 'new_value'>>(sql`
    SELECT contract_id, field, new_value FROM contract_changes
    WHERE field IS NOT NULL AND change = 'differs' AND contract_id IN (${dialect.values('id', ids)})`);
  const keyOf = ({ contract_id, field, new_value }: (typeof known)[number]) =>
    JSON.stringify([contract_id, field, new_value]);
  const keys = new Set(known.map(keyOf));
  return differing.filter((change) => !keys.has(keyOf(change)));
}

function* extend(extended: readonly Changed[], dialect: Dialect): Script<void> {
  if (extended.length === 0) return;
  const rows = extended.map(({ contract_id, new_value }) => ({ contract_id, date_expired: new_value }));
  yield* execute(sql`
    UPDATE contracts SET date_expired = listed.date_expired
    FROM (${dialect.rows({ contract_id: 'id', date_expired: 'instant' }, rows)}) AS listed
    WHERE contracts.contract_id = listed.contract_id`);
}
