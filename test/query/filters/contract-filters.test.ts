import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { ask, idsOf, keptBy } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { ids, listed } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';

interface Kept {
  readonly values: string[];
  readonly contracts: readonly number[];
  /** Further flags. */
  readonly beside?: Record<string, string[]>;
}

const ofNoTime = { state: ['all'] };
const everything = Object.values(ids);

/** What filters keep of the contracts of the market; that every filter has an independent reading, combined-filters.test.ts sees to. */
const kept: Readonly<Record<string, Kept>> = {
  id: { values: [String(ids.fleet)], contracts: [ids.fleet] },
  type: { values: ['courier'], contracts: [ids.courier] },
  direction: { values: ['buy'], contracts: [ids.wanted] },
  region: { values: ['Domain'], contracts: [ids.fleet, ids.minerals, ids.auction] },
  system: {
    values: ['Jita'],
    contracts: [ids.rifter, ids.pair, ids.wanted, ids.barter, ids.auction, ids.courier, ids.unnamed],
  },
  location: {
    values: ['Jita IV - Moon 4'],
    contracts: [ids.rifter, ids.wanted, ids.barter, ids.auction, ids.courier, ids.unnamed],
  },
  item: { values: ['Tritanium'], contracts: [ids.rifter, ids.minerals, ids.barter, ids.auction] },
  group: { values: ['Frigate'], contracts: [ids.rifter, ids.pair, ids.fleet] },
  category: { values: ['Material'], contracts: [ids.rifter, ids.minerals, ids.barter, ids.auction] },
  'market-group': { values: ['Ships'], contracts: [ids.rifter, ids.pair, ids.fleet] },
  bpc: { values: [], contracts: [ids.copies] },
  bpo: { values: [], contracts: [ids.copies] },
  'min-me': { values: ['10'], contracts: [ids.copies] },
  'min-te': { values: ['20'], contracts: [ids.copies] },
  'min-runs': { values: ['5'], contracts: [ids.copies] },
  'max-runs': { values: ['5'], contracts: [ids.copies] },
  ship: { values: ['Rifter'], contracts: [ids.rifter, ids.pair, ids.fleet] },
  ships: { values: [], contracts: [ids.rifter, ids.pair, ids.fleet, ids.auction] },
  wants: { values: ['Caracal'], contracts: [ids.barter] },
  'min-price': { values: ['150m'], contracts: [ids.fleet, ids.minerals] },
  'max-price': { values: ['2m'], contracts: [ids.barter, ids.auction, ids.unnamed] },
  'min-effective-price': { values: ['150m'], contracts: [ids.fleet, ids.minerals] },
  'max-effective-price': { values: ['2m'], contracts: [ids.barter, ids.auction, ids.unnamed] },
  'for-corporation': { values: [], contracts: [ids.pair] },
  'min-reward': { values: ['1m'], contracts: [ids.courier] },
  'max-reward': { values: ['300k'], contracts: [ids.wanted, ids.barter] },
  'min-collateral': { values: ['1b'], contracts: [ids.courier] },
  'max-collateral': { values: ['1b'], contracts: [ids.courier] },
  'min-volume': { values: ['12.5'], contracts: [ids.rifter, ids.courier] },
  'max-volume': { values: ['12.5'], contracts: [ids.minerals, ids.courier] },
  title: { values: ['pack'], contracts: [ids.fleet] },
  search: { values: ['IBIS'], contracts: [ids.auction] },
  issuer: { values: ["kara o'tool"], contracts: listed.filter((id) => id !== ids.rifter) },
  corporation: { values: ['98000002'], contracts: [ids.minerals] },
  state: { values: ['expired'], contracts: [ids.expired] },
  outcome: { values: ['expired'], contracts: [ids.goneExpired] },
  'issued-since': { values: ['36h'], beside: ofNoTime, contracts: listed },
  'expires-within': { values: ['14d'], beside: ofNoTime, contracts: [...listed, ids.gone] },
  'new-since': { values: ['3h'], beside: ofNoTime, contracts: everything },
  'no-flagged': { values: [], contracts: listed.filter((id) => id !== ids.barter) },
  'gone-since': { values: ['90m'], contracts: [ids.gone, ids.goneExpired] },
};

