import { type TableShape, tables } from '../store/bulk/tables.ts';

/**
 * Where each table goes: `month` into a file for each month in which its contracts were issued, `whole` into one file,
 * `none` nowhere, since it is for passes alone.
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

/** What only passes and searches need. */
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

/** @returns nothing for a table that nobody has placed */
export function placeOf(table: string) {
  return places[table];
}

/** The tables of one place, with the columns that are exported. */
function tablesAt(wanted: 'month' | 'whole'): readonly TableShape[] {
  return tables
    .filter(({ name }) => placeOf(name) === wanted)
    .map((table) => ({
      ...table,
      columns: Object.fromEntries(Object.entries(table.columns).filter(([column]) => !leftOut.has(column))),
    }));
}
