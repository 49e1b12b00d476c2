import type { GivenContract } from './contracts.ts';
import { domain, heimatar, places, theForge, types } from './universe.ts';

/** A value or two for every filter of contracts, such that no minimum is above a maximum. */
export const samples: Readonly<Record<string, readonly string[]>> = {
  id: ['3', '14', '15', '92', '65', '35'],
  type: ['item_exchange', 'auction'],
  direction: ['sell', 'barter'],
  region: ['The Forge', 'heimatar'],
  system: ['Jita'],
  constellation: ['Kimotoro'],
  security: ['highsec', 'nullsec'],
  location: ['Jita', String(places.structure)],
  item: ['Rifter Blueprint', 'Ibis'],
  group: ['Frigate', 'Frigate Blueprint'],
  category: ['Ship', 'Blueprint'],
  'market-group': ['Ships'],
  bpc: [],
  bpo: [],
  'min-me': ['7'],
  'min-te': ['14'],
  'min-runs': ['2'],
  'max-runs': ['50'],
  ship: ['Rifter', 'Caracal'],
  ships: [],
  wants: ['Tritanium', 'Rifter'],
  'min-price': ['1'],
  'max-price': ['8200000'],
  'min-effective-price': ['0'],
  'max-effective-price': ['8200000.5'],
  'for-corporation': [],
  'min-reward': ['300000'],
  'max-reward': ['5000000'],
  'min-collateral': ['1'],
  'max-collateral': ['1000000000'],
  'min-volume': ['0.01'],
  'max-volume': ['12.5'],
  title: ['rifter', '%'],
  search: ['RIFTER'],
  issuer: ['90000001'],
  corporation: ['98000002'],
  state: ['gone', 'expired'],
  outcome: ['unknown'],
  'issued-since': ['30h'],
  'expires-within': ['3d'],
  'new-since': ['3h'],
  'gone-since': ['2h'],
};

/** An independent implementation of the filters over the given rows, to compare with the database's answers. */
export function fits(contract: GivenContract, given: Readonly<Record<string, readonly string[]>>, now: Date): boolean {
  const fact = factsOf(contract, now);
  const state = given.state ?? ('outcome' in given || 'gone-since' in given ? ['gone'] : ['listed']);
  const printings = ['bpc', 'bpo'].filter((name) => name in given);
  const kinds = Object.keys(kindOfItem).filter((name) => name in given);
  const ranges = Object.keys(rangeOfItem).filter((name) => name in given);
  const isKind = (item: ItemFact, name: string) => kindOfItem[name]?.(item, given[name] ?? []) === true;
  const isInRange = (item: ItemFact, name: string) =>
    (given[name] ?? []).some((value) => rangeOfItem[name]?.(item, Number(value)));
  const fitsAll = (item: ItemFact) =>
    kinds.every((name) => isKind(item, name)) && ranges.every((name) => isInRange(item, name));
  const isPrinted = (item: ItemFact) =>
    printings.every((name) => item[name === 'bpc' ? 'isCopy' : 'isOriginal'] === true);
  const offersWhatIsMeant =
    printings.length > 0
      ? fact.offered.some((item) => isPrinted(item) && fitsAll(item))
      : ranges.length > 0
        ? fact.offered.some(fitsAll)
        : kinds.every((name) => fact.offered.some((item) => isKind(item, name)));
  return (
    (state.includes('all') || state.includes(fact.state)) &&
    offersWhatIsMeant &&
    Object.entries(given).every(([name, values]) => ofContract[name]?.(fact, values, now) ?? true)
  );
}

const typeFacts: Readonly<Record<number, { name: string; group: string; category: string; under: string[] }>> = {
  [types.tritanium]: { name: 'tritanium', group: 'mineral', category: 'material', under: [] },
  [types.rifter]: { name: 'rifter', group: 'frigate', category: 'ship', under: ['ships', 'frigates', 'minmatar'] },
  [types.ibis]: { name: 'ibis', group: 'corvette', category: 'ship', under: [] },
  [types.caracal]: { name: 'caracal', group: 'cruiser', category: 'ship', under: [] },
  [types.rifterBlueprint]: {
    name: 'rifter blueprint',
    group: 'frigate blueprint',
    category: 'blueprint',
    under: [],
  },
};

const jita = { system: 'jita', constellation: 'kimotoro', security: 'highsec' };
const placeFacts: Readonly<Record<number, typeof jita & { readonly name: string }>> = {
  [places.jita]: { name: 'jita', ...jita },
  [places.jitaStation]: { name: 'jita iv - moon 4', ...jita },
  [places.amarrStation]: {
    name: 'amarr viii (oris)',
    system: 'amarr',
    constellation: 'throne worlds',
    security: 'highsec',
  },
};

const regionNames: Readonly<Record<number, string>> = {
  [theForge]: 'the forge',
  [domain]: 'domain',
  [heimatar]: 'heimatar',
};

type ItemFact = ReturnType<typeof itemFact>;

function itemFact(item: Readonly<Record<string, unknown>> & { readonly type_id: number }) {
  const type = typeFacts[item.type_id];
  const isCopy = item.is_blueprint_copy === true;
  const isBlueprint = isCopy || type?.category === 'blueprint';
  return {
    isOffered: item.is_included !== false,
    name: type?.name ?? '',
    group: type?.group ?? '',
    category: type?.category ?? '',
    under: type?.under ?? [],
    isCopy,
    isOriginal: !isCopy && type?.category === 'blueprint',
    me: efficiency(item.material_efficiency, isBlueprint),
    te: efficiency(item.time_efficiency, isBlueprint),
    runs: item.runs as number | undefined,
  };
}

