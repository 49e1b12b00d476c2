import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { keptBy } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { types } from '../../helpers/universe.ts';

const { rifter, tritanium, rifterBlueprint, unnamed } = types;
const blueprint = { type_id: rifterBlueprint };
const copy = { ...blueprint, is_blueprint_copy: true };
const perfect = { material_efficiency: 10, time_efficiency: 20 };

const ids = { split: 1, whole: 2, original: 3, asked: 4, mixed: 5, unresearched: 6, otherCopy: 7, hull: 8 };
const contracts = [
  // Each range is met, but by another item each.
  {
    contract_id: ids.split,
    items: [
      { ...copy, material_efficiency: 10, time_efficiency: 0, runs: 1 },
      { ...copy, material_efficiency: 0, time_efficiency: 20, runs: 50 },
    ],
  },
  { contract_id: ids.whole, items: [{ ...copy, ...perfect, runs: 50 }] },
  { contract_id: ids.original, items: [{ ...blueprint, ...perfect }, { type_id: tritanium }] },
  { contract_id: ids.asked, items: [{ type_id: tritanium }, { ...blueprint, is_included: false }] },
  {
    contract_id: ids.mixed,
    items: [
      { ...copy, ...perfect, runs: 3 },
      { ...blueprint, material_efficiency: 4, time_efficiency: 8 },
    ],
  },
  { contract_id: ids.unresearched, items: [{ ...copy, runs: 50 }] },
  {
    contract_id: ids.otherCopy,
    items: [{ type_id: unnamed, is_blueprint_copy: true, ...perfect, runs: 50 }, blueprint],
  },
  { contract_id: ids.hull, items: [{ type_id: rifter }] },
];

describe.each(backings)('filters of one item on $name', (backing) => {
  const market = sharedMarket(backing, contracts);

  it.each<[Record<string, string[]>, number[]]>([
    [{ 'min-me': ['10'], 'min-te': ['20'] }, [ids.whole, ids.original, ids.mixed, ids.otherCopy]],
    [{ 'min-me': ['10'], 'min-te': ['20'], bpc: [] }, [ids.whole, ids.mixed, ids.otherCopy]],
    [{ 'min-me': ['10'], 'min-te': ['20'], bpo: [] }, [ids.original]],
    [{ 'min-me': ['10'], 'min-runs': ['10'] }, [ids.whole, ids.otherCopy]],
    [{ 'min-me': ['10'], item: ['Rifter Blueprint'], 'min-runs': ['10'] }, [ids.whole]],
    [{ 'min-me': ['10'], group: ['Frigate Blueprint'], 'min-runs': ['10'] }, [ids.whole]],
    [{ 'min-me': ['10'], category: ['Blueprint'], 'min-runs': ['10'] }, [ids.whole]],
    [{ 'min-runs': ['2'], 'max-runs': ['10'] }, [ids.mixed]],
    [{ bpc: [], item: ['Rifter Blueprint'] }, [ids.split, ids.whole, ids.mixed, ids.unresearched]],
    [{ bpc: [] }, [ids.split, ids.whole, ids.mixed, ids.unresearched, ids.otherCopy]],
    [{ bpo: [] }, [ids.original, ids.mixed, ids.otherCopy]],
    [{ item: ['Tritanium'], group: ['Frigate Blueprint'] }, [ids.original]],
    [{ wants: ['Rifter Blueprint'] }, [ids.asked]],
    // ESI leaves out an efficiency of zero.
    [{ 'min-me': ['0'] }, [ids.split, ids.whole, ids.original, ids.mixed, ids.unresearched, ids.otherCopy]],
    [{ 'min-te': ['0'], bpo: [] }, [ids.original, ids.mixed, ids.otherCopy]],
    // Of a bound that is given twice, the last counts.
    [{ 'min-me': ['10', '0'], 'min-te': ['0', '20'] }, [ids.split, ids.whole, ids.original, ids.mixed, ids.otherCopy]],
  ])('%j', async (filters, expected) => {
    const { database } = market();
    expect(await keptBy(database, filters)).toEqual(expected);
  });

  it.each(['min-me', 'min-te', 'min-runs', 'max-runs'])('--%s takes whole numbers only', async (flag) => {
    const { database } = market();
    for (const text of ['9.5', '-1', 'ten', '', '1e999']) {
      await expect(keptBy(database, { [flag]: [text] }), text).rejects.toThrow(UsageError);
    }
    await expect(keptBy(database, { [flag]: ['9.5'] })).rejects.toThrow(`--${flag}: "9.5" is not a whole number`);
  });

  it('a copy that is an original is refused, since no item is both', async () => {
    const { database } = market();
    for (const filters of [
      { bpc: [], bpo: [] },
      { bpc: [], bpo: [], 'min-me': ['4'] },
    ]) {
      await expect(keptBy(database, filters)).rejects.toThrow('no item is both a blueprint copy and an original');
    }
  });

  it('a minimum of runs above their maximum is refused', async () => {
    const { database } = market();
    const asked = keptBy(database, { 'min-runs': ['20'], 'max-runs': ['10'] });
    await expect(asked).rejects.toThrow('--min-runs 20 is above --max-runs 10');
  });
});
