import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import { bidColumns, nestedBids } from '../contract/bids.ts';
import { contractColumns, contractJoins, ownContract } from '../contract/columns.ts';
import { nestedItems } from '../contract/items.ts';
import { column, columnsIn, pick } from '../engine/column.ts';
import { isAmong } from '../engine/conditions.ts';
import type { Filter } from '../engine/filter.ts';
import type { Subject } from '../engine/subject.ts';
import { parseInstant } from '../engine/values.ts';
import { contractFilters, contractItemConditions } from '../filters/contract-filters.ts';
import { contractOddities, noFlagged } from '../oddities/contract-oddities.ts';

const kinds = ['appeared', 'gone', 'returned', 'bid', 'extended', 'moved', 'differs'];

const own = columnsIn('contract_changes');

/**
 * Of passes that have ended: they follow one another, so nothing can come to stand before what has been told. A pass
 * that died counts as ended once the next one has begun.
 */
const isSettled = sql`NOT EXISTS (
  SELECT 1 FROM runs WHERE runs.run_id = contract_changes.run_id AND runs.finished_at IS NULL)`;

/** What a notifier wants to know of a contract. */
const contractFields = [
  'type',
  'title',
  'price',
  'reward',
  'collateral',
  'buyout',
  'volume',
  'date_issued',
  'date_expired',
  'issuer_id',
  'issuer_name',
  'start_location_id',
  'start_location_name',
  'end_location_id',
  'end_location_name',
  'item_count',
  'ship_type_id',
  'ship_name',
  'outcome',
];

const since: Filter = {
  name: 'since',
  argument: '<when>',
  description:
    'from then on: 1h, 2026-11-23T05:00:00Z, a cursor (0 for everything), or last: from where the last call with ' +
    'last ended (last:NAME for a reader of its own)',
  condition([text = '', ...others], { reader }) {
    if (others.length > 0) throw new UsageError('--since can be given once only');
    return startingAt(text.trim(), reader);
  },
};

const kindOfChange: Filter = {
  name: 'change',
  argument: '<change>',
  description: kinds.join(', '),
  choices: kinds,
  condition: (values) => isAmong(sql`contract_changes.change`, values),
};

/** What happened to contracts, in the order it was seen; a contract's own fields are as of `now`. */
export const changes: Subject = {
  kind: 'rows',
  name: 'changes',
  description: 'what appeared, went, came back, got a bid or is listed otherwise, in the order it was seen',
  details:
    'Without --since: everything ever seen. Only passes that have ended are told of, and each row carries the cursor\n' +
    'to go on from. --since last remembers where it ended once the answer is written; the first time it tells nothing.',
  columns: {
    cursor: own('id', 'change_id', 'position in the stream of changes, to go on from with --since'),
    at: own('instant', 'at', 'when a pass saw it'),
    change: own('text', 'change', 'appeared, gone, returned, bid, extended, moved or differs'),
    contract_id: own('id', 'contract_id', 'id of the contract'),
    region_id: own('id', 'region_id', 'region where it happened'),
    region_name: column('text', sql`regions.name`, 'name of that region'),
    ...Object.fromEntries(Object.entries(contractColumns).filter(([name]) => contractFields.includes(name))),
    ...bidColumns,
    ...pick(contractColumns, ['system_name', 'state', 'direction', 'effective_price']),
    field: own('text', 'field', 'of extended, moved and differs: the field'),
    old_value: own('text', 'old_value', 'of that field: the stored value'),
    new_value: own('text', 'new_value', 'of that field: the listed value'),
  },
  from: sql`contract_changes
      JOIN contracts ON contracts.contract_id = contract_changes.contract_id AND ${isSettled}
      LEFT JOIN contract_bids ON contract_bids.contract_id = contract_changes.contract_id
        AND contract_bids.bid_id = contract_changes.bid_id`,
  joins: () => contractJoins,
  key: [sql`contract_changes.change_id`],
  contract: ownContract,
  order: sql`contract_changes.change_id`,
  tableFields: ['cursor', 'at', 'change', 'contract_id', 'type', 'title', 'price', 'amount', 'region_name'],
  filters: [since, kindOfChange, ...contractFilters, noFlagged],
  itemsFit: contractItemConditions,
  defaults: {},
  nested: [nestedItems, nestedBids],
  derived: [contractOddities],
  // A stream that is cut short falls behind for good.
  limit: 0,
  stream: {
    newest: sql`SELECT change_id AS cursor FROM contract_changes WHERE ${isSettled} ORDER BY change_id DESC LIMIT 1`,
  },
};

/** @throws {UsageError} when the text is neither a cursor of this database nor a duration nor an instant */
async function startingAt(text: string, reader: Reader): Promise<SQL> {
  if (/^\d{1,15}$/.test(text)) {
    const cursor = Number(text);
    const [newest] = await reader.all<{ cursor: number | null }>(
      sql`SELECT max(change_id) AS cursor FROM contract_changes`,
    );
    const end = newest?.cursor ?? 0;
    if (cursor > end) {
      throw new UsageError(
        `--since: the cursor ${text} is not of this database, which has come to ${end}: it is of another one, or this one ` +
          'was restored from an older copy. Go on with --since TIME, or with --since 0 for everything',
      );
    }
    return sql`contract_changes.change_id > ${cursor}`;
  }
  const instant = sinceWhen(text, reader.now);
  // The first of them is found by their time; left alone, SQLite would read all changes from their beginning.
  return sql`contract_changes.at >= ${instant} AND contract_changes.change_id >= (
    SELECT min(+change_id) FROM contract_changes WHERE at >= ${instant})`;
}

function sinceWhen(text: string, now: Instant): Instant {
  try {
    return parseInstant(text, '--since', now, 'ago');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      `--since: "${text}" is no duration, instant or cursor; for example --since 1h, --since 2026-11-23T05:00:00Z, ` +
        '--since 4711 or --since last',
    );
  }
}
