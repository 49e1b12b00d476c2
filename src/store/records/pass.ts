import type { Bid, Contract, Item } from '../../eve/contract.ts';
import type { NeededKind, ReferenceFields, ReferenceKind } from '../../eve/reference.ts';
import type { Instant } from '../../time.ts';

/** Data that a pass exchanges with its database. */

export interface RunStart {
  readonly run_id: string;
  readonly started_at: Instant;
  readonly host: string;
  readonly process_id: number;
  readonly version: string;
}

export interface RunEnd {
  readonly run_id: string;
  readonly finished_at: Instant;
  readonly outcome: string;
  readonly exit_code: number;
  readonly error: string | null;
  /** Absent when the pass failed before it could count. */
  readonly counts?: RunCounts;
}

export interface RunCounts {
  regions_complete: number;
  regions_inconclusive: number;
  regions_failed: number;
  regions_doubtful: number;
  regions_fresh: number;
  regions_not_reached: number;
  contracts_listed: number;
  contracts_new: number;
  contracts_stored: number;
  contracts_gone: number;
  contracts_deferred: number;
  contracts_quarantined: number;
  items_stored: number;
  requests_total: number;
  requests_not_modified: number;
  requests_errors: number;
}

export type SweepOutcome = 'complete' | 'inconclusive' | 'doubtful' | 'failed' | 'fresh' | 'not_reached';

/** A region's row in the ledger. */
export interface RegionSweep extends SweepCounts {
  readonly run_id: string;
  readonly region_id: number;
  readonly outcome: SweepOutcome;
  readonly started_at: Instant;
  readonly finished_at: Instant;
  readonly last_modified: string | null;
  readonly pages: number;
  readonly new: number;
  readonly stored: number;
  readonly gone: number;
  readonly deferred: number;
  readonly requests: number;
  readonly not_modified: number;
  readonly errors: number;
  readonly error: string | null;
}

/** The settled contents of a list's page. */
export interface Announced {
  readonly contract_ids: readonly number[];
  /** Backlog keys of malformed rows. */
  readonly quarantined: readonly string[];
}

/** A valid row of a list. */
export interface ListedContract {
  readonly contract: Contract;
  /** The row as listed. */
  readonly row: unknown;
}

/** A malformed row of a list. */
export interface QuarantinedRow {
  readonly backlog_key: string;
  readonly contract_id: number | null;
  readonly row: unknown;
  readonly reason: string;
}

/** The rows of a list's page that came with a body. */
export interface PageRecord {
  readonly run_id: string;
  readonly region_id: number;
  /** When the sweep began. */
  readonly at: Instant;
  readonly listed: readonly ListedContract[];
  readonly quarantined: readonly QuarantinedRow[];
}

/** The changes by the rows of a page. */
export interface PageResult {
  /** New contracts in the backlog. */
  readonly new: number;
  /** Contracts whose `date_expired` was updated to a later one. */
  readonly extended: number;
  /** Other new differences between the list and stored contracts. */
  readonly differing: readonly ListedDifference[];
}

/** The result of a sweep, after the rows of its pages were recorded. */
export interface SweepRecord {
  readonly run_id: string;
  readonly region_id: number;
  /** When the sweep began. */
  readonly at: Instant;
  /** When ESI made the list, by ESI's clock: contracts that are not on it had left by then. */
  readonly generated_at: Instant;
  /**
   * Whether a contract that is on no page has left; null when the sweep cannot decide this. A backlog entry without a
   * contract id has left if the list is complete.
   */
  readonly isAbsent: ((contractId: number | null) => boolean) | null;
  readonly announced: Announced;
}

export interface SweepCounts {
  readonly listed: number;
  /** Contracts that are listed again after they were gone. */
  readonly returned: number;
  readonly quarantined: number;
}

