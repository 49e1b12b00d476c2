import { createRandom, type Random } from '../fake-esi/random.ts';
import { type GivenContract, inHours, theForge } from './contracts.ts';
import { domain, heimatar, places, types } from './universe.ts';

/** Many contracts of mixed contents, drawn from a seed: for what no hand-written list would think of. */
export function drawBazaar(count: number, seed = 7): GivenContract[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => drawContract(index + 1, random));
}

/** As {@link Random.pick}, where undefined is a value too: a field that ESI leaves out. */
function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.integer(0, values.length - 1)] as Value;
}

const titles = ['Rifter!', 'minerals, cheap', 'WTS 100% Caracal', 'a_b', 'Чертёж Rifter', '', undefined];

function drawContract(contract_id: number, random: Random): GivenContract {
  const type = random.weighted([
    ['item_exchange', 7],
    ['auction', 2],
    ['courier', 2],
  ]);
  const amount = (...values: (number | undefined)[]) => pick(random, values);
  return {
    contract_id,
    region_id: random.pick([theForge, theForge, domain, heimatar]),
    isGone: random.chance(0.25),
    row: {
      type,
      title: pick(random, titles),
      price: amount(undefined, 0, 300_000, 8_200_000, 8_200_000.5, 150_000_000, 1_500_000_000),
      reward: amount(undefined, 0, 300_000, 5_000_000),
      collateral: amount(undefined, 0, 1_000_000_000, 3_000_000_000),
      buyout: amount(undefined, 9_000_000),
      volume: amount(undefined, 0.01, 12.5, 27_289),
      days_to_complete: type === 'courier' ? random.integer(1, 14) : 0,
      date_issued: inHours(-random.pick([5, 20, 40, 90])),
      date_expired: inHours(random.pick([-1.5, -0.5, 3, 50, 300])),
      issuer_id: random.pick([90000001, 90000002]),
      issuer_corporation_id: random.pick([98000001, 98000002]),
      for_corporation: contract_id % 2 === 0,
      start_location_id: pick(random, [
        places.jitaStation,
        places.jita,
        places.amarrStation,
        places.structure,
        60000001,
        undefined,
      ]),
      end_location_id: random.pick([places.jitaStation, places.amarrStation, places.structure, 30002187]),
    },
    items: type === 'courier' ? [] : Array.from({ length: random.integer(1, 4) }, () => drawItem(random)),
  };
}

function drawItem(random: Random) {
  const type_id = random.pick([...Object.values(types), types.rifterBlueprint]);
  const item = { type_id, quantity: random.pick([1, 1, 2, 500]), is_included: random.chance(0.8) };
  if (type_id !== types.rifterBlueprint || !item.is_included) return item;
  const research = {
    material_efficiency: pick(random, [undefined, 0, 7, 10]),
    time_efficiency: random.pick([0, 14, 20]),
  };
  if (random.chance(0.3)) return { ...item, ...research };
  return { ...item, ...research, is_blueprint_copy: true, runs: random.pick([1, 5, 300]) };
}
