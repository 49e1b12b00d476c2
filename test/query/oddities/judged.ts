import { type JudgedItem, odditiesOf } from '../../../src/query/oddities/oddities.ts';

const shipNames = new Set(['rifter', 'caracal', 'caracal navy issue', 'raven', 'probe', 'drake']);
const typeNames = new Set([
  ...[...shipNames, 'rifter blueprint', 'rifter sarum skin', 'compressed tritanium', 'tritanium', 'plex'],
  ...["'augmented' rifter", 'large raven rig', 'core scanner probe i'],
]);

export const item = (type_name: string | null, given: Partial<JudgedItem> = {}): JudgedItem => ({
  type_id: type_name?.length ?? 0,
  type_name,
  is_blueprint: false,
  is_ship: shipNames.has(type_name?.toLowerCase() ?? ''),
  is_bulk: /^(?:compressed )?tritanium$/i.test(type_name ?? ''),
  quantity: 1,
  is_included: true,
  ...given,
});
export const rifter = item('Rifter');
export const tritanium = item('Tritanium', { quantity: 1_000 });
export const plex = item('PLEX');
export const asked = (given: JudgedItem): JudgedItem => ({ ...given, is_included: false });

/** What is odd about a contract with this title, these items and this money. */
export function flags(
  title: string | null,
  items: readonly JudgedItem[],
  money: { price?: number | null; reward?: number | null } = {},
) {
  return odditiesOf({ title, price: 1_000_000, reward: 0, ...money, items }, { shipNames, typeNames });
}
