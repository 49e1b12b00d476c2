import { sql } from 'drizzle-orm';
import type { Column, ColumnKind } from './subject.ts';

const own = (kind: ColumnKind, name: string): Column => ({ kind, sql: sql`contract_bids.${sql.identifier(name)}` });

/** The columns of an auction's bids. */
export const bidColumns: Readonly<Record<string, Column>> = {
  bid_id: own('id', 'bid_id'),
  amount: own('isk', 'amount'),
  date_bid: own('instant', 'date_bid'),
};
