import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import type { Reader } from '../../store/reader.ts';
import { allOf } from './conditions.ts';
import { fieldNamed, requireField, requireFields } from './fields.ts';
import type { FilterContext, Given } from './filter.ts';
import { givenWith } from './given.ts';
import type { Join } from './joins.ts';
import { hasFirstKey, type KeyedRow } from './keys.ts';
import { type Sieve, sieveOf } from './sieve.ts';
import type { DerivedLoader, Subject } from './subject.ts';

/** A question as it was typed, checked only as far as it can be without the database. */
export interface Question {
  readonly subject: Subject;
  readonly filters: Given;
  /** Columns, nested rows and paths into them to put out; undefined for all columns. */
  readonly fields?: readonly string[] | undefined;
  /** Whether columns that depend on the database are put out behind these. @default false */
  readonly isGrowing?: boolean;
  readonly sort?: string | undefined;
  readonly descending: boolean;
  /** 0 for all. */
  readonly limit: number;
  readonly offset: number;
}

/** A question whose values are checked and whose names are looked up; whatever asks it shares what was found. */
export interface ResolvedQuestion extends Pick<Question, 'limit' | 'offset'> {
  readonly subject: Subject;
  /** The fields of the answer, in order. */
  readonly fields: readonly string[];
  /** The expression to sort by, with its direction; ties are broken by the subject's key. */
  readonly order: SQL;
  readonly reader: Reader;
  /** Where the rows come from, and which of them fit; of a sum, only as far as these keys go. */
  source(keys?: readonly KeyedRow[]): Promise<{ readonly from: SQL; readonly where: SQL }>;
  readonly joins: readonly Join[];
  /** Works out the lists that the answer shows, by their names. */
  readonly lists: ReadonlyMap<string, DerivedLoader>;
  /** Undefined where SQL alone says which rows fit. */
  readonly sieve: Sieve | undefined;
  /** The regions whose lists can have what fits; undefined where that may be any. */
  readonly regions: readonly number[] | undefined;
  /** What the answer's reader must know of how it was understood, in sentences. */
  readonly notices: readonly string[];
}

/**
 * Makes the question's filters into conditions, looks up what they name, and opens what its lists are worked out with.
 *
 * @param reader of the moment that the question is asked at, and of all that is done with what comes out
 * @throws {UsageError} when a name, field or value is not known
 */
export async function resolve(question: Question, reader: Reader): Promise<ResolvedQuestion> {
  const { limit, offset } = question;
  const notices = new Set<string>();
  const context: FilterContext = {
    reader,
    given: givenWith(question.subject, question.filters),
    notice: (sentence) => void notices.add(sentence),
    lookedUp: new Map(),
  };
  const grown = (await question.subject.growing?.(context.given, context)) ?? {};
  const subject = { ...question.subject, columns: { ...question.subject.columns, ...grown } };
  const order = orderOf({ ...question, subject });
  const fields = fieldsOf({ ...question, subject }, Object.keys(grown));
  const where = await whereOf(subject, context);
  const lists = await listsOf(subject, fields, context);
  return {
    subject,
    fields,
    order,
    limit,
    offset,
    reader,
    async source(keys) {
      if (subject.kind === 'rows') return { from: subject.from, where };
      const narrowed = keys === undefined ? where : allOf([where, hasFirstKey(subject, keys)]);
      return { from: await subject.sum(narrowed, context), where: sql`TRUE` };
    },
    joins: (await subject.joins?.(reader)) ?? [],
    lists,
    sieve: sieveOf(subject, context.given, lists),
    regions: await regionsOf(subject, context),
    notices: [...notices],
  };
}

async function whereOf({ filters, itemsFit, always }: Subject, context: FilterContext): Promise<SQL> {
  const conditions: SQL[] = [];
  for (const { name, condition } of filters) {
    const values = context.given[name];
    if (values !== undefined && condition !== undefined) conditions.push(await condition(values, context));
  }
  if (itemsFit !== undefined) conditions.push(...(await itemsFit(context)));
  if (always !== undefined) conditions.push(await always(context));
  return allOf(conditions);
}

/** The regions that every filter leaves which can tell. */
async function regionsOf({ filters }: Subject, context: FilterContext): Promise<readonly number[] | undefined> {
  let left: readonly number[] | undefined;
  for (const { name, regions } of filters) {
    const values = context.given[name];
    const ids = values === undefined ? undefined : await regions?.(values, context);
    if (ids !== undefined) left = left === undefined ? ids : left.filter((id) => ids.includes(id));
  }
  return left;
}

/** Opens the lists that are shown or sifted by. */
async function listsOf({ derived = [] }: Subject, fields: readonly string[], { reader, given }: FilterContext) {
  const lists = new Map<string, DerivedLoader>();
  for (const { name, without, open } of derived) {
    if (fields.includes(name) || given[without.name] !== undefined) lists.set(name, await open(reader));
  }
  return lists;
}

function fieldsOf({ subject, fields, isGrowing }: Question, grown: readonly string[]): readonly string[] {
  requireFields(subject, fields ?? []);
  if (fields === undefined) return Object.keys(subject.columns);
  return isGrowing === true ? [...new Set([...fields, ...grown])] : fields;
}

function orderOf({ subject, sort, descending }: Question): SQL {
  if (sort === undefined) {
    if (descending) throw new UsageError('--desc needs --sort FIELD; without --sort the order is fixed');
    return subject.order;
  }
  const field = fieldNamed(sort);
  requireField('--sort', field, Object.keys(subject.columns));
  // The databases disagree on where nulls belong, so it is said.
  return sql`${subject.columns[field]?.sql} ${sql.raw(descending ? 'DESC' : 'ASC')} NULLS LAST`;
}
