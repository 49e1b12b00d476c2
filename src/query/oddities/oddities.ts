import { promisedUnits } from './promised-units.ts';
import { isSellersTalk, plain, wordsOf } from './title-words.ts';

/** The parts of a contract that the rules use. */
export interface JudgedContract {
  readonly title: string | null;
  readonly price: number | null;
  readonly reward: number | null;
  readonly items: readonly JudgedItem[];
}

export interface JudgedItem {
  readonly type_id: number;
  /** Null if not known yet. */
  readonly type_name: string | null;
  readonly is_blueprint: boolean;
  readonly is_ship: boolean;
  /** Whether it is traded in thousands, like minerals. */
  readonly is_bulk: boolean;
  readonly quantity: number;
  readonly is_included: boolean;
}

/** Names in the game, in lower case. */
export interface KnownNames {
  readonly shipNames: ReadonlySet<string>;
  /** The names of all types; a title may contain a type with a longer name. */
  readonly typeNames: ReadonlySet<string>;
}

/**
 * The oddities of a contract, from its contents alone, without judging its price. The rules prefer a missed trap to ten
 * honest contracts hidden.
 */
export function odditiesOf(contract: JudgedContract, names: KnownNames): string[] {
  return Object.entries(rules)
    .filter(([, { isOdd }]) => isOdd(contract, names))
    .map(([oddity]) => oddity);
}

/** The oddity that depends on names of types that the contract does not contain. */
export const promiseOddity = 'title_promises_more';

interface Rule {
  /** What the contract does. */
  readonly description: string;
  isOdd(contract: JudgedContract, names: KnownNames): boolean;
}

const rules: Readonly<Record<string, Rule>> = {
  /** The title says `10x Rifter`, and the contract has five. For a blueprint the number may be its runs. */
  [promiseOddity]: {
    description: 'title promises more units than the contract has, as in 10x Rifter',
    isOdd({ title, items }, { shipNames, typeNames }) {
      const text = plain(title);
      const units = new Map<string, { inside: number; isBulk: boolean }>();
      for (const { type_name, is_blueprint, is_bulk: isBulk, quantity } of items.filter(isOffered)) {
        if (type_name === null || is_blueprint) continue;
        const name = plain(type_name);
        // An empty name would match everywhere, endlessly.
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
  /** The title announces a sale, not a purchase or a trade, and the contract asks for items. */
  title_sells_but_asks_for_items: {
    description: 'title announces a sale, but the contract asks for items',
    isOdd({ title, items }) {
      const text = plain(title).replaceAll(harmless, ' ');
      return items.some((item) => !isOffered(item)) && sells.test(text) && !buysOrTrades.test(text);
    },
  },
  /** Price and reward are 0, and the contract asks for items: it looks free and is not. */
  price_zero_but_asks_for_items: {
    description: 'has a price and a reward of 0, and asks for items',
    isOdd({ price, reward, items }) {
      return price === 0 && !(reward !== null && reward > 0) && items.some((item) => !isOffered(item));
    },
  },
  /** The title is a ship's name plus sellers' words, and the contract has no such ship. */
  ship_in_title_but_none_inside: {
    description: 'title is a ship, but the contract neither offers nor wants one',
    isOdd({ title, items }, { shipNames }) {
      if (items.length === 0 || items.some((item) => item.is_ship || item.type_name === null)) return false;
      const text = plain(title);
      const said = wordsOf(text).filter((word) => !isSellersTalk(word));
      const ship = [said.join(' '), said.join(' ').replace(/s$/, '')].find((name) => shipNames.has(name));
      if (ship === undefined || research.test(text)) return false;
      // Its charges may have its name too; its blueprint and its skins have it as well, which is what such a title
      // exploits.
      return !items.some(({ type_name }) => plain(type_name).includes(ship) && !isMadeFor(ship, plain(type_name)));
    },
  },
};

/** Every oddity with its description. */
export const oddities: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(rules).map(([oddity, { description }]) => [oddity, description]),
);

const isOffered = ({ is_included }: JudgedItem) => is_included;

/** Whether the name is a blueprint or a skin of the ship. */
const isMadeFor = (ship: string, name: string) => name.startsWith(`${ship} `) && / (?:blueprint|skin)\b/.test(name);

/** `10/20`, the research level of a blueprint; not a sign of a hull. */
const research = /\d ?\/ ?\d/;

const phrase = (...texts: readonly string[]) =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${texts.join('|')})(?![\p{L}\p{N}])`, 'u');

const sells = phrase('wts', 'sell', 'selling', 'sale');
/** Phrases that only sound like buying or trading. */
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
