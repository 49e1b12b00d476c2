import type { FaultMatch, Faults, Gate, RequestLog } from './request-types.ts';
import type { ContractType, Universe } from './universe/types.ts';

export type * from './request-types.ts';
export type * from './universe/types.ts';

/** How to start the stand-in ESI. Everything has a default. */
export interface StandInOptions {
  /** Everything generated follows from this number: equal seeds give equal worlds. @default 1 */
  seed?: number;
  /** Contracts generated at start. @default 0 */
  contracts?: number;
  /** What the server's clock shows at start; it then runs on with real time. @default the real time */
  now?: Date;
  /** How long answers stay unchanged, in seconds. */
  lifetimes?: Partial<Lifetimes>;
  /** Rows on a page of the contracts, items and bids routes. @default 1000 */
  pageSize?: number;
  /** The regions that exist: all that are known here, or only these. @default 'all' */
  regions?: 'all' | number[];
  /** The error limit of the older routes. @default 100 errors in 60 seconds */
  errorLimit?: { limit: number; windowSeconds: number };
  /** Invented types to add to the real ones, with ids from 1,000,001 upwards. @default 0 */
  syntheticTypes?: number;
  /** Port on 127.0.0.1; 0 lets the system choose. @default 0 */
  port?: number;
  /** Waiting time before every answer. @default 0 */
  latencyMilliseconds?: number;
}

/** Lifetimes of cached answers in seconds. */
export interface Lifetimes {
  /** Pages of `/contracts/public/{region_id}`. @default 1800 */
  list: number;
  /** `/contracts/public/items/{contract_id}`. @default 3600 */
  items: number;
  /** `/contracts/public/bids/{contract_id}`. @default 300 */
  bids: number;
  /** Universe, market group and dogma routes; without a number they live until the next 11:05 UTC. */
  static: number;
}

/** A running stand-in ESI. */
export interface StandInEsi {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly universe: Universe;
  readonly clock: Clock;
  readonly world: World;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Holds back the answers to matching requests from now on. */
  hold(match: FaultMatch): Gate;
  /** Stops listening and destroys every open socket, hanging requests included. */
  close(): Promise<void>;
}

/** The server's clock: real time plus an offset. Meant to be moved forwards. */
export interface Clock {
  now(): Date;
  set(date: Date): void;
  advance(milliseconds: number): void;
}

/** A row of `/contracts/public/{region_id}`, exactly as served. */
export interface ContractRow {
  contract_id: number;
  date_expired: string;
  date_issued: string;
  issuer_corporation_id: number;
  issuer_id: number;
  type: ContractType;
  buyout?: number;
  collateral?: number;
  days_to_complete?: number;
  end_location_id?: number;
  for_corporation?: boolean;
  price?: number;
  reward?: number;
  start_location_id?: number;
  title?: string;
  volume?: number;
}

/** A row of `/contracts/public/items/{contract_id}`, exactly as served. */
export interface ItemRow {
  is_included: boolean;
  quantity: number;
  record_id: number;
  type_id: number;
  is_blueprint_copy?: boolean;
  item_id?: number;
  material_efficiency?: number;
  runs?: number;
  time_efficiency?: number;
}

/** A row of `/contracts/public/bids/{contract_id}`, exactly as served. */
export interface BidRow {
  amount: number;
  bid_id: number;
  date_bid: string;
}

/**
 * Where a contract is in its life. Only `listed` contracts are on a region's list; the others answer their items route
 * with 403 or 204 (`accepted`), 204 or 403 (`expired`) and 404 (`removed`).
 */
export type ContractState = 'listed' | 'accepted' | 'expired' | 'removed';

/** A contract that the server knows. Its rows are replaced, never changed in place. */
export interface WorldContract {
  readonly region_id: number;
  readonly contract: Readonly<ContractRow>;
  readonly items: readonly Readonly<ItemRow>[];
  readonly bids: readonly Readonly<BidRow>[];
  readonly state: ContractState;
}

/** Every field may be given; `undefined` omits a field from the row. */
export type Given<Row> = { [Field in keyof Row]?: Row[Field] | undefined };

/** Given values of a new contract; the seed determines all others. */
export type NewContract = Given<ContractRow> & {
  region_id?: number;
  /**
   * The contract's items. Where a row does not say otherwise: an included item, quantity 1, a fresh `record_id`, and a
   * fresh `item_id` if it is included.
   */
  items?: readonly (Given<ItemRow> & { type_id: number })[];
  bids?: readonly Given<BidRow>[];
};

/** Control over the contracts. Lists show a change when their next generation is made. */
export interface World {
  /** The contracts that are listed now, by ascending `contract_id`. */
  list(): WorldContract[];
  /** A contract in any state. */
  contract(contractId: number): WorldContract | undefined;
  /** Adds one contract, issued now unless said otherwise. */
  add(given?: NewContract): WorldContract;
  /** Adds this number of contracts, issued one second apart up to now. */
  addMany(count: number): WorldContract[];
  /**
   * Somebody accepts the contract. Its items answer 403 `Contract accepted by player, requires authorization` or 204;
   * which of them depends on the id unless it is given.
   */
  complete(contractId: number, itemsAnswer?: 403 | 204): void;
  /** The contract's time runs out: `date_expired` moves one second into the past and the contract is delisted. */
  expire(contractId: number): void;
  /** The issuer deletes the contract; its items answer 404. */
  remove(contractId: number): void;
  /** A late bid makes an auction last longer. */
  extend(contractId: number, seconds: number): void;
  /** The contract's system moves to another region. */
  move(contractId: number, regionId: number): void;
  /** A contract that was delisted is back under its own id. */
  relist(contractId: number): void;
  /** The items of a contract (same `item_id`, new `record_id`) under a new contract id. */
  reissue(contractId: number): WorldContract;
  /** Somebody bids on an auction. */
  bid(contractId: number, amount: number): BidRow;
  /** Appends any JSON value to the list of a region. */
  raw(regionId: number, row: unknown): void;
  /** Replaces what the items route answers for a contract, listed or not. */
  rawItems(contractId: number, rows: readonly unknown[]): void;
  /** From now on `/universe/names` does not know this id, as with deleted characters. */
  forgetName(id: number): void;
  /**
   * Makes a new generation of the list of one region, or of all, regardless of expiry. Its `Last-Modified` is at least
   * a second later. Answers of the items and bids routes are made again as well.
   */
  regenerate(regionId?: number): void;
}
