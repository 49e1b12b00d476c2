import { type TableShape, tables } from '../store/bulk/tables.ts';

/**
 * The placement of each table: `month` for one file per month of issue, `whole` for one file, `none` for tables of
 * passes.
 */
const places: Readonly<Record<string, 'month' | 'whole' | 'none'>> = {
  contracts: 'month',
  contract_items: 'month',
  contract_values: 'month',
  contract_bids: 'month',
  contract_changes: 'month',
  rolls: 'month',
  roll_attributes: 'month',
  types: 'whole',
  groups: 'whole',
  categories: 'whole',
  market_groups: 'whole',
  meta_groups: 'whole',
  market_prices: 'whole',
  names: 'whole',
  regions: 'whole',
  systems: 'whole',
  locations: 'whole',
  stations: 'whole',
  stargates: 'whole',
  dogma_attributes: 'whole',
  type_attributes: 'whole',
  mutations: 'whole',
  mutation_ranges: 'whole',
  routes: 'none',
  contract_evidence: 'none',
  contract_backlog: 'none',
  departures: 'none',
  runs: 'none',
  region_sweeps: 'none',
  http_validators: 'none',
  meta: 'none',
};

/** Columns that only passes and searches use. */
const leftOut = new Set([
  'title_folded',
  'bids_expire_at',
  'response',
  'etag',
  'expires_at',
  'attempts',
  'next_attempt_at',
  'last_answer',
]);

export const monthlyTables = tablesAt('month');
export const wholeTables = tablesAt('whole');

/** @returns undefined for a table without a placement */
export function placeOf(table: string) {
  return places[table];
}

/** The tables of a placement, with the exported columns. */
function tablesAt(wanted: 'month' | 'whole'): readonly TableShape[] {
  return tables
    .filter(({ name }) => placeOf(name) === wanted)
    .map((table) => ({
      ...table,
      columns: Object.fromEntries(Object.entries(table.columns).filter(([column]) => !leftOut.has(column))),
    }));
}
