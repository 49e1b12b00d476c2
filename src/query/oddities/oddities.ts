import { promisedUnits } from './promised-units.ts';
import { isSellersTalk, plain, wordsOf } from './title-words.ts';

/** What a contract says of itself and what it holds, as far as the rules look at it. */
export interface JudgedContract {
  readonly title: string | null;
  readonly price: number | null;
  readonly reward: number | null;
  readonly items: readonly JudgedItem[];
}

export interface JudgedItem {
  readonly type_id: number;
  /** Null while it is not known. */
  readonly type_name: string | null;
  readonly is_blueprint: boolean;
  readonly is_ship: boolean;
  /** Whether it is counted in thousands, as minerals are. */
  readonly is_bulk: boolean;
  readonly quantity: number;
  readonly is_included: boolean;
}

/** Names of the game, in lower case. */
export interface KnownNames {
  readonly shipNames: ReadonlySet<string>;
  /** Of all types; a title may speak of one whose name is longer. */
  readonly typeNames: ReadonlySet<string>;
}

/**
 * What is odd about a contract, from its contents alone: no price is judged. A contract that is merely unusual is left
 * alone; better one trap missed than ten honest contracts hidden.
 */
export function odditiesOf(contract: JudgedContract, names: KnownNames): string[] {
  return Object.entries(rules)
    .filter(([, { isOdd }]) => isOdd(contract, names))
    .map(([oddity]) => oddity);
}

/** The oddity that has to do with names of types that the contract does not hold. */
export const promiseOddity = 'title_promises_more';

interface Rule {
  /** What the contract does. */
  readonly description: string;
  isOdd(contract: JudgedContract, names: KnownNames): boolean;
}

const rules: Readonly<Record<string, Rule>> = {
  /** `10x Rifter`, and five are inside. Of a blueprint the number may be that of its runs. */
  [promiseOddity]: {
    description: 'says 10x Rifter or the like, and fewer are inside',
    isOdd({ title, items }, { shipNames, typeNames }) {
      const text = plain(title);
      const units = new Map<string, { inside: number; isBulk: boolean }>();
      for (const { type_name, is_blueprint, is_bulk: isBulk, quantity } of items.filter(isOffered)) {
        if (type_name === null || is_blueprint) continue;
        const name = plain(type_name);
        // Nothing would be found everywhere, and without end.
        if (name === '') continue;
        units.set(name, { inside: (units.get(name)?.inside ?? 0) + quantity, isBulk });
      }
      const held = new Set(items.map((item) => plain(item.type_name)));
      const isName = (name: string) => held.has(name) || shipNames.has(name) || typeNames.has(name);
      return [...units].some(([name, { inside, isBulk }]) => promisedUnits(text, { name, isBulk }, isName) > inside);
    },
  },
  same_type_both_ways: {
    description: 'offers and asks for the same type',
    isOdd({ items }) {
      const offered = new Set(items.filter(isOffered).map(({ type_id }) => type_id));
      return items.some((item) => !isOffered(item) && offered.has(item.type_id));
    },
  },
  /** The title speaks of a sale, and not of a purchase or a trade, while items are asked for. */
  title_sells_but_asks_for_items: {
    description: 'says that it sells, and asks for items',
    isOdd({ title, items }) {
      const text = plain(title).replaceAll(harmless, ' ');
      return items.some((item) => !isOffered(item)) && sells.test(text) && !buysOrTrades.test(text);
    },
  },
  /** The price is 0, and so is the reward, while items are asked for: it looks free and is not. */
  price_zero_but_asks_for_items: {
    description: 'has a price and a reward of 0, and asks for items',
    isOdd({ price, reward, items }) {
      return price === 0 && !(reward !== null && reward > 0) && items.some((item) => !isOffered(item));
    },
  },
  /** The title is a ship's name, but for the words that sellers use, and no ship is inside. */
  ship_in_title_but_none_inside: {
    description: 'is titled as a ship, and neither holds nor asks for one',
    isOdd({ title, items }, { shipNames }) {
      if (items.length === 0 || items.some((item) => item.is_ship || item.type_name === null)) return false;
      const text = plain(title);
      const said = wordsOf(text).filter((word) => !isSellersTalk(word));
      const ship = [said.join(' '), said.join(' ').replace(/s$/, '')].find((name) => shipNames.has(name));
      if (ship === undefined || research.test(text)) return false;
      // Its charges may bear its name too; that its blueprint and its skins do is what the title makes use of.
      return !items.some(({ type_name }) => plain(type_name).includes(ship) && !isMadeFor(ship, plain(type_name)));
    },
  },
};

/** Every oddity, and what a contract does that has it. */
export const oddities: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(rules).map(([oddity, { description }]) => [oddity, description]),
);

const isOffered = ({ is_included }: JudgedItem) => is_included;

/** A blueprint of the ship or a skin. */
const isMadeFor = (ship: string, name: string) => name.startsWith(`${ship} `) && / (?:blueprint|skin)\b/.test(name);

/** `10/20`, as blueprints are researched: no claim that there is a hull. */
const research = /\d ?\/ ?\d/;

const phrase = (...texts: readonly string[]) =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${texts.join('|')})(?![\p{L}\p{N}])`, 'u');

const sells = phrase('wts', 'sell', 'selling', 'sale');
/** What only sounds like buying or trading. */
const harmless = new RegExp(
  phrase(
    'buy (?:it )?now',
    'need (?:the |some )?(?:isk|money|cash)',
    'need to(?= sell)',
    'no (?:trades?|trading|swaps?|barter)',
  ),
  'gu',
);
const buysOrTrades = phrase(
  ...['wtb', 'buy', 'buying', 'want to buy', 'sell (?:me|us|your)', 'to (?:me|us)', 'lf', 'looking for', 'need'],
  ...['wtt', 'trade', 'trading', 'swap', 'exchange', 'barter', 'for your'],
);
