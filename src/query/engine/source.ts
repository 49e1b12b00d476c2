import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import { storableText } from '../../eve/text.ts';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import { allOf } from './conditions.ts';
import { hasFirstKey, type KeyedRow } from './keys.ts';
import type { Filter, Given, Subject } from './subject.ts';
import { parseSignedAmount, requireChoice } from './values.ts';

/** A question as it was typed, checked only as far as it can be without the database. */
export interface Question {
  readonly subject: Subject;
  readonly filters: Given;
  /** Columns, nested rows and paths into them to put out; undefined for all columns. */
  readonly fields?: readonly string[] | undefined;
  readonly sort?: string | undefined;
  readonly descending: boolean;
  /** 0 for all. */
  readonly limit: number;
  readonly offset: number;
  /** Gathers the sentences that the answer's reader must know of, in their order. */
  readonly notices?: Set<string>;
}

/** What a question is asked of. */
export interface Source {
  /** Where the rows come from, and which of them fit; of a sum, only as far as these keys go. */
  rows(keys?: readonly KeyedRow[]): Promise<{ readonly from: SQL; readonly where: SQL }>;
  /** What names that which the rows refer to. */
  joins(): Promise<SQL>;
}

/**
 * Makes the flags that were typed into conditions; names are looked up.
 *
 * @throws {UsageError} when a name or a value is not known
 */
export async function sourceOf({ subject, filters, notices }: Question, reader: Reader, now: Instant): Promise<Source> {
  const typed = Object.entries(filters).map(([name, values]) => {
    const filter = subject.filters.find(({ flag }) => flag === `--${name}`);
    return [name, chosen(bearable(`--${name}`, values), filter)] as const;
  });
  requireOrderedBounds(Object.fromEntries(typed));
  const implied = subject.filters.filter(({ flag }) => filters[flag.slice(2)] !== undefined);
  const given = {
    ...subject.defaults,
    ...Object.assign({}, ...implied.map(({ implies }) => implies)),
    ...Object.fromEntries(typed),
  };
  const context = { reader, now, given, notice: (sentence: string) => void notices?.add(sentence) };
  const conditions: SQL[] = [];
  for (const { flag, condition } of subject.filters) {
    const values = given[flag.slice(2)];
    if (values !== undefined && condition !== undefined) conditions.push(await condition(values, context));
  }
  conditions.push(...((await subject.together?.(context)) ?? []));
  const where = allOf(conditions);
  return {
    async rows(keys) {
      if (typeof subject.from !== 'function') return { from: subject.from, where };
      const narrowed = keys === undefined ? where : allOf([where, hasFirstKey(subject, keys)]);
      return { from: await subject.from(narrowed, context), where: sql`TRUE` };
    },
    joins: async () => (typeof subject.joins === 'function' ? subject.joins(context) : (subject.joins ?? sql``)),
  };
}

/** More than anybody types, and less than what makes SQLite refuse a statement. */
const mostValues = 500;
const longestValue = 1_000;

/** Values as the database can hold them. */
function bearable(flag: string, values: readonly string[]): string[] {
  if (values.length > mostValues)
    throw new UsageError(`${flag} may be given ${mostValues} times, not ${values.length}`);
  const longest = Math.max(0, ...values.map(({ length }) => length));
  if (longest > longestValue)
    throw new UsageError(`${flag}: a text of ${longest} characters; it may have ${longestValue}`);
  return values.map(storableText);
}

/** Values as the filter knows them. */
function chosen(all: readonly string[], filter: Filter | undefined): readonly string[] {
  const values = filter?.isSingle === true ? all.slice(-1) : all;
  // Everything contains it: that is no filter, but a variable that was not set.
  if (filter?.argument === '<text>' && values.includes('')) throw new UsageError(`${filter.flag} needs a text`);
  if (filter?.choices === undefined) return values;
  const words = values.map((value) => value.trim().toLowerCase());
  if (filter.isOpen !== true) for (const word of words) requireChoice(filter.flag, word, filter.choices);
  return words;
}

/** A minimum above its maximum can only be a slip: no row would ever fit. */
function requireOrderedBounds(filters: Question['filters']): void {
  for (const [name, values] of Object.entries(filters)) {
    const other = name.replace(/^min-/, 'max-');
    const largest = filters[other];
    if (other === name || largest === undefined) continue;
    const minimum = Math.min(...values.map((value) => parseSignedAmount(value, `--${name}`)));
    const maximum = Math.max(...largest.map((value) => parseSignedAmount(value, `--${other}`)));
    if (minimum > maximum) throw new UsageError(`--${name} ${values[0]} is above --${other} ${largest[0]}`);
  }
}
