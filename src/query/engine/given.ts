import { UsageError } from '../../errors.ts';
import { storableText } from '../../eve/text.ts';
import { type Filter, flagOf, type Given, takesList } from './filter.ts';
import type { Subject } from './subject.ts';
import { parseSignedAmount, requireChoice } from './values.ts';

/** More values than anybody types, and few enough for an SQLite statement. */
const maxValues = 500;
const longestValue = 1_000;

/**
 * The values of a question's filters: the normalized typed ones, and the defaults that they do not replace.
 *
 * @throws {UsageError} when a value is invalid
 */
export function givenWith({ filters, defaults }: Pick<Subject, 'filters' | 'defaults'>, typed: Given): Given {
  const chosen = Object.fromEntries(
    filters.flatMap((filter) => {
      const values = typed[filter.name];
      return values === undefined ? [] : [[filter.name, chosenBy(filter, values)]];
    }),
  );
  requireOrderedBounds(chosen);
  const implied = filters.filter(({ name }) => chosen[name] !== undefined).map(({ implies }) => implies);
  return { ...defaults, ...Object.assign({}, ...implied), ...chosen };
}

/** Values normalized by the filter, checked against the limits of the database. */
function chosenBy(filter: Filter, texts: readonly string[]): readonly string[] {
  const flag = flagOf(filter);
  const typed = takesList(filter) ? texts.flatMap((text) => text.split(',')) : texts;
  if (typed.length > maxValues) throw new UsageError(`${flag} takes at most ${maxValues} values, not ${typed.length}`);
  const longest = Math.max(0, ...typed.map(({ length }) => length));
  if (longest > longestValue)
    throw new UsageError(`${flag}: the text has ${longest} characters, the maximum is ${longestValue}`);
  const all = typed.map(storableText);
  const values = filter.isSingle === true ? all.slice(-1) : all;
  // An empty text matches everything and usually comes from an unset variable.
  if (filter.argument === '<text>' && values.includes('')) throw new UsageError(`${flag} needs a text`);
  if (filter.choices === undefined) return values;
  const words = values.map((value) => value.trim().toLowerCase());
  if (filter.isOpen !== true) for (const word of words) requireChoice(flag, word, filter.choices);
  return words;
}

/** A minimum above its maximum is a mistake: no row could match. */
function requireOrderedBounds(given: Given): void {
  for (const [name, values] of Object.entries(given)) {
    const other = name.replace(/^min-/, 'max-');
    const largest = given[other];
    if (other === name || largest === undefined) continue;
    const minimum = Math.min(...values.map((value) => parseSignedAmount(value, `--${name}`)));
    const maximum = Math.max(...largest.map((value) => parseSignedAmount(value, `--${other}`)));
    if (minimum > maximum) throw new UsageError(`--${name} ${values[0]} is above --${other} ${largest[0]}`);
  }
}
