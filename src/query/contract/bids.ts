import { sql } from 'drizzle-orm';
import { columnsIn } from '../engine/columns.ts';
import type { Column, NestedRows } from '../engine/subject.ts';

const own = columnsIn('contract_bids');

/** The columns of an auction's bids. */
export const bidColumns: Readonly<Record<string, Column>> = {
  bid_id: own('id', 'bid_id'),
  amount: own('isk', 'amount'),
  date_bid: own('instant', 'date_bid'),
};

/** The bids as rows within a contract. */
export const nestedBids: NestedRows = {
  name: 'bids',
  description: 'add every bid ever seen on each auction, the highest first',
  columns: bidColumns,
  from: sql`contract_bids`,
  contractId: sql`contract_bids.contract_id`,
  order: sql`contract_bids.amount DESC, contract_bids.bid_id`,
};
