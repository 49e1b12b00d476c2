import { parseItem } from '../../src/esi/routes/contract-items.ts';
import { parseContract } from '../../src/esi/routes/contract-list.ts';
import type { Contract, Item } from '../../src/eve/contract.ts';
import type { ListedContract, PageRecord, QuarantinedRow, SweepRecord } from '../../src/store/records/pass.ts';

export type Row = Readonly<Record<string, unknown>>;

export const forge = 10_000_002;
export const domain = 10_000_043;
/** Jita IV - Moon 4 - Caldari Navy Assembly Plant. */
export const jita = 60_003_760;

/** A row of a region's list as ESI sends it, with the fields given; those given as undefined are left out. */
export function contractRow(given: Row = {}): Record<string, unknown> {
  return bareContractRow({
    title: 'a ship',
    price: 150_000_000,
    reward: 0,
    collateral: 0,
    volume: 2_500,
    days_to_complete: 0,
    ...given,
  });
}

/** The same without what ESI may leave out, unless it is given. */
export function bareContractRow(given: Row): Record<string, unknown> {
  return present({
    contract_id: 227_000_001,
    type: 'item_exchange',
    date_issued: '2026-03-01T10:00:00Z',
    date_expired: '2026-03-15T10:00:00Z',
    issuer_id: 2_112_000_001,
    issuer_corporation_id: 98_000_001,
    start_location_id: jita,
    end_location_id: jita,
    ...given,
  });
}

/** A row of a contract's items as ESI sends it. */
export function itemRow(given: Row = {}): Record<string, unknown> {
  return present({
    record_id: 4_700_000_001,
    type_id: 587,
    quantity: 1,
    is_included: true,
    item_id: 1_040_000_000_001,
    ...given,
  });
}

/** The contract that a row becomes. */
export function contractOf(row: unknown): Contract {
  const parsed = parseContract(row);
  if (!parsed.ok) throw new TypeError(`the test's own row cannot be used: ${parsed.reason}`);
  return parsed.value;
}

/** The item that a row becomes. */
export function itemOf(row: unknown): Item {
  const parsed = parseItem(row);
  if (!parsed.ok) throw new TypeError(`the test's own row cannot be used: ${parsed.reason}`);
  return parsed.value;
}

export function listed(contract_id: number, given: Row = {}): ListedContract {
  const row = contractRow({ contract_id, ...given });
  return { contract: contractOf(row), row };
}

/** A sweep together with the rows of its pages. */
export type ListedSweep = SweepRecord & PageRecord;

/** A sweep of The Forge whose pages all came with their rows, unless said otherwise. */
export function sweepOf(
  at: string,
  contracts: readonly ListedContract[],
  { quarantined = [], ...given }: Partial<ListedSweep> = {},
): ListedSweep {
  const announced = {
    contract_ids: contracts.map(({ contract }) => contract.contract_id),
    quarantined: quarantined.map(({ backlog_key }) => backlog_key),
  };
  return {
    run_id: 'a-run',
    region_id: forge,
    at,
    generated_at: at,
    isAbsent: () => true,
    announced,
    listed: contracts,
    quarantined,
    ...given,
  };
}

/** A row that cannot be used, as a sweep hands it over. */
export function unusable(name: string, contract_id: number | null, row: unknown = { contract_id }): QuarantinedRow {
  return { backlog_key: `row:${forge}:${name}`, contract_id, row, reason: `${name} is wrong` };
}

function present(row: Row): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
