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
 * Changes of passes that have ended. Passes run one after another, so no change can appear before one that was
 * returned. A pass that died counts as ended once the next one has begun.
 */
const isSettled = sql`NOT EXISTS (
  SELECT 1 FROM runs WHERE runs.run_id = contract_changes.run_id AND runs.finished_at IS NULL)`;

/** Contract fields for notifications. */
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
    'last ended (last:NAME for a separate reader)',
  condition([text = '', ...others], { reader }) {
    if (others.length > 0) throw new UsageError('--since can be given only once');
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

/** Changes of contracts in the order of discovery; the contract's own fields are current. */
export const changes: Subject = {
  kind: 'rows',
  name: 'changes',
  description:
    'changes of contracts (appeared, gone, returned, bid, extended, moved, differs) in the order they were seen',
  details:
    'Without --since: all changes. Includes only passes that have ended. Each row has a cursor to continue from.\n' +
    '--since last remembers its position after the answer was written; the first call returns nothing.',
  columns: {
    cursor: own('id', 'change_id', 'position in the order of all changes, to continue from with --since'),
    at: own('instant', 'at', 'when a pass saw the change'),
    change: own('text', 'change', 'appeared, gone, returned, bid, extended, moved or differs'),
    contract_id: own('id', 'contract_id', 'id of the contract'),
    region_id: own('id', 'region_id', 'region of the change'),
    region_name: column('text', sql`regions.name`, 'name of that region'),
    ...Object.fromEntries(Object.entries(contractColumns).filter(([name]) => contractFields.includes(name))),
    ...bidColumns,
    ...pick(contractColumns, ['system_name', 'state', 'direction', 'effective_price']),
    field: own('text', 'field', 'for extended, moved and differs: the field'),
    old_value: own('text', 'old_value', "the field's stored value"),
    new_value: own('text', 'new_value', "the field's listed value"),
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
  // A limited stream would fall behind forever.
  limit: 0,
  stream: {
    newest: sql`SELECT change_id AS cursor FROM contract_changes WHERE ${isSettled} ORDER BY change_id DESC LIMIT 1`,
    rowAt: (cursor) => sql`SELECT run_id, contract_id, at FROM contract_changes WHERE change_id = ${cursor}`,
    passOf: (runId) => sql`SELECT run_id FROM runs WHERE run_id = ${runId}`,
    // Found by time, see below.
    endAt: (at) => sql`SELECT min(+change_id) - 1 AS cursor FROM contract_changes WHERE at > ${at}`,
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
        `--since: the cursor ${text} is beyond the last one, ${end}: it belongs to another database, or this one was restored ` +
          'from an older copy. Use --since TIME, or --since 0 for all changes',
      );
    }
    return sql`contract_changes.change_id > ${cursor}`;
  }
  const instant = sinceWhen(text, reader.now);
  // Found by time, because SQLite would otherwise scan all changes from the first.
  return sql`contract_changes.at >= ${instant} AND contract_changes.change_id >= (
    SELECT min(+change_id) FROM contract_changes WHERE at >= ${instant})`;
}

function sinceWhen(text: string, now: Instant): Instant {
  try {
    return parseInstant(text, '--since', now, 'ago');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      `--since: "${text}" is not a duration, instant or cursor; for example --since 1h, --since 2026-11-23T05:00:00Z, ` +
        '--since 4711 or --since last',
    );
  }
}
