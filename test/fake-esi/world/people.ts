import type { Random } from '../random.ts';
import type { NameRow } from '../universe/types.ts';

/** Who issues a contract. */
export interface Issuer {
  issuer_id: number;
  issuer_corporation_id: number;
}

/** Draws issuers so that a few of them have very many contracts and most have one. */
export interface People {
  draw(): Issuer;
}

const newIssuerShare = 0.35;
const npcCorporationShare = 0.12;
const newCorporationShare = 0.4;
const oldCharacterShare = 0.6;

const syllables = [
  'ka',
  'ro',
  'vex',
  'mi',
  'dan',
  'tor',
  'el',
  'sha',
  'ni',
  'bru',
  'qua',
  'les',
  'or',
  'ith',
  'za',
  'pel',
];
const corporationWords = [
  'Quiet',
  'Rusty',
  'Second',
  'Honest',
  'Lunar',
  'Borrowed',
  'Distant',
  'Hollow',
  'Tired',
  'Brass',
];
const corporationKinds = [
  'Haulers',
  'Foundry',
  'Salvage',
  'Traders',
  'Works',
  'Cartel',
  'Society',
  'Logistics',
  'Mining',
];

/** Starts a population; every person and corporation is entered in `names`. */
export function createPeople(random: Random, names: Map<number, NameRow>): People {
  const npcCorporations = [...names.values()].filter(({ category }) => category === 'corporation').map(({ id }) => id);
  const corporations: number[] = [];
  // One entry for each contract, so that drawing from it prefers those who have many already.
  const issuers: Issuer[] = [];

  const freshId = (draw: () => number): number => {
    let id = draw();
    while (names.has(id)) {
      id = draw();
    }
    return id;
  };

  const drawCorporation = (): number => {
    if (random.chance(npcCorporationShare)) {
      return random.pick(npcCorporations);
    }
    if (corporations.length > 0 && !random.chance(newCorporationShare)) {
      return random.pick(corporations);
    }
    const id = freshId(() => random.integer(98_000_001, 98_800_000));
    const name = `${random.pick(corporationWords)} ${random.pick(corporationKinds)} ${id % 1000}`;
    names.set(id, { id, name, category: 'corporation' });
    corporations.push(id);
    return id;
  };

  const drawCharacter = (): number => {
    const id = freshId(() =>
      random.chance(oldCharacterShare)
        ? random.integer(90_000_001, 97_999_999)
        : random.integer(2_112_000_000, 2_123_999_999),
    );
    const name = `${nameOf(random)} ${nameOf(random)}`;
    names.set(id, { id, name, category: 'character' });
    return id;
  };

  return {
    draw() {
      const issuer =
        issuers.length > 0 && !random.chance(newIssuerShare)
          ? random.pick(issuers)
          : { issuer_id: drawCharacter(), issuer_corporation_id: drawCorporation() };
      issuers.push(issuer);
      return issuer;
    },
  };
}

function nameOf(random: Random): string {
  const name = Array.from({ length: random.integer(2, 3) }, () => random.pick(syllables)).join('');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