/** The changes by a sweep. */
export interface SweepResult {
  readonly counts: SweepCounts;
  /** Announced contracts that are stored under another region. */
  readonly storedElsewhere: readonly number[];
  /** Set when the list lacks an implausible share of its region. */
  readonly doubt: Doubt | null;
}

/** A column of a stored contract, and its listed value. */
export interface ListedDifference {
  readonly contract_id: number;
  readonly field?: string;
  readonly old_value?: string | null;
  readonly new_value?: string | null;
}

/** A list lacks `taken` of the region's `of` listed contracts that have not expired. */
export interface Doubt {
  readonly taken: number;
  readonly of: number;
}

export interface DepartureSettlement {
  readonly run_id: string;
  readonly at: Instant;
  /** The regions of the pass. */
  readonly region_ids: readonly number[];
  /** Contracts that a newer list shows in another region. */
  readonly moves: readonly { readonly contract_id: number; readonly region_id: number }[];
  /**
   * Departures from lists made after this instant are held for a later pass if all contracts of a location have
   * departed at once; null if none are held.
   */
  readonly generated_until: Instant | null;
}

export interface SettledDepartures {
  readonly gone: readonly { readonly contract_id: number; readonly region_id: number }[];
  readonly moved: number;
}

/** A contract in the backlog that is due. */
export interface DueContract {
  readonly contract_id: number;
  readonly region_id: number;
  /** The row as listed, as JSON. */
  readonly row: string;
  readonly date_expired: Instant;
  readonly attempts: number;
  readonly first_seen_at: Instant;
  readonly last_seen_at: Instant;
}

/** Rows that are written in one transaction. */
export interface UnitOfWork extends Pick<DueContract, 'region_id' | 'first_seen_at' | 'last_seen_at'> {
  readonly run_id: string;
  readonly stored_at: Instant;
  readonly contract: Contract;
  /** Null if ESI refuses the items. */
  readonly items: readonly Item[] | null;
}

/** An auction whose bids are due. */
export interface DueAuction {
  readonly contract_id: number;
  readonly region_id: number;
  readonly date_expired: Instant;
}

/** The result of requesting an auction's bids. */
export interface BidsLook extends Pick<DueAuction, 'contract_id' | 'region_id'> {
  readonly run_id: string;
  readonly at: Instant;
  readonly bids: readonly Bid[];
  /** Earliest time for the next request. */
  readonly expires_at: Instant;
}

/** A kind of change, as in the table of changes. */
export type ContractChange = 'appeared' | 'gone' | 'returned' | 'bid' | 'extended' | 'moved' | 'differs';

export type BacklogStatus = 'deferred' | 'gone_before_items' | 'quarantined';

export interface Postponement {
  readonly contract_id: number;
  readonly status: BacklogStatus;
  readonly attempts: number;
  readonly next_attempt_at: Instant;
  readonly last_status: number | null;
  readonly last_answer: string;
}

export interface WaitingCount {
  readonly region_id: number;
  readonly status: BacklogStatus;
  readonly contracts: number;
}

export interface ReferencePostponement {
  readonly kind: NeededKind;
  readonly id: number;
  readonly answer: string;
  /** Whether ESI said that the object does not exist, in contrast to an unusable answer. */
  readonly refused: boolean;
}

export interface MissingReference {
  readonly id: number;
  /** Failed attempts so far. */
  readonly attempts: number;
}

export interface TypeHolders {
  /** The group or market group of each type. */
  readonly holders: ReadonlyMap<number, number>;
  /** The groups or market groups whose answers are stored. */
  readonly known: ReadonlySet<number>;
}

export interface StaleReference {
  readonly id: number;
  readonly etag: string | null;
}

export interface Reference {
  readonly kind: ReferenceKind;
  readonly id: number;
  readonly fields: ReferenceFields[ReferenceKind];
  /** The whole answer; null if the fields come from other answers. */
  readonly response: unknown;
  readonly etag: string | null;
  readonly fetched_at: Instant;
  /** Null if the object is never refreshed. */
  readonly expires_at: Instant | null;
}
