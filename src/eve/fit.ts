/**
 * The types of a fit with their quantities. The format is the EVE Fitting Tool's text, which the game copies and
 * pastes.
 */
export type Fit = ReadonlyMap<string, number>;

/**
 * A line of a mutated module's roll, after the fit: `[1] Stasis Webifier II`, followed by the mutaplasmid and values.
 */
const rollHeader = /^\[\d+\]/;
const emptySlot = /^\[[^\]]*\]$/;

/**
 * Parses a fit: the ship, its modules and their charges, drones and cargo. A charge counts once per module that it is
 * loaded into, because the text does not say how many are loaded.
 *
 * @throws {Error} when the first line has no ship: `[Rifter, any name]`
 */
export function parseFit(text: string): Fit {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const start = lines.findIndex((line) => line.trim() !== '');
  const [, ship = ''] = /^\s*\[([^,\]]+),[^\]]*\]$/.exec(lines[start] ?? '') ?? [];
  if (ship.trim() === '') throw new Error('the first line has no ship, as in [Rifter, any name]');
  const fit = new Map<string, number>();
  const add = (name: string, count: number) => {
    if (name !== '') fit.set(name, (fit.get(name) ?? 0) + count);
  };
  add(ship.trim(), 1);
  let isInRoll = false;
  for (const line of lines.slice(start + 1)) {
    const isIndented = /^\s/.test(line);
    isInRoll = rollHeader.test(line) || (isInRoll && isIndented);
    const entry = line.trim();
    if (entry === '' || isInRoll || emptySlot.test(entry)) continue;
    const [, stacked, count] = /^(.+?)\s+x(\d+)$/i.exec(entry) ?? [];
    if (stacked !== undefined) {
      add(stacked, Number(count));
      continue;
    }
    // After a module follow its charge, whether it is offline, and the number of its roll.
    const [module = '', ...charges] = entry
      .replace(/\s*\/OFFLINE/i, '')
      .replace(/\s*\[\d+\]$/, '')
      .split(',')
      .map((name) => name.trim());
    for (const name of [module, ...charges]) add(name, 1);
  }
  return fit;
}
