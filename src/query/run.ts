import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../errors.ts';
import { storableText } from '../eve/text.ts';
import type { Reader } from '../store/store.ts';
import type { Instant } from '../time.ts';
import { requireField, requireFields, selectionOf } from './fields.ts';
import type { Column, NestedRows, OutputRow, Subject } from './subject.ts';
import { parseAmount } from './values.ts';

/** A question as it was typed, checked only as far as it can be without the database. */
export interface Question {
  readonly subject: Subject;
  /** The typed values by flag name: `min-price`; an empty list for a flag without a value. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** Columns, nested rows and paths into them to put out; undefined for all columns. */
  readonly fields?: readonly string[] | undefined;
  readonly sort?: string | undefined;
  readonly descending: boolean;
  /** 0 for all. */
  readonly limit: number;
  readonly offset: number;
}

/** Rows read from the database at once, at most. */
const batchSize = 500;

/**
 * Answers a question, batch by batch: memory does not grow with the number of rows.
 *
 * @throws {UsageError} when a name, field or value is not known
 */
export async function* rows(question: Question, reader: Reader, now: Instant): AsyncIterable<OutputRow[]> {
  const { subject, limit, offset } = question;
  const order = orderOf(question);
  const { keys, columns, nested } = selectionOf(subject, fieldsOf(question));
  const selected = Object.entries(columns).map(([name, column]) => sql`${column.sql} AS ${sql.identifier(name)}`);
  const query = sql`
    SELECT ${sql.join([...selected, sql`${subject.key} AS parent_key`], sql`, `)}
    FROM ${subject.from} WHERE ${await conditionOf(question, reader, now)}
    ORDER BY ${order}, ${subject.key}
    ${limit === 0 && offset === 0 ? sql`` : sql`LIMIT ${limit === 0 ? Number.MAX_SAFE_INTEGER : limit} OFFSET ${offset}`}`;
  for await (const batch of reader.batches<OutputRow & { parent_key: number }>(query, batchSize)) {
    const parents = batch.map((row) => row.parent_key);
    const children = await Promise.all(nested.map((definition) => childrenOf(definition, parents, reader)));
    yield batch.map((row) => {
      const output: OutputRow = {};
      for (const name of keys) {
        const column = columns[name];
        const index = nested.findIndex((definition) => definition.name === name);
        output[name] = column === undefined ? (children[index]?.get(row.parent_key) ?? []) : read(column, row[name]);
      }
      return output;
    });
  }
}

/** How many rows the question has, whatever its limit. */
export async function count(question: Question, reader: Reader, now: Instant): Promise<number> {
  // Not needed to count, but a field that does not exist must not pass in silence.
  orderOf(question);
  const condition = await conditionOf(question, reader, now);
  const [row] = await reader.all<{ total: number }>(
    sql`SELECT count(*) AS total FROM ${question.subject.from} WHERE ${condition}`,
  );
  return Number(row?.total ?? 0);
}

/** The key of the last row that the limit lets through, in the subject's own order; undefined when all rows fit. */
export async function keyAtLimit(question: Question, reader: Reader, now: Instant): Promise<number | undefined> {
  const { subject, limit } = question;
  if (limit === 0) return undefined;
  const [row] = await reader.all<{ key: number }>(sql`
    SELECT ${subject.key} AS key FROM ${subject.from} WHERE ${await conditionOf(question, reader, now)}
    ORDER BY ${subject.order}, ${subject.key} LIMIT 1 OFFSET ${limit - 1}`);
  return row?.key;
}

/** The fields of the answer, in order. */
export function fieldsOf({ subject, fields }: Pick<Question, 'subject' | 'fields'>): readonly string[] {
  requireFields(subject, fields ?? []);
  return fields ?? Object.keys(subject.columns);
}

async function conditionOf({ subject, filters }: Question, reader: Reader, now: Instant): Promise<SQL> {
  for (const [name, values] of Object.entries(filters)) requireBearable(`--${name}`, values);
  requireOrderedBounds(filters);
  const conditions: SQL[] = [sql`TRUE`];
  for (const filter of subject.filters) {
    const name = filter.flag.slice(2);
    const values = filters[name] ?? subject.defaults[name];
    if (values !== undefined) conditions.push(await filter.condition(values.map(storableText), { reader, now }));
  }
  return sql.join(conditions, sql` AND `);
}

/** More than anybody types, and less than what makes SQLite refuse a statement. */
const mostValues = 500;
const longestValue = 1_000;

function requireBearable(flag: string, values: readonly string[]): void {
  if (values.length > mostValues)
    throw new UsageError(`${flag} may be given ${mostValues} times, not ${values.length}`);
  const longest = Math.max(0, ...values.map(({ length }) => length));
  if (longest > longestValue)
    throw new UsageError(`${flag}: a text of ${longest} characters; it may have ${longestValue}`);
}

/** A minimum above its maximum can only be a slip: no row would ever fit. */
function requireOrderedBounds(filters: Question['filters']): void {
  for (const [name, values] of Object.entries(filters)) {
    const other = name.replace(/^min-/, 'max-');
    const largest = filters[other];
    if (other === name || largest === undefined) continue;
    const minimum = Math.min(...values.map((value) => parseAmount(value, `--${name}`)));
    const maximum = Math.max(...largest.map((value) => parseAmount(value, `--${other}`)));
    if (minimum > maximum) throw new UsageError(`--${name} ${values[0]} is above --${other} ${largest[0]}`);
  }
}

function orderOf({ subject, sort, descending }: Question): SQL {
  if (sort === undefined) {
    if (descending) throw new UsageError('--desc needs --sort FIELD; without --sort the order is fixed');
    return subject.order;
  }
  requireField('--sort', sort, Object.keys(subject.columns));
  // The databases disagree on where nulls belong, so it is said.
  return sql`${subject.columns[sort]?.sql} ${sql.raw(descending ? 'DESC' : 'ASC')} NULLS LAST`;
}

async function childrenOf({ columns, from, parentKey, order }: NestedRows, keys: readonly number[], reader: Reader) {
  const selected = Object.entries(columns).map(([name, column]) => sql`${column.sql} AS ${sql.identifier(name)}`);
  const children = await reader.all<OutputRow & { parent_key: number }>(sql`
    SELECT ${sql.join([...selected, sql`${parentKey} AS parent_key`], sql`, `)} FROM ${from}
    WHERE ${parentKey} IN (${sql.join(
      keys.map((key) => sql`${key}`),
      sql`, `,
    )})
    ORDER BY ${parentKey}, ${order}`);
  const byParent = new Map<number, OutputRow[]>();
  for (const { parent_key, ...child } of children) {
    const row = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, read(column, child[name])]));
    const siblings = byParent.get(parent_key);
    if (siblings === undefined) byParent.set(parent_key, [row]);
    else siblings.push(row);
  }
  return byParent;
}

/** SQLite has no booleans. */
function read({ kind }: Column, value: unknown): unknown {
  return kind === 'flag' && value !== null ? Boolean(value) : value;
}
