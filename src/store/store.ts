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

/** What a pass asks of its database. Each operation that writes is one transaction, unless it says otherwise. */
export interface Store extends ReferenceStore {
  /** Made once with the database; what was learnt about another database means nothing here. */
  readonly identity: string;
  /** Where Keyv keeps validators when no cache is configured. */
  readonly validators: KeyvStoreAdapter;

  /** Opens the ledger's row of a pass, and closes those that died with their process as `interrupted`. */
  openRun(run: RunStart): Promise<void>;
  closeRun(run: RunEnd): Promise<void>;
  /** Whether a run that began at this time can be taken in: it is not there as complete, and no later one has ended well. */
  ageOfRun(run_id: string, started_at: Instant): Promise<'new' | 'up_to_date' | 'older'>;
  /** Regions with contracts that are listed. */
  listedRegions(): Promise<number[]>;
  /** Enters regions' rows in the ledger; a row of the same pass and region is replaced. */
  recordRegionSweeps(sweeps: readonly RegionSweep[]): Promise<void>;

  /** What of all that pages announced is not here: contracts neither stored nor waiting, rows not quarantined. */
  unsettled(announced: Announced): Promise<Announced>;
  /**
   * Takes in the rows of a page: new contracts go into the backlog, what a list says differently of stored ones is noted.
   * A page that is taken in again changes nothing.
   */
  recordPage(page: PageRecord): Promise<PageResult>;
  /** Takes in what a sweep showed once its pages are recorded: known contracts are seen, missing ones departed. */
  recordSweep(sweep: SweepRecord): Promise<SweepResult>;
  /** Whether contracts of a region are stored, listed or gone. */
  hasContracts(regionId: number): Promise<boolean>;
  /** Contracts that the lists of these regions no longer show, beyond doubt, and that are not gone yet. */
  departed(regionIds: readonly number[]): Promise<number[]>;
  /**
   * Ends the sweeps of a pass: contracts move to the region that lists them, and the departed ones are gone, a thousand in
   * a transaction. What an interruption leaves is settled by the next pass.
   */
  settleDepartures(settlement: DepartureSettlement): Promise<SettledDepartures>;

  /** Contracts of these regions that are to be tried now, those that expire last first. */
  dueContracts(
    regionIds: readonly number[],
    now: Instant,
    page?: { readonly after?: Pick<DueContract, 'date_expired' | 'contract_id'> | undefined; readonly limit?: number },
  ): Promise<DueContract[]>;
  /** How many contracts that are, all pages together. */
  countDue(regionIds: readonly number[], now: Instant): Promise<number>;
  /**
   * Writes a contract with all its items and takes it off the backlog: all of it or nothing. A contract that is stored
   * already stays as it is.
   *
   * @throws {RejectedError} when the database refuses the rows
   */
  storeContract(unit: UnitOfWork): Promise<void>;
  /** Notes a failed attempt; the contract tables are not touched. */
  postponeContract(postponement: Postponement): Promise<void>;
  /** Contracts in the backlog of these regions that are listed and wait for another attempt, by status. */
  countWaiting(regionIds: readonly number[]): Promise<WaitingCount[]>;

  /**
   * Listed auctions of these regions whose bids may be asked for now, those that end first first. Those past their end
   * are among them where a list has shown them since.
   */
  dueAuctions(regionIds: readonly number[], now: Instant): Promise<DueAuction[]>;
  /**
   * Keeps the bids that have not been seen before, and enters them in the changes of contracts unless it is the first
   * look at the auction.
   *
   * @returns how many they are
   */
  recordBids(look: BidsLook): Promise<number>;

  /** Replaces the market's prices, and marks all listed contracts for valuation. */
  saveMarketPrices(prices: MarketPrices): Promise<void>;
  /**
   * Works out what contracts are worth: those that have come since the last time, or all that are listed where prices or
   * types have changed, a thousand in a transaction. What an interruption leaves is worked out the next time.
   */
  valueContracts(): Promise<void>;

