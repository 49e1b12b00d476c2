import { UsageError } from '../../errors.ts';
import { storableText } from '../../eve/text.ts';
import { type Filter, flagOf, type Given } from './filter.ts';
import type { Subject } from './subject.ts';
import { parseSignedAmount, requireChoice } from './values.ts';

/** More than anybody types, and less than what makes SQLite refuse a statement. */
const mostValues = 500;
const longestValue = 1_000;

/**
 * The values that a question is asked with: those that were typed, as their filters know them, and the defaults that
 * none of them takes the place of.
 *
 * @throws {UsageError} when a value makes no sense
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

/** Values as the filter knows them and the database can hold them. */
function chosenBy(filter: Filter, typed: readonly string[]): readonly string[] {
  const flag = flagOf(filter);
  if (typed.length > mostValues) throw new UsageError(`${flag} may be given ${mostValues} times, not ${typed.length}`);
  const longest = Math.max(0, ...typed.map(({ length }) => length));
  if (longest > longestValue)
    throw new UsageError(`${flag}: a text of ${longest} characters; it may have ${longestValue}`);
  const all = typed.map(storableText);
  const values = filter.isSingle === true ? all.slice(-1) : all;
  // Everything contains it: that is no filter, but a variable that was not set.
  if (filter.argument === '<text>' && values.includes('')) throw new UsageError(`${flag} needs a text`);
  if (filter.choices === undefined) return values;
  const words = values.map((value) => value.trim().toLowerCase());
  if (filter.isOpen !== true) for (const word of words) requireChoice(flag, word, filter.choices);
  return words;
}

/** A minimum above its maximum can only be a slip: no row would ever fit. */
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
