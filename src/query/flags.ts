import { invisible } from '../visible.ts';

/** What a contract says of itself and what it holds, as far as the rules look at it. */
export interface FlaggableContract {
  readonly title: string | null;
  readonly price: number | null;
  readonly reward: number | null;
  readonly items: readonly FlaggableItem[];
}

export interface FlaggableItem {
  readonly type_id: number;
  /** Null while it is not known. */
  readonly type_name: string | null;
  readonly is_blueprint: boolean;
  readonly is_ship: boolean;
  readonly quantity: number;
  readonly is_included: boolean;
}

/**
 * What is odd about a contract, from its contents alone: no price is judged. A contract that is merely unusual is left
 * alone; better one trap missed than ten honest contracts hidden.
 *
 * @param shipNames every ship's name, in lower case
 */
export function flagsOf(contract: FlaggableContract, shipNames: ReadonlySet<string>): string[] {
  return Object.entries(rules)
    .filter(([, isOdd]) => isOdd(contract, shipNames))
    .map(([flag]) => flag);
}

type Rule = (contract: FlaggableContract, shipNames: ReadonlySet<string>) => boolean;

const rules: Readonly<Record<string, Rule>> = {
  /** `10x Rifter`, and five are inside. Of a blueprint the number may be that of its runs. */
  title_promises_more({ title, items }, shipNames) {
    const text = plain(title);
    const units = new Map<string, number>();
    for (const { type_name, is_blueprint, quantity } of items.filter(isOffered)) {
      if (type_name === null || is_blueprint) continue;
      const name = plain(type_name);
      units.set(name, (units.get(name) ?? 0) + quantity);
    }
    const names = [...items.map((item) => plain(item.type_name)), ...shipNames];
    return [...units].some(([name, inside]) => promisedUnits(text, name, names) > inside);
  },
  /** The same type is offered and asked for. */
  same_type_both_ways({ items }) {
    const offered = new Set(items.filter(isOffered).map(({ type_id }) => type_id));
    return items.some((item) => !isOffered(item) && offered.has(item.type_id));
  },
  /** The title speaks of a sale, and not of a purchase or a trade, while items are asked for. */
  title_sells_but_asks_for_items({ title, items }) {
    const text = plain(title);
    return items.some((item) => !isOffered(item)) && sells.test(text) && !buysOrTrades.test(text);
  },
  /** The price is 0, and so is the reward, while items are asked for: it looks free and is not. */
  price_zero_but_asks_for_items({ price, reward, items }) {
    return price === 0 && !(reward !== null && reward > 0) && items.some((item) => !isOffered(item));
  },
  /** The title is a ship's name, but for the words that sellers use, and no ship is inside. */
  ship_in_title_but_none_inside({ title, items }, shipNames) {
    if (items.length === 0 || items.some((item) => item.is_ship || item.type_name === null)) return false;
    const words = plain(title).match(/[\p{L}\p{N}']+/gu) ?? [];
    const said = words.filter((word) => !sellersWords.has(word) && !/^(?:x?\d+|\d+x)$/.test(word));
    const ship = [said.join(' '), said.join(' ').replace(/s$/, '')].find((name) => shipNames.has(name));
    // A hull's blueprint, its skin or its charges may bear its name too.
    return ship !== undefined && !items.some(({ type_name }) => plain(type_name).includes(ship));
  },
};

const isOffered = ({ is_included }: FlaggableItem) => is_included;

const sells = /(?<![\p{L}\p{N}])(?:wts|selling|for sale|want to sell)(?![\p{L}\p{N}])/u;
const buysOrTrades =
  /(?<![\p{L}\p{N}])(?:wtb|buy|buying|want to buy|wtt|lf|looking for|need|trade|trading|swap|exchange|barter|for your)(?![\p{L}\p{N}])/u;

const sellersWords = new Set(
  (
    'wts selling sell sale for a an the my your one last only new brand newly packaged repackaged assembled unassembled ' +
    'unfitted fitted fully ready to fly hull hulls ship ships cheap cheaper cheapest best great good fair low price ' +
    'priced prices discount deal bargain offer urgent quick clearance now here buy it and with in at jita amarr dodixie ' +
    'rens hek perimeter isk x pcs pc piece pieces unit units'
  ).split(' '),
);

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };

const unseen = new RegExp(`[${invisible}]`, 'gu');

/** Text as it reads: in lower case, look-alike digits and widths made plain, what cannot be seen taken out. */
function plain(text: string | null): string {
  return (text ?? '')
    .replaceAll(/&(?:lt|gt|amp|quot);/g, (entity) => entities[entity] ?? entity)
    .normalize('NFKC')
    .replaceAll(unseen, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .toLowerCase()
    .trim();
}

const number = String.raw`(\d{1,3}(?:[,.']\d{3})+|\d+)`;
/** `10x ` before a name, or a number with which the title begins; after a sign or another word it may mean anything. */
const countBefore = new RegExp(
  String.raw`(?:(?:^|[\s([{|>*#~=])${number} ?(?:x|×|\*|pcs|pieces of|units of)|^[^\p{L}\p{N}+-]*${number}) ?$`,
  'u',
);
/** `x10` after a name, where no word follows: `Rifter x2 gyros` speaks of the gyros. */
const countAfter = new RegExp(String.raw`^ ?(?:x|×|\*) ?${number}(?= ?(?:$|[^\p{L}\p{N}\s.,']))`, 'u');

/** How many units of a type a title promises; 0 where it says nothing of them. */
function promisedUnits(title: string, name: string, names: readonly string[]): number {
  let promised = 0;
  for (let start = title.indexOf(name); start >= 0; start = title.indexOf(name, start + 1)) {
    const rest = title.slice(start);
    const end = /^s?(?![\p{L}\p{N}])/u.exec(rest.slice(name.length));
    const isLongerName = names.some((other) => other.length > name.length && rest.startsWith(other));
    if (end === null || isLongerName) continue;
    const [, counted, bare] = countBefore.exec(title.slice(0, start)) ?? [];
    const [, after] = countAfter.exec(rest.slice(name.length + end[0].length)) ?? [];
    for (const digits of [counted, bare, after]) {
      promised = Math.max(promised, Number(digits?.replaceAll(/\D/g, '') ?? 0));
    }
  }
  return promised;
}
