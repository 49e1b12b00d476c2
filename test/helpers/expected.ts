import type { StandInEsi, WorldContract } from '../fake-esi/types.ts';

/** A contract row as `query` puts it out. */
export type QueriedContract = Readonly<Record<string, unknown>> & {
  readonly contract_id: number;
  readonly items: readonly Readonly<Record<string, unknown>>[];
};

const contractDefaults = {
  type: null,
  title: null,
  price: null,
  reward: null,
  collateral: null,
  buyout: null,
  volume: null,
  days_to_complete: null,
  for_corporation: false,
  start_location_id: null,
  end_location_id: null,
};
const itemDefaults = {
  is_blueprint_copy: false,
  item_id: null,
  material_efficiency: null,
  time_efficiency: null,
  runs: null,
};

/**
 * ESI's fields of a contract, with null for absent ones, computed from the server's rows independently of the program.
 */
export function expectedContract({ region_id, contract, items }: WorldContract) {
  return {
    ...contractDefaults,
    ...contract,
    region_id,
    items: items
      .map((item) => ({ ...itemDefaults, ...item }))
      .sort((a, b) => Number(a.record_id) - Number(b.record_id)),
  };
}

/** The part of a queried contract that ESI itself says. */
export function asEsiSaysIt(contract: QueriedContract, like: ReturnType<typeof expectedContract>) {
  const pick = (row: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
    Object.fromEntries(keys.map((key) => [key, row[key]]));
  const [item] = like.items;
  const itemKeys = item === undefined ? [] : Object.keys(item);
  return { ...pick(contract, Object.keys(like)), items: contract.items.map((row) => pick(row, itemKeys)) };
}

export function parseLines(ndjson: string): QueriedContract[] {
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as QueriedContract);
}

/** Differences between what was queried and what the server lists; empty when they are equal, field for field. */
export function differences(queried: readonly QueriedContract[], esi: StandInEsi): unknown[] {
  const byId = new Map(queried.map((contract) => [contract.contract_id, contract]));
  const found: unknown[] = byId.size === queried.length ? [] : ['a contract comes twice'];
  for (const listed of esi.world.list()) {
    const expected = expectedContract(listed);
    const contract = byId.get(expected.contract_id);
    byId.delete(expected.contract_id);
    if (contract === undefined) found.push({ missing: expected.contract_id });
    else {
      const actual = asEsiSaysIt(contract, expected);
      if (!isEqual(actual, expected)) found.push({ expected, actual });
    }
  }
  for (const contract_id of byId.keys()) found.push({ unexpected: contract_id });
  return found;
}

function isEqual(a: unknown, b: unknown): boolean {
  const sorted = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value;
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}