describe.each(backings)('filters of contracts on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(Object.entries(kept))('--%s keeps what fits and drops the rest', async (name, given) => {
    const { database } = market();
    expect(await keptBy(database, { ...given.beside, [name]: given.values })).toEqual(given.contracts);
  });

  it.each([
    ['issued-since', '1h'],
    ['expires-within', '12d'],
    ['new-since', '1h'],
    ['gone-since', '30m'],
    ['max-runs', '4'],
    ['min-me', '11'],
    ['max-collateral', '999m'],
    ['search', 'nothing like it'],
  ])('--%s %s drops everything', async (name, value) => {
    const { database } = market();
    expect(await keptBy(database, { ...ofNoTime, [name]: [value] })).toEqual([]);
  });

  it('without filters only listed contracts are found', async () => {
    const { database } = market();
    expect(await keptBy(database, {})).toEqual(listed);
  });

  it.each([
    ['id', [String(ids.rifter), String(ids.courier)], [ids.rifter, ids.courier]],
    ['type', ['courier', 'AUCTION'], [ids.auction, ids.courier]],
    ['region', ['Domain', 'heimatar'], [ids.fleet, ids.minerals, ids.barter, ids.auction, ids.courier]],
    ['item', ['Ibis', 'Caracal'], [ids.fleet, ids.auction]],
    ['ship', ['Ibis', 'Caracal'], [ids.fleet, ids.auction]],
    ['min-price', ['1b', '100m'], [ids.fleet, ids.minerals]],
    ['max-price', ['1', '300k'], [ids.barter, ids.auction]],
    ['title', ['pack', 'pair'], [ids.pair, ids.fleet]],
    ['state', ['gone', 'expired'], [ids.expired, ids.gone, ids.goneExpired]],
  ])('a repeated --%s is an alternative', async (name, values, contracts) => {
    const { database } = market();
    expect(await keptBy(database, { [name]: values })).toEqual(contracts);
  });

  it('different filters must all hold', async () => {
    const { database } = market();
    expect(await keptBy(database, { ship: ['Rifter'], region: ['The Forge'] })).toEqual([ids.rifter, ids.pair]);
    expect(await keptBy(database, { ship: ['Rifter'], region: ['The Forge'], 'max-price': ['10m'] })).toEqual([
      ids.rifter,
    ]);
    expect(await keptBy(database, { item: ['Tritanium'], ships: [], type: ['item_exchange'] })).toEqual([ids.rifter]);
    expect(await keptBy(database, { item: ['Tritanium'], ship: ['Caracal'] })).toEqual([]);
    expect(await keptBy(database, { ship: ['Rifter'], state: ['gone'] })).toEqual([ids.gone, ids.goneExpired]);
  });

  it('a contract comes once, however many of its items fit', async () => {
    const { database } = market();
    const filters = { item: ['Rifter', 'Tritanium', 'Caracal'], ships: [] };
    const found = idsOf(await ask(database, { filters, fields: ['contract_id', 'items'] }));
    expect(found.length).toBe(new Set(found).size);
    expect(found.toSorted()).toEqual([ids.rifter, ids.pair, ids.fleet, ids.auction]);
  });

  it('a page of contracts with several fitting items is as long as asked for', async () => {
    const { database } = market();
    expect(await ask(database, { filters: { item: ['Rifter', 'Tritanium'] }, limit: 3 })).toHaveLength(3);
  });

  it('an item that is asked for is not offered', async () => {
    const { database } = market();
    expect(await keptBy(database, { item: ['Rifter'] })).not.toContain(ids.wanted);
    expect(await keptBy(database, { ship: ['Rifter'] })).not.toContain(ids.wanted);
    expect(await keptBy(database, { ship: ['Caracal'] })).not.toContain(ids.barter);
    expect(await keptBy(database, { ships: [] })).not.toContain(ids.barter);
  });

  it('a contract without a price is within no bounds of price', async () => {
    const { database } = market();
    expect(await keptBy(database, { 'min-price': ['0'] })).not.toContain(ids.wanted);
    expect(await keptBy(database, { 'max-price': ['1t'] })).not.toContain(ids.courier);
  });

  it('both bounds of a price are included', async () => {
    const { database } = market();
    expect(await keptBy(database, { 'min-price': ['150m'], 'max-price': ['150m'] })).toEqual([ids.fleet]);
    expect(await keptBy(database, { 'min-price': ['8.2m'], 'max-price': ['8.2m'] })).toEqual([ids.rifter]);
    expect(await keptBy(database, { 'max-price': ['0'] })).toEqual([ids.barter]);
  });

  it('a minimum above the maximum is refused, with both values', async () => {
    const { database } = market();
    const asked = keptBy(database, { 'min-price': ['2b'], 'max-price': ['300m'] });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(/--min-price 2b.*--max-price 300m/);
  });

  it('an unknown state or type is refused with the nearest', async () => {
    const { database } = market();
    await expect(keptBy(database, { state: ['lsted'] })).rejects.toThrow(/--state: "lsted".*Did you mean "listed"/);
    await expect(keptBy(database, { type: ['curier'] })).rejects.toThrow(/--type: "curier".*Did you mean "courier"/);
    await expect(keptBy(database, { state: ['gone', ''] })).rejects.toThrow(UsageError);
  });

  it('a known type that no contract has finds nothing', async () => {
    const { database } = market();
    expect(await keptBy(database, { type: ['loan'] })).toEqual([]);
  });
});
