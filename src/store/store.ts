import type { KeyvStoreAdapter } from 'keyv';
import type { Name, NeededKind, ReferenceKind } from '../eve/reference.ts';
import type { Route } from '../eve/star-map.ts';
import type { StaticData } from '../eve/static-data.ts';
import type { Structure } from '../eve/structures.ts';
import type { NamedRegion } from '../regions.ts';
import type { Instant } from '../time.ts';
import type { WriteInBulk } from './bulk/writer.ts';
import type {
  Announced,
  BidsLook,
  DepartureSettlement,
  DueAuction,
  DueContract,
  MissingReference,
  PageRecord,
  PageResult,
  Postponement,
  Reference,
  ReferencePostponement,
  RegionSweep,
  RunEnd,
  RunStart,
  SettledDepartures,
  StaleReference,
  SweepRecord,
  SweepResult,
  TypeHolders,
  UnitOfWork,
  WaitingCount,
} from './records/pass.ts';
import type { PrunedCounts, PruneOptions } from './records/upkeep.ts';
import type {
  ArchivedRoll,
  DueRoll,
  Evidence,
  FetchedRoll,
  MarketPrices,
  RollPostponement,
  StarMapData,
} from './records/worth.ts';

/** The operations of a pass on its database. Each write is one transaction unless stated otherwise. */
export interface Store extends ReferenceStore {
  /** Created with the database; validators of another database are invalid here. */
  readonly identity: string;
  /** Keyv's storage of validators without a configured cache. */
  readonly validators: KeyvStoreAdapter;

  /** Opens the ledger row of a pass, and closes rows of dead processes as `interrupted`. */
  openRun(run: RunStart): Promise<void>;
  closeRun(run: RunEnd): Promise<void>;
  /**
   * Whether a run that began at this time can be imported: it is not stored as complete, and no later run has
   * succeeded.
   */
  ageOfRun(run_id: string, started_at: Instant): Promise<'new' | 'up_to_date' | 'older'>;
  /** Regions with listed contracts. */
  listedRegions(): Promise<number[]>;
  /** Writes regions' rows to the ledger; replaces a row of the same pass and region. */
  recordRegionSweeps(sweeps: readonly RegionSweep[]): Promise<void>;

  /**
   * Announced contracts and rows that are missing: contracts neither stored nor in the backlog, rows not quarantined.
   */
  unsettled(announced: Announced): Promise<Announced>;
  /**
   * Records the rows of a page: adds new contracts to the backlog, and notes differences from stored ones. Idempotent.
   */
  recordPage(page: PageRecord): Promise<PageResult>;
  /** Records the result of a sweep after its pages: marks known contracts as seen and missing ones as departed. */
  recordSweep(sweep: SweepRecord): Promise<SweepResult>;
  /** Whether contracts of a region are stored, listed or gone. */
  hasContracts(regionId: number): Promise<boolean>;
  /** Contracts that have departed from these regions' lists beyond doubt, and are not gone yet. */
  departed(regionIds: readonly number[]): Promise<number[]>;
  /**
   * Ends the sweeps of a pass: moves contracts to the region that lists them, and marks departed ones as gone, a
   * thousand per transaction. After an interruption, the next pass settles the rest.
   */
  settleDepartures(settlement: DepartureSettlement): Promise<SettledDepartures>;

  /** Contracts of these regions that are due, those that expire last first. */
  dueContracts(
    regionIds: readonly number[],
    now: Instant,
    page?: { readonly after?: Pick<DueContract, 'date_expired' | 'contract_id'> | undefined; readonly limit?: number },
  ): Promise<DueContract[]>;
  /** The number of due contracts on all pages. */
  countDue(regionIds: readonly number[], now: Instant): Promise<number>;
  /**
   * Writes a contract with all its items and removes it from the backlog in one transaction. A stored contract stays
   * unchanged.
   *
   * @throws {RejectedError} when the database rejects the rows
   */
  storeContract(unit: UnitOfWork): Promise<void>;
  /** Records a failed attempt, without writing to the contract tables. */
  postponeContract(postponement: Postponement): Promise<void>;
  /** Listed contracts in the backlog of these regions that wait for another attempt, by status. */
  countWaiting(regionIds: readonly number[]): Promise<WaitingCount[]>;

