import { sql } from 'drizzle-orm';
import { type Column, columnsIn } from '../engine/column.ts';
import type { NestedRows } from '../engine/subject.ts';

const own = columnsIn('contract_bids');

/** The columns of an auction's bids. */
export const bidColumns: Readonly<Record<string, Column>> = {
  bid_id: own('id', 'bid_id', 'id of the bid'),
  amount: own('isk', 'amount', 'the bid, in ISK'),
  date_bid: own('instant', 'date_bid', 'when the bid was made'),
};

/** The bids as nested rows of a contract. */
export const nestedBids: NestedRows = {
  name: 'bids',
  description: 'add every bid ever seen on each auction, the highest first',
  columns: bidColumns,
  from: sql`contract_bids`,
  contractId: sql`contract_bids.contract_id`,
  order: sql`contract_bids.amount DESC, contract_bids.bid_id`,
};
