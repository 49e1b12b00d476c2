import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export * from './sqlite-static.ts';

/**
 * The tables on SQLite. Ids are 64-bit integers, money is a double, instants are text `YYYY-MM-DDTHH:MM:SSZ` in UTC,
 * JSON is text. No foreign keys, because referenced rows are fetched later or never.
 */

const instant = (name: string) => text(name);
const boolean = (name: string) => integer(name, { mode: 'boolean' });

/** Every public contract ever stored; a row is written once, together with its items. */
export const contracts = sqliteTable(
  'contracts',
  {
    contract_id: integer('contract_id').primaryKey(),
    region_id: integer('region_id').notNull(),
    type: text('type').notNull(),
    title: text('title'),
    /** The title in lower case, so that searches give the same result on every database. */
    title_folded: text('title_folded'),
    price: real('price'),
    reward: real('reward'),
    collateral: real('collateral'),
    buyout: real('buyout'),
    volume: real('volume'),
    days_to_complete: integer('days_to_complete'),
    for_corporation: boolean('for_corporation').notNull(),
    date_issued: instant('date_issued').notNull(),
    date_expired: instant('date_expired').notNull(),
    issuer_id: integer('issuer_id').notNull(),
    issuer_corporation_id: integer('issuer_corporation_id').notNull(),
    start_location_id: integer('start_location_id'),
    end_location_id: integer('end_location_id'),
    /** Null if the items are unavailable: a type that this program does not know, and ESI refused. */
    item_count: integer('item_count'),
    /** The number of items that are asked for. */
    asked_item_count: integer('asked_item_count').notNull().default(0),
    /** The type of all offered items, if they are of one type, and its units in all stacks. */
    sole_type_id: integer('sole_type_id'),
    sole_quantity: integer('sole_quantity'),
    first_seen_at: instant('first_seen_at').notNull(),
    last_seen_at: instant('last_seen_at').notNull(),
    /** When a complete sweep no longer listed it; null while it is listed. */
    gone_at: instant('gone_at'),
    outcome: text('outcome'),
    /** When an auction's bids are due again; null before the first request, and for other contracts. */
    bids_expire_at: instant('bids_expire_at'),
  },
  (table) => [
    index('contracts_region').on(table.region_id),
    index('contracts_issued').on(table.date_issued),
    index('contracts_first_seen').on(table.first_seen_at),
    index('contracts_gone').on(table.gone_at).where(sql`gone_at IS NOT NULL`),
    index('contracts_unresolved').on(table.gone_at, table.contract_id).where(sql`outcome = 'unknown'`),
    // Few of the contracts that a database has ever seen are still listed.
    index('contracts_listed').on(table.date_issued).where(sql`gone_at IS NULL`),
    index('contracts_listed_id').on(table.contract_id).where(sql`gone_at IS NULL`),
    index('contracts_listed_region').on(table.region_id, table.date_expired).where(sql`gone_at IS NULL`),
    index('contracts_listed_location').on(table.start_location_id).where(sql`gone_at IS NULL`),
    index('contracts_listed_price').on(table.price).where(sql`gone_at IS NULL`),
    index('contracts_listed_sole_type').on(table.sole_type_id, table.contract_id).where(sql`gone_at IS NULL`),
    index('contracts_listed_type').on(table.type, table.date_issued).where(sql`gone_at IS NULL`),
    index('contracts_issuer').on(table.issuer_id),
    index('contracts_corporation').on(table.issuer_corporation_id),
    index('contracts_sole_type').on(table.sole_type_id),
  ],
);

export const contractItems = sqliteTable(
  'contract_items',
  {
    contract_id: integer('contract_id').notNull(),
    record_id: integer('record_id').notNull(),
    type_id: integer('type_id').notNull(),
    quantity: integer('quantity').notNull(),
    is_included: boolean('is_included').notNull(),
    is_blueprint_copy: boolean('is_blueprint_copy').notNull(),
    item_id: integer('item_id'),
    material_efficiency: integer('material_efficiency'),
    time_efficiency: integer('time_efficiency'),
    runs: integer('runs'),
  },
  (table) => [
    primaryKey({ columns: [table.contract_id, table.record_id] }),
    index('contract_items_type').on(table.type_id, table.is_included, table.contract_id),
  ],
);

