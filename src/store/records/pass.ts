import type { Bid, Contract, Item } from '../../eve/contract.ts';
import type { NeededKind, ReferenceFields, ReferenceKind } from '../../eve/reference.ts';
import type { Instant } from '../../time.ts';

/** What a pass hands to its database, and gets from it. */

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

/** What a page of a list stands for once it is settled. */
export interface Announced {
  readonly contract_ids: readonly number[];
  /** Keys in the backlog of rows that cannot be used. */
  readonly quarantined: readonly string[];
}

/** A usable row of a list. */
export interface ListedContract {
  readonly contract: Contract;
  /** The row as it was listed. */
  readonly row: unknown;
}

/** A row of a list that cannot be used. */
export interface QuarantinedRow {
  readonly backlog_key: string;
  readonly contract_id: number | null;
  readonly row: unknown;
  readonly reason: string;
}

/** The rows of a page of a list that came with a body. */
export interface PageRecord {
  readonly run_id: string;
  readonly region_id: number;
  /** When the sweep began. */
  readonly at: Instant;
  readonly listed: readonly ListedContract[];
  readonly quarantined: readonly QuarantinedRow[];
}

/** What the rows of a page changed. */
export interface PageResult {
  /** Contracts that are in the backlog now and had been nowhere. */
  readonly new: number;
  /** Contracts whose later `date_expired` was taken over. */
  readonly extended: number;
  /** What else the list says differently, and had not said before. */
  readonly differing: readonly ListedDifference[];
}

/** What a sweep showed in all, once the rows of its pages are recorded. */
export interface SweepRecord {
  readonly run_id: string;
  readonly region_id: number;
  /** When the sweep began. */
  readonly at: Instant;
  /** When ESI made the list, by its own clock: what is not on it had left by then. */
  readonly generated_at: Instant;
  /**
   * Whether a contract that is not announced has left; null when the sweep cannot tell of any. An entry of the backlog
   * without a contract's id has left when the whole list is known.
   */
  readonly isAbsent: ((contractId: number | null) => boolean) | null;
  readonly announced: Announced;
}

export interface SweepCounts {
  readonly listed: number;
  /** Listed again after they had been found gone. */
  readonly returned: number;
  readonly quarantined: number;
}

/** What a sweep changed. */
export interface SweepResult {
  readonly counts: SweepCounts;
  /** Announced contracts that are stored as another region's. */
  readonly storedElsewhere: readonly number[];
  /** Set when the list takes away an implausible share of its region. */
  readonly doubt: Doubt | null;
}

/** A column of a stored contract, and what the list says instead. */
export interface ListedDifference {
  readonly contract_id: number;
  readonly field?: string;
  readonly old_value?: string | null;
  readonly new_value?: string | null;
}

/** Of the `of` listed contracts of a region that are not past their end, a list takes away `taken`. */
export interface Doubt {
  readonly taken: number;
  readonly of: number;
}

export interface DepartureSettlement {
  readonly run_id: string;
  readonly at: Instant;
  /** The regions of the pass. */
  readonly region_ids: readonly number[];
  /** Contracts that a newer list shows in another region than theirs. */
  readonly moves: readonly { readonly contract_id: number; readonly region_id: number }[];
  /**
   * Departures from lists that were made later are held for a later pass, where all contracts of a place have departed at
   * once; null where none is.
   */
  readonly generated_until: Instant | null;
}

export interface SettledDepartures {
  readonly gone: readonly { readonly contract_id: number; readonly region_id: number }[];
  readonly moved: number;
}

/** A contract in the backlog whose time to be tried has come. */
export interface DueContract {
  readonly contract_id: number;
  readonly region_id: number;
  /** The row as it was listed, as JSON. */
  readonly row: string;
  readonly date_expired: Instant;
  readonly attempts: number;
  readonly first_seen_at: Instant;
  readonly last_seen_at: Instant;
}

/** What is written in one transaction. */
export interface UnitOfWork extends Pick<DueContract, 'region_id' | 'first_seen_at' | 'last_seen_at'> {
  readonly run_id: string;
  readonly stored_at: Instant;
  readonly contract: Contract;
  /** Null where nobody could ask for them. */
  readonly items: readonly Item[] | null;
}

/** An auction whose bids may be asked for. */
export interface DueAuction {
  readonly contract_id: number;
  readonly region_id: number;
  readonly date_expired: Instant;
}

/** What an auction's bids were when they were asked for. */
export interface BidsLook extends Pick<DueAuction, 'contract_id' | 'region_id'> {
  readonly run_id: string;
  readonly at: Instant;
  readonly bids: readonly Bid[];
  /** Not to be asked for again before. */
  readonly expires_at: Instant;
}

/** What happened to a contract, as the table of changes names it. */
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
  /** ESI said that there is no such thing, rather than nothing usable. */
  readonly refused: boolean;
}

export interface MissingReference {
  readonly id: number;
  /** Failed attempts so far. */
  readonly attempts: number;
}

export interface TypeHolders {
  /** The id of the group or market group of a type. */
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
  /** The whole answer; null where the fields were put together from others. */
  readonly response: unknown;
  readonly etag: string | null;
  readonly fetched_at: Instant;
  /** Null where the object is never refreshed. */
  readonly expires_at: Instant | null;
}