  /**
   * Listed auctions of these regions whose bids are due, those that end first first. Includes auctions past their end
   * that a list has shown since.
   */
  dueAuctions(regionIds: readonly number[], now: Instant): Promise<DueAuction[]>;
  /**
   * Stores new bids, and records them as changes of contracts unless this is the first look at the auction.
   *
   * @returns the number of new bids
   */
  recordBids(look: BidsLook): Promise<number>;

  /** Replaces the market prices, and marks all listed contracts for valuation. */
  saveMarketPrices(prices: MarketPrices): Promise<void>;
  /**
   * Computes the values of contracts: of new ones, or of all listed ones after a change of prices or types, a thousand
   * per transaction. After an interruption, the next call computes the rest.
   */
  valueContracts(): Promise<void>;

  /** Updates the planner's statistics after many rows were written. */
  analyze(): Promise<void>;

  /** Records the mutated modules that contracts have offered since the last call, as far as their types are known. */
  enterRolls(): Promise<void>;
  /** Modules on offer whose rolls are due. */
  dueRolls(now: Instant): Promise<DueRoll[]>;
  saveRoll(roll: FetchedRoll): Promise<void>;
  /**
   * Stores modules with their rolls, and marks their types as mutated modules; known rolls stay.
   *
   * @returns the number of new rolls
   */
  saveRolls(rolls: readonly ArchivedRoll[]): Promise<number>;
  postponeRoll(postponement: RollPostponement): Promise<void>;

  /** Contracts that left before their expiry and have no known outcome, the latest first. */
  unresolvedContracts(limit: number): Promise<number[]>;
  /** Stores ESI's answer about a gone contract, and its outcome. */
  recordEvidence(evidence: Evidence): Promise<void>;

  /** The start and end systems of listed couriers without a computed route; empty without static data. */
  missingRoutes(): Promise<Pick<Route, 'start_system_id' | 'end_system_id'>[]>;
  /** The security of each system, and its stargates. */
  starMap(): Promise<StarMapData>;
  saveRoutes(routes: readonly Route[]): Promise<void>;

  /** Replaces the imported player structures. */
  replaceStructures(structures: readonly Structure[], at: Instant): Promise<void>;
  /** Writes a static data export in one transaction, and keeps ESI's earlier answers. */
  saveStaticData(data: StaticData, at: Instant): Promise<void>;

  /** Counts what {@link prune} would remove; reads all of it. */
  countPrunable(options: PruneOptions): Promise<PrunedCounts>;
  /** Removes gone contracts with all their rows, two thousand per transaction; yields the counts of each. */
  prune(options: PruneOptions): AsyncIterable<PrunedCounts>;
  /** Returns the space of removed rows to the file system, as far as the database can, and updates its statistics. */
  vacuum(): Promise<void>;
  /** Large numbers of rows in one transaction; no other operation may run meanwhile. */
  readonly writeInBulk: WriteInBulk;

  /** Ensures that every region has a row. */
  saveRegionIds(ids: readonly number[]): Promise<void>;
  regions(): Promise<NamedRegion[]>;
  readMeta(key: string): Promise<string | undefined>;
  writeMeta(key: string, value: string): Promise<void>;
}

/** The part of a {@link Store} for types, groups, locations and names. */
export interface ReferenceStore {
  /** Ids that stored rows refer to, without data, that are due. */
  missingReferences(kind: NeededKind, now: Instant): Promise<MissingReference[]>;
  /** The groups or market groups of these types, as far as their stored answers say. */
  typesIn(kind: 'group' | 'market_group', typeIds: readonly number[]): Promise<TypeHolders>;
  /** The known groups of these categories. */
  groupsOf(categoryIds: readonly number[]): Promise<number[]>;
  /** The systems of stations, as far as known from static data. */
  systemsOfStations(stationIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** Those of these ids whose data has expired, with the ETag for the next request. */
  expiredReferences(kind: ReferenceKind, ids: readonly number[], now: Instant): Promise<StaleReference[]>;
  /** Stores objects, and records the ids that they refer to. */
  saveReferences(references: readonly Reference[]): Promise<void>;
  /** Moves the expiry of an unchanged object. */
  extendReference(kind: ReferenceKind, id: number, expiresAt: Instant): Promise<void>;
  /** Records failed attempts to fetch objects; stored data is kept. */
  postponeReferences(postponements: readonly ReferencePostponement[], now: Date): Promise<void>;
  saveNames(names: readonly Name[], now: Instant): Promise<void>;
}
