import { describe, expect, it } from 'vitest';
import { createRandom } from '../../fake-esi/random.ts';
import { askAll, idsOf, subjectNamed } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { drawBazaar } from '../../helpers/bazaar.ts';
import { fits, samples } from '../../helpers/oracle.ts';
import { sharedMarket } from '../../helpers/shared.ts';

const flags = Object.keys(samples);
const alone = flags.map((flag) => [flag]);
/** No item is both, and to ask for it is refused. */
const isPossible = (combination: readonly string[]) => !(combination.includes('bpc') && combination.includes('bpo'));
const pairs = flags.flatMap((flag, index) => flags.slice(index + 1).map((other) => [flag, other])).filter(isPossible);
const random = createRandom(42);
const triples = Array.from({ length: 400 }, () => [random.pick(flags), random.pick(flags), random.pick(flags)]).filter(
  isPossible,
);

describe.each(backings)('filters of contracts on $name', (backing) => {
  const contracts = drawBazaar(160);
  const bazaar = sharedMarket(backing, contracts);

  it.each([
    ['alone', alone, alone.length],
    ['in pairs', pairs, pairs.length * 0.6],
    ['in triples', triples, triples.length * 0.3],
  ])('%s keep what an independent reading of the rows keeps', async (_, combinations, leastKeeping) => {
    const { database } = bazaar();
    let keeping = 0;
    await askAll(database, async (ask) => {
      for (const combination of combinations) {
        const filters = Object.fromEntries(combination.map((flag) => [flag, samples[flag] ?? []]));
        const now = new Date();
        const expected = contracts.filter((contract) => fits(contract, filters, now)).map((row) => row.contract_id);
        const found = await ask({ filters, fields: ['contract_id'], sort: 'contract_id' });
        expect(idsOf(found), JSON.stringify(filters)).toEqual(expected);
        if (expected.length > 0) keeping += 1;
      }
    });
    // Otherwise the rows were too poor to tell anything.
    expect(keeping).toBeGreaterThanOrEqual(leastKeeping);
  });

  it('are all among the samples', () => {
    expect(flags.toSorted()).toEqual(
      subjectNamed('contracts')
        .filters.map(({ name }) => name)
        // These filters have separate tests.
        .filter((flag) => !['no-flagged', 'contains', 'fit', 'priced', 'min-value', 'min-margin'].includes(flag))
        .toSorted(),
    );
  });
});
