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

/** A question as typed, checked as far as possible without the database. */
export interface Question {
  readonly subject: Subject;
  readonly filters: Given;
  /** Columns, nested rows and paths into them to show; undefined for all columns. */
  readonly fields?: readonly string[] | undefined;
  /** Whether to add the columns that depend on the database. @default false */
  readonly isGrowing?: boolean;
  readonly sort?: string | undefined;
  readonly descending: boolean;
  /** 0 for all. */
  readonly limit: number;
  readonly offset: number;
}

/** A question with checked values and looked-up names, shared by everything that reads its answer. */
export interface ResolvedQuestion extends Pick<Question, 'limit' | 'offset'> {
  readonly subject: Subject;
  /** The fields of the answer, in order. */
  readonly fields: readonly string[];
  /** The expression and direction to sort by; the subject's key breaks ties. */
  readonly order: SQL;
  readonly reader: Reader;
  /** The tables and conditions of the matching rows; with keys, only of these rows. */
  source(keys?: readonly KeyedRow[]): Promise<{ readonly from: SQL; readonly where: SQL }>;
  readonly joins: readonly Join[];
  /** Loaders of the derived lists in the answer, by name. */
  readonly lists: ReadonlyMap<string, DerivedLoader>;
  /** Undefined if SQL alone selects the rows. */
  readonly sieve: Sieve | undefined;
  /** The regions that can have matches; undefined if any region can. */
  readonly regions: readonly number[] | undefined;
  /** Sentences about how the question was understood. */
  readonly notices: readonly string[];
}

/**
 * Turns the question's filters into conditions, looks up their names, and opens the loaders of its lists.
 *
 * @param reader the snapshot for the question and everything that reads its answer
 * @throws {UsageError} when a name, field or value is unknown
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

/** The regions that all filters with known regions have in common. */
async function regionsOf({ filters }: Subject, context: FilterContext): Promise<readonly number[] | undefined> {
  let left: readonly number[] | undefined;
  for (const { name, regions } of filters) {
    const values = context.given[name];
    const ids = values === undefined ? undefined : await regions?.(values, context);
    if (ids !== undefined) left = left === undefined ? ids : left.filter((id) => ids.includes(id));
  }
  return left;
}

/** Opens the lists that are shown or used by a filter. */
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
  const known = Object.keys(subject.columns);
  const [, positive] = /^-(.+)$/.exec(field) ?? [];
  if (positive !== undefined && known.includes(positive)) {
    throw new UsageError(`--sort: field "${field}" is unknown. For a descending order: --sort ${positive} --desc`);
  }
  requireField('--sort', field, known);
  // The position of nulls is explicit because the databases have different defaults.
  return sql`${subject.columns[field]?.sql} ${sql.raw(descending ? 'DESC' : 'ASC')} NULLS LAST`;
}