/** ESI leaves out an efficiency of zero. */
const efficiency = (value: unknown, isBlueprint: boolean) =>
  (value as number | undefined) ?? (isBlueprint ? 0 : undefined);

type ContractFact = ReturnType<typeof factsOf>;

function factsOf({ contract_id, region_id, row = {}, items = [], isGone = false }: GivenContract, now: Date) {
  const facts = items.map(itemFact);
  const amount = (name: string) => row[name] as number | undefined;
  const expires = new Date(String(row.date_expired));
  const price = amount('price');
  const effective: Readonly<Record<string, number | undefined>> = {
    item_exchange: price === undefined ? undefined : price - (amount('reward') ?? 0),
    auction: price,
  };
  return {
    contract_id,
    region: regionNames[region_id ?? theForge],
    row,
    amount,
    effectivePrice: effective[String(row.type)],
    title: String(row.title ?? '').toLowerCase(),
    offered: facts.filter(({ isOffered }) => isOffered),
    asked: facts.filter(({ isOffered }) => !isOffered),
    place: placeFacts[Number(row.start_location_id)],
    issued: new Date(String(row.date_issued)),
    expires,
    isGone,
    state: isGone ? 'gone' : expires <= now ? 'expired' : 'listed',
    // The second sweep, an hour ago, found it gone.
    outcome: !isGone ? undefined : expires.getTime() <= now.getTime() - hour ? 'expired' : 'unknown',
  };
}

const hour = 3_600_000;
const contains = (text: string, values: readonly string[]) => values.some((part) => text.includes(part.toLowerCase()));
const isOneOf = (text: string | undefined, values: readonly string[]) =>
  values.some((value) => value.toLowerCase() === text);
/** `12h` and `3d`, in milliseconds. */
const span = (text: string | undefined) => Number.parseInt(text ?? '', 10) * (text?.endsWith('d') ? 24 : 1) * hour;

const kindOfItem: Readonly<Record<string, (item: ItemFact, values: readonly string[]) => boolean>> = {
  item: ({ name }, values) => isOneOf(name, values),
  group: ({ group }, values) => isOneOf(group, values),
  category: ({ category }, values) => isOneOf(category, values),
  'market-group': ({ under }, values) => under.some((name) => isOneOf(name, values)),
};

const rangeOfItem: Readonly<Record<string, (item: ItemFact, value: number) => boolean>> = {
  'min-me': ({ me }, value) => me !== undefined && me >= value,
  'min-te': ({ te }, value) => te !== undefined && te >= value,
  'min-runs': ({ runs }, value) => runs !== undefined && runs >= value,
  'max-runs': ({ runs }, value) => runs !== undefined && runs <= value,
};

const atLeast =
  (amount: (fact: ContractFact) => number | undefined) => (fact: ContractFact, values: readonly string[]) =>
    values.some((value) => (amount(fact) ?? Number.NaN) >= Number(value));
const atMost =
  (amount: (fact: ContractFact) => number | undefined) => (fact: ContractFact, values: readonly string[]) =>
    values.some((value) => (amount(fact) ?? Number.NaN) <= Number(value));

const ofContract: Readonly<Record<string, (fact: ContractFact, values: readonly string[], now: Date) => boolean>> = {
  id: (fact, values) => values.map(Number).includes(fact.contract_id),
  type: (fact, values) => values.includes(String(fact.row.type)),
  direction: ({ offered, asked }, values) => {
    const direction = asked.length === 0 ? 'sell' : offered.length === 0 ? 'buy' : 'barter';
    return offered.length + asked.length > 0 && values.includes(direction);
  },
  region: (fact, values) => isOneOf(fact.region, values),
  system: (fact, values) => isOneOf(fact.place?.system, values),
  constellation: (fact, values) => isOneOf(fact.place?.constellation, values),
  security: (fact, values) => values.includes(String(fact.place?.security)),
  location: (fact, values) => isOneOf(fact.place?.name, values) || values.includes(String(fact.row.start_location_id)),
  ship: (fact, values) => fact.offered.some((item) => item.category === 'ship' && isOneOf(item.name, values)),
  ships: (fact) => fact.offered.some((item) => item.category === 'ship'),
  wants: (fact, values) => fact.asked.some((item) => isOneOf(item.name, values)),
  'min-price': atLeast((fact) => fact.amount('price')),
  'max-price': atMost((fact) => fact.amount('price')),
  'min-effective-price': atLeast((fact) => fact.effectivePrice),
  'max-effective-price': atMost((fact) => fact.effectivePrice),
  'for-corporation': (fact) => fact.row.for_corporation === true,
  'min-reward': atLeast((fact) => fact.amount('reward')),
  'max-reward': atMost((fact) => fact.amount('reward')),
  'min-collateral': atLeast((fact) => fact.amount('collateral')),
  'max-collateral': atMost((fact) => fact.amount('collateral')),
  'min-volume': atLeast((fact) => fact.amount('volume')),
  'max-volume': atMost((fact) => fact.amount('volume')),
  title: (fact, values) => contains(fact.title, values),
  search: (fact, values) => contains(fact.title, values) || fact.offered.some(({ name }) => contains(name, values)),
  issuer: (fact, values) => values.includes(String(fact.row.issuer_id)),
  corporation: (fact, values) => values.includes(String(fact.row.issuer_corporation_id)),
  outcome: (fact, values) => values.includes(String(fact.outcome)),
  'issued-since': (fact, [value], now) => fact.issued.getTime() >= now.getTime() - span(value),
  'expires-within': (fact, [value], now) => fact.expires > now && fact.expires.getTime() <= now.getTime() + span(value),
  // The first sweep was two hours ago, the second one hour ago.
  'new-since': (_, [value]) => span(value) > 2 * hour,
  'gone-since': (fact, [value]) => fact.isGone && span(value) > hour,
};