/**
 * The values of contracts at average market prices, updated with the prices while a contract is listed. No row if the
 * items are unknown.
 */
export const contractValues = sqliteTable('contract_values', {
  contract_id: integer('contract_id').primaryKey(),
  /** Value of the offered items minus that of the wanted items, in ISK; null if none has a price. */
  estimated_value: real('estimated_value'),
  /** Stacks without a price, which are not part of the value. */
  unpriced_item_count: integer('unpriced_item_count').notNull(),
});

/**
 * Mutated modules that contracts have offered, with their rolls. A roll never changes, and a module that is sold and
 * offered again keeps its id.
 */
export const rolls = sqliteTable(
  'rolls',
  {
    item_id: integer('item_id').primaryKey(),
    type_id: integer('type_id').notNull(),
    /** The latest contract that offered the module. */
    contract_id: integer('contract_id').notNull(),
    source_type_id: integer('source_type_id'),
    mutator_type_id: integer('mutator_type_id'),
    created_by: integer('created_by'),
    /** Null while the roll is unknown. */
    fetched_at: instant('fetched_at'),
    /** ESI does not know the module; it is not requested again. */
    is_unknown: boolean('is_unknown').notNull().default(false),
    attempts: integer('attempts').notNull().default(0),
    next_attempt_at: instant('next_attempt_at'),
    last_answer: text('last_answer'),
  },
  (table) => [
    index('rolls_type').on(table.type_id),
    index('rolls_contract').on(table.contract_id),
    index('rolls_waiting').on(table.contract_id).where(sql`fetched_at IS NULL AND NOT is_unknown`),
  ],
);

/** The attributes of mutated modules. */
export const rollAttributes = sqliteTable(
  'roll_attributes',
  {
    item_id: integer('item_id').notNull(),
    attribute_id: integer('attribute_id').notNull(),
    value: real('value').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.item_id, table.attribute_id] }),
    index('roll_attributes_value').on(table.attribute_id, table.value),
  ],
);

/** ESI's answers when asked again about contracts that left before their expiry. */
export const contractEvidence = sqliteTable('contract_evidence', {
  contract_id: integer('contract_id').primaryKey(),
  attempts: integer('attempts').notNull(),
  asked_at: instant('asked_at').notNull(),
  /** HTTP status; null without a usable answer. */
  status: integer('status'),
  answer: text('answer').notNull(),
});

