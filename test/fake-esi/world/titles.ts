import type { Random } from '../random.ts';

/** Share of contracts whose title is the empty string. */
const emptyShare = 0.52;
/** EVE's limit on a title. */
const longestTitle = 50;

const goodsWords = [
  'hull',
  'fit',
  'copies',
  'prints',
  'loot',
  'spare parts',
  'ammo crate',
  'rigs',
  'leftovers',
  'starter set',
];
const moods = [
  'clearance',
  'fair price',
  'moving out',
  'last one',
  'freshly copied',
  'never flown',
  'take it all',
  'bulk',
];
const decorations = ['♠', '◆', '☆', '🚀', '🔥', '→', '▒'];

/** A title as players write them: half of them empty, the rest anything that fits in 50 characters. */
export function drawTitle(random: Random): string {
  if (random.chance(emptyShare)) {
    return '';
  }
  const me = random.integer(0, 10);
  const te = random.integer(0, 10) * 2;
  const words = `${random.pick(goodsWords)} ${random.pick(moods)}`;
  const title = random.weighted<() => string>([
    [() => words, 30],
    [() => `ME ${me}, TE ${te}, ${random.integer(1, 300)} runs each`, 18],
    [() => `${me}/${te} BPC pack x${random.integer(2, 40)}`, 12],
    [() => `${random.pick(decorations)} ${words} ${random.pick(decorations)}`, 12],
    // The game escapes what looks like markup before ESI sees it.
    [() => `&gt;&gt; ${words} &lt;&lt; parts &amp; more`, 8],
    [() => `"${random.pick(goodsWords)}" of ${random.pick(moods)}, as seen, no returns`, 6],
    [() => String(random.integer(1, 99_999_999)), 5],
    [() => `Сборка №${random.integer(1, 40)}, ${random.pick(goodsWords)}`, 3],
    [() => `${random.pick(moods)} – it's ${random.integer(5, 60)}% off; =1+1`, 3],
    [() => `${random.pick(goodsWords)}\t${random.integer(1, 9)} pcs`, 1],
    [() => `${random.pick(moods)}\n${random.pick(goodsWords)}`, 1],
  ])();
  // By code points: half of an emoji would not survive UTF-8.
  return [...title].slice(0, longestTitle).join('');
}
