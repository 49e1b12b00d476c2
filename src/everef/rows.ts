/** The cells of a CSV row, by column. */
export type Cells = Readonly<Record<string, string>>;

type Kind = 'number' | 'boolean' | 'text';

/** Columns of the archive that ESI's rows also have, with their kinds; the archive adds all others. */
const contractColumns = {
  contract_id: 'number',
  type: 'text',
  title: 'text',
  price: 'number',
  reward: 'number',
  collateral: 'number',
  buyout: 'number',
  volume: 'number',
  days_to_complete: 'number',
  for_corporation: 'boolean',
  date_issued: 'text',
  date_expired: 'text',
  issuer_id: 'number',
  issuer_corporation_id: 'number',
  start_location_id: 'number',
  end_location_id: 'number',
} as const;

const itemColumns = {
  record_id: 'number',
  type_id: 'number',
  quantity: 'number',
  is_included: 'boolean',
  is_blueprint_copy: 'boolean',
  item_id: 'number',
  material_efficiency: 'number',
  time_efficiency: 'number',
  runs: 'number',
} as const;

const bidColumns = { bid_id: 'number', amount: 'number', date_bid: 'text' } as const;
const rollColumns = {
  item_id: 'number',
  source_type_id: 'number',
  mutator_type_id: 'number',
  created_by: 'number',
} as const;
const attributeColumns = { attribute_id: 'number', value: 'number' } as const;

const rowFrom = (columns: Readonly<Record<string, Kind>>) => (cells: Cells) =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([name, kind]) => {
      const text = cells[name];
      const isAbsent = text === undefined || (text === '' && name !== 'title');
      return isAbsent ? [] : [[name, cellValue(text, kind)]];
    }),
  );

/**
 * Rows in the form of ESI's answers. An empty cell is an absent field, except for titles, which ESI always sends: on a
 * page of The Forge, 527 of 1,000 are empty and none is absent. Values that cannot be converted stay text and fail the
 * later checks.
 */
export const contractRow = rowFrom(contractColumns);
export const itemRow = rowFrom(itemColumns);
export const bidRow = rowFrom(bidColumns);
export const rollRow = rowFrom(rollColumns);
export const attributeRow = rowFrom(attributeColumns);

function cellValue(text: string, kind: Kind): unknown {
  if (kind === 'number') return /^-?\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** The positive integer in a cell; undefined for any other text. */
export function idIn(cells: Cells, column: string): number | undefined {
  const id = Number(cells[column]);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