/** Every bid ever seen; ESI does not publish the bidder. */
export const contractBids = sqliteTable(
  'contract_bids',
  {
    contract_id: integer('contract_id').notNull(),
    bid_id: integer('bid_id').notNull(),
    amount: real('amount').notNull(),
    date_bid: instant('date_bid').notNull(),
    first_seen_at: instant('first_seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.contract_id, table.bid_id] })],
);

/**
 * The changes of contracts in the order they were seen. Passes run one after another, so no change is ever inserted
 * before those of an ended pass.
 */
export const contractChanges = sqliteTable(
  'contract_changes',
  {
    change_id: integer('change_id').primaryKey({ autoIncrement: true }),
    run_id: text('run_id').notNull(),
    contract_id: integer('contract_id').notNull(),
    region_id: integer('region_id').notNull(),
    at: instant('at').notNull(),
    /** `appeared`, `gone`, `returned`, `bid`, `extended`, `moved` or `differs`. */
    change: text('change').notNull(),
    /** For a bid. */
    bid_id: integer('bid_id'),
    /** For `extended`, `moved` and `differs`: the column of `contracts`, its stored value and its listed value. */
    field: text('field'),
    old_value: text('old_value'),
    new_value: text('new_value'),
  },
  (table) => [index('contract_changes_at').on(table.at), index('contract_changes_contract').on(table.contract_id)],
);

/**
 * Contracts that a complete list of their region no longer shows. They are gone after the pass has swept its other
 * regions, or, if the list was doubtful, after a later list of their region does not show them either.
 */
export const departures = sqliteTable(
  'departures',
  {
    contract_id: integer('contract_id').primaryKey(),
    region_id: integer('region_id').notNull(),
    /** When ESI made the first list without the contract. */
    generated_at: instant('generated_at').notNull(),
    is_doubtful: boolean('is_doubtful').notNull(),
  },
  (table) => [index('departures_region').on(table.region_id)],
);

/** Listed rows that are not, or not yet, contracts: the pass's work queue, and the record of malformed rows. */
export const contractBacklog = sqliteTable(
  'contract_backlog',
  {
    /** `contract:ID`, or `row:REGION:DIGEST` for a malformed row. */
    backlog_key: text('backlog_key').primaryKey(),
    contract_id: integer('contract_id'),
    region_id: integer('region_id').notNull(),
    /** `deferred`, `gone_before_items` or `quarantined`. */
    status: text('status').notNull(),
    /** The row as listed, as JSON. */
    row: text('row').notNull(),
    /** For the order of work; null if the row does not have it. */
    date_expired: instant('date_expired'),
    attempts: integer('attempts').notNull().default(0),
    /** Null if no attempt is due. */
    next_attempt_at: instant('next_attempt_at'),
    /** HTTP status of the last answer; null without one. */
    last_status: integer('last_status'),
    last_answer: text('last_answer'),
    first_seen_at: instant('first_seen_at').notNull(),
    last_seen_at: instant('last_seen_at').notNull(),
    gone_at: instant('gone_at'),
  },
  (table) => [index('contract_backlog_due').on(table.region_id, table.next_attempt_at)],
);

/** The ledger: one row per pass. */
export const runs = sqliteTable(
  'runs',
  {
    run_id: text('run_id').primaryKey(),
    started_at: instant('started_at').notNull(),
    finished_at: instant('finished_at'),
    /** `running`, `complete`, `partial`, `unavailable`, `interrupted` or `failed`. */
    outcome: text('outcome').notNull(),
    exit_code: integer('exit_code'),
    host: text('host').notNull(),
    process_id: integer('process_id').notNull(),
    version: text('version').notNull(),
    regions_complete: integer('regions_complete'),
    regions_inconclusive: integer('regions_inconclusive'),
    regions_failed: integer('regions_failed'),
    regions_doubtful: integer('regions_doubtful'),
    regions_fresh: integer('regions_fresh'),
    regions_not_reached: integer('regions_not_reached'),
    contracts_listed: integer('contracts_listed'),
    contracts_new: integer('contracts_new'),
    contracts_stored: integer('contracts_stored'),
    contracts_gone: integer('contracts_gone'),
    contracts_deferred: integer('contracts_deferred'),
    contracts_quarantined: integer('contracts_quarantined'),
    items_stored: integer('items_stored'),
    requests_total: integer('requests_total'),
    requests_not_modified: integer('requests_not_modified'),
    requests_errors: integer('requests_errors'),
    error: text('error'),
  },
  (table) => [index('runs_started').on(table.started_at)],
);

/** The ledger: one row per region and pass. */
export const regionSweeps = sqliteTable(
  'region_sweeps',
  {
    run_id: text('run_id').notNull(),
    region_id: integer('region_id').notNull(),
    /** `complete`, `inconclusive`, `doubtful`, `failed`, `fresh` or `not_reached`. */
    outcome: text('outcome').notNull(),
    started_at: instant('started_at').notNull(),
    finished_at: instant('finished_at').notNull(),
    /** The list's Last-Modified header, if all pages agreed. */
    last_modified: text('last_modified'),
    pages: integer('pages').notNull(),
    listed: integer('listed').notNull(),
    new: integer('new').notNull(),
    returned: integer('returned').notNull(),
    stored: integer('stored').notNull(),
    gone: integer('gone').notNull(),
    deferred: integer('deferred').notNull(),
    quarantined: integer('quarantined').notNull(),
    requests: integer('requests').notNull(),
    not_modified: integer('not_modified').notNull(),
    errors: integer('errors').notNull(),
    error: text('error'),
  },
  (table) => [
    primaryKey({ columns: [table.run_id, table.region_id] }),
    index('region_sweeps_region').on(table.region_id, table.finished_at),
  ],
);

/**
 * Fetch state of an object of ESI's universe. A row without `fetched_at` was recorded with a row that refers to the
 * object, and is still to be fetched.
 */
const reference = () => ({
  name: text('name'),
  /** The whole answer, as JSON. */
  response: text('response'),
  etag: text('etag'),
  fetched_at: instant('fetched_at'),
  expires_at: instant('expires_at'),
  attempts: integer('attempts').notNull().default(0),
  next_attempt_at: instant('next_attempt_at'),
  last_answer: text('last_answer'),
});

export const types = sqliteTable(
  'types',
  {
    type_id: integer('type_id').primaryKey(),
    group_id: integer('group_id'),
    market_group_id: integer('market_group_id'),
    meta_group_id: integer('meta_group_id'),
    published: boolean('published'),
    volume: real('volume'),
    packaged_volume: real('packaged_volume'),
    /** Whether items of this type are mutated modules with individual attributes; null if unknown. */
    is_dynamic: boolean('is_dynamic'),
    ...reference(),
  },
  (table) => [
    index('types_group').on(table.group_id),
    index('types_market_group').on(table.market_group_id),
    index('types_name').on(table.name, table.type_id, table.group_id),
    index('types_missing').on(table.type_id).where(sql`fetched_at IS NULL`),
  ],
);

export const groups = sqliteTable(
  'groups',
  {
    group_id: integer('group_id').primaryKey(),
    category_id: integer('category_id'),
    published: boolean('published'),
    ...reference(),
  },
  (table) => [
    index('groups_category').on(table.category_id),
    index('groups_missing').on(table.group_id).where(sql`fetched_at IS NULL`),
  ],
);

export const categories = sqliteTable(
  'categories',
  {
    category_id: integer('category_id').primaryKey(),
    published: boolean('published'),
    ...reference(),
  },
  (table) => [index('categories_missing').on(table.category_id).where(sql`fetched_at IS NULL`)],
);

export const marketGroups = sqliteTable(
  'market_groups',
  {
    market_group_id: integer('market_group_id').primaryKey(),
    parent_group_id: integer('parent_group_id'),
    ...reference(),
  },
  (table) => [
    index('market_groups_parent').on(table.parent_group_id),
    index('market_groups_missing').on(table.market_group_id).where(sql`fetched_at IS NULL`),
  ],
);

export const regions = sqliteTable(
  'regions',
  { region_id: integer('region_id').primaryKey(), ...reference() },
  (table) => [index('regions_missing').on(table.region_id).where(sql`fetched_at IS NULL`)],
);

export const systems = sqliteTable(
  'systems',
  {
    system_id: integer('system_id').primaryKey(),
    constellation_id: integer('constellation_id'),
    /** Known from static data only. */
    region_id: integer('region_id'),
    security_status: real('security_status'),
    ...reference(),
  },
  (table) => [index('systems_missing').on(table.system_id).where(sql`fetched_at IS NULL`)],
);

/** NPC stations, and player structures from imported lists, because ESI has no public route for them. */
export const locations = sqliteTable(
  'locations',
  {
    location_id: integer('location_id').primaryKey(),
    system_id: integer('system_id'),
    /** Whether the row is from an imported list of player structures. */
    is_imported: boolean('is_imported').notNull().default(false),
    ...reference(),
  },
  (table) => [index('locations_missing').on(table.location_id).where(sql`fetched_at IS NULL`)],
);

/** Issuers and their corporations. */
export const names = sqliteTable(
  'names',
  {
    id: integer('id').primaryKey(),
    category: text('category'),
    ...reference(),
  },
  (table) => [index('names_missing').on(table.id).where(sql`fetched_at IS NULL`)],
);

/** Keyv's entries: the key begins with the database's identity, the value is Keyv's JSON. */
export const httpValidators = sqliteTable('http_validators', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

/** Facts about this database, including its `identity`. */
export const meta = sqliteTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});