  /** Lets the database count what is in its tables, so that it plans questions well after many rows were written. */
  analyze(): Promise<void>;

  /** Enters the mutated modules that contracts have offered since the last time, as far as their types are known. */
  enterRolls(): Promise<void>;
  /** Modules on offer whose rolls are to be asked for now. */
  dueRolls(now: Instant): Promise<DueRoll[]>;
  saveRoll(roll: FetchedRoll): Promise<void>;
  /**
   * Enters modules with their rolls, and their types as those of mutated modules; a roll that is known stays.
   *
   * @returns how many were not known
   */
  saveRolls(rolls: readonly ArchivedRoll[]): Promise<number>;
  postponeRoll(postponement: RollPostponement): Promise<void>;

  /** Contracts that went before their end, and of which nothing more is known: the last ones first. */
  unresolvedContracts(limit: number): Promise<number[]>;
  /** Keeps what ESI said of a contract that is gone, and what follows from it. */
  recordEvidence(evidence: Evidence): Promise<void>;

  /** The ends of listed couriers, both in known systems, whose way is not worked out; none without static data. */
  missingRoutes(): Promise<Pick<Route, 'start_system_id' | 'end_system_id'>[]>;
  /** The security of each system, and the stargates from one to another. */
  starMap(): Promise<StarMapData>;
  saveRoutes(routes: readonly Route[]): Promise<void>;

  /** Takes player structures in, and those of the last import out. */
  replaceStructures(structures: readonly Structure[], at: Instant): Promise<void>;
  /** Writes a static data export: all of it or nothing. What ESI answered before stays beside it. */
  saveStaticData(data: StaticData, at: Instant): Promise<void>;

  /** What {@link prune} would remove; reads all of it. */
  countPrunable(options: PruneOptions): Promise<PrunedCounts>;
  /** Removes contracts that are gone with all they hold, two thousand in a transaction; each step tells what it removed. */
  prune(options: PruneOptions): AsyncIterable<PrunedCounts>;
  /** Gives the room of removed rows back to the disk, as far as the database can, and updates its statistics. */
  vacuum(): Promise<void>;
  /** Very many rows in one transaction; nothing else is asked of the store meanwhile. */
  readonly writeInBulk: WriteInBulk;

  /** Makes sure that every region has a row. */
  saveRegionIds(ids: readonly number[]): Promise<void>;
  regions(): Promise<NamedRegion[]>;
  readMeta(key: string): Promise<string | undefined>;
  writeMeta(key: string, value: string): Promise<void>;
}

/** The part of a {@link Store} that keeps types, groups, places and names. */
export interface ReferenceStore {
  /** Ids that something stored names, that have no data yet and may be asked for now. */
  missingReferences(kind: NeededKind, now: Instant): Promise<MissingReference[]>;
  /** Which groups or market groups hold these types, as far as their stored answers say. */
  typesIn(kind: 'group' | 'market_group', typeIds: readonly number[]): Promise<TypeHolders>;
  /** The groups of these categories, as far as they are known. */
  groupsOf(categoryIds: readonly number[]): Promise<number[]>;
  /** The systems of stations, as far as static data tells them. */
  systemsOfStations(stationIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** Of these ids, the ones whose data has expired, with the ETag to ask again with. */
  expiredReferences(kind: ReferenceKind, ids: readonly number[], now: Instant): Promise<StaleReference[]>;
  /** Writes objects, and enters those that they name. */
  saveReferences(references: readonly Reference[]): Promise<void>;
  /** The object is unchanged: only its expiry moves. */
  extendReference(kind: ReferenceKind, id: number, expiresAt: Instant): Promise<void>;
  /** Notes that objects cannot be had for now; what is known of them stays. */
  postponeReferences(postponements: readonly ReferencePostponement[], now: Date): Promise<void>;
  saveNames(names: readonly Name[], now: Instant): Promise<void>;
}
