import { sql } from 'drizzle-orm';
import { UsageError } from '../../errors.ts';
import type { BatchSizes } from '../../store/batches.ts';
import type { Reader } from '../../store/reader.ts';
import type { Instant } from '../../time.ts';
import { isAmongIds } from './conditions.ts';
import { areFew } from './few.ts';
import { fieldNamed, requireField, requireFields, type Selection, selectionOf } from './fields.ts';
import { contractIdsOf, hasKey, type KeyedRow, keyColumns } from './keys.ts';
import { sieveOf, siftedPage } from './sieve.ts';
import { type Question, sourceOf } from './source.ts';
import { type Column, type DerivedLoader, listSeparator, type NestedRows, type OutputRow } from './subject.ts';

/** Rows read from the database at once, at most. */
const largest = 500;

/** A page is read at once; of all rows the first comes alone, so that whoever waits sees it. */
const sizesFor = ({ subject, limit }: Question): BatchSizes => ({
  first: limit === 0 ? 1 : Math.min(limit, largest),
  largest,
  isSummed: typeof subject.from === 'function',
});

/**
 * Answers a question, batch by batch: memory does not grow with the number of rows.
 *
 * @throws {UsageError} when a name, field or value is not known
 */
export async function* rows(question: Question, reader: Reader, now: Instant): AsyncIterable<OutputRow[]> {
  const { subject } = question;
  const { keys: names, columns, nested } = selectionOf(subject, fieldsOf(question));
  const loaders = new Map<string, DerivedLoader>();
  for (const { name, open } of subject.derived ?? []) if (names.includes(name)) loaders.set(name, await open(reader));
  for await (const batch of columnsOf(question, columns, reader, now)) {
    const ids = contractIdsOf(batch);
    const within = new Map<string, ReadonlyMap<number, unknown>>();
    for (const definition of nested) within.set(definition.name, await childrenOf(definition, ids, reader));
    for (const [name, load] of loaders) within.set(name, await load(ids));
    yield batch.map((row) => {
      const output: OutputRow = {};
      for (const name of names) {
        const column = columns[name];
        const added = within.get(name)?.get(row.contract_key ?? 0) ?? [];
        output[name] = column === undefined ? added : read(column, row[name]);
      }
      return output;
    });
  }
}

/** The columns of the rows, in order. */
async function* columnsOf(
  question: Question,
  columns: Selection['columns'],
  reader: Reader,
  now: Instant,
): AsyncIterable<(OutputRow & KeyedRow)[]> {
  const { subject, limit, offset } = question;
  const order = orderOf(question);
  const ordered = sql`ORDER BY ${order.sql}, ${sql.join([...subject.key], sql`, `)}`;
  const source = await sourceOf(question, reader, now);
  const joins = await source.joins();
  const read = Object.entries(columns).map(([name, column]) => sql`${column.sql} AS ${sql.identifier(name)}`);
  const selected = sql`SELECT ${sql.join([...read, keyColumns(subject)], sql`, `)}`;
  const sieve = await sieveOf(subject, question.filters, reader);
  const isPaged = sieve === undefined && limit + offset > 0;
  const page = isPaged ? sql`LIMIT ${limit === 0 ? Number.MAX_SAFE_INTEGER : limit} OFFSET ${offset}` : sql``;
  const { from, where } = await source.rows();
  const isSummed = typeof subject.from === 'function' && subject.isSummedByKey !== true;
  const isAll = sieve === undefined && limit === 0;
  // Many rows are quicker read with their keys; few are not, as all might be named first that do not fit.
  if (isSummed || (isAll && !(await areFew(sql`FROM ${from} WHERE ${where}`, reader, largest)))) {
    yield* reader.batches(sql`${selected} FROM ${from} ${joins} WHERE ${where} ${ordered} ${page}`, sizesFor(question));
    return;
  }
  // A page is found by its keys alone, so that only its own rows are put together from all the tables.
  const keys = sql`
    SELECT ${keyColumns(subject)} FROM ${from} ${order.isJoined ? joins : sql``} WHERE ${where} ${ordered} ${page}`;
  const batches = reader.batches<KeyedRow>(keys, sizesFor(question));
  for await (const batch of sieve === undefined ? batches : siftedPage(batches, sieve, question)) {
    const { from: own } = await source.rows(batch);
    yield await reader.all(sql`${selected} FROM ${own} ${joins} WHERE ${hasKey(subject, batch)} ${ordered}`);
  }
}

/** How many rows the question has, whatever its limit. */
export async function count(question: Question, reader: Reader, now: Instant): Promise<number> {
  // Not needed to count, but fields that do not exist must not pass in silence.
  orderOf(question);
  fieldsOf(question);
  const { from, where } = await (await sourceOf(question, reader, now)).rows();
  const sieve = await sieveOf(question.subject, question.filters, reader);
  if (sieve !== undefined) {
    const keys = sql`SELECT ${keyColumns(question.subject)} FROM ${from} WHERE ${where}`;
    let total = 0;
    for await (const batch of reader.batches<KeyedRow>(keys, { first: largest, largest }))
      total += (await sieve.sift(batch)).length;
    return total;
  }
  const [row] = await reader.all<{ total: number }>(sql`SELECT count(*) AS total FROM ${from} WHERE ${where}`);
  return Number(row?.total ?? 0);
}

/** The key of the last row that the limit lets through, in the subject's own order; undefined when all rows fit. */
export async function keyAtLimit(question: Question, reader: Reader, now: Instant): Promise<number | undefined> {
  const { subject, limit } = question;
  if (limit === 0) return undefined;
  const { from, where } = await (await sourceOf(question, reader, now)).rows();
  const keys = sql`
    SELECT ${keyColumns(subject)} FROM ${from} WHERE ${where} ORDER BY ${subject.order}, ${subject.key[0]}`;
  const sieve = (await sieveOf(subject, question.filters, reader)) ?? { sift: async (batch) => [...batch] };
  let total = 0;
  let last: KeyedRow | undefined;
  for await (const batch of siftedPage(reader.batches<KeyedRow>(keys, sizesFor(question)), sieve, question)) {
    total += batch.length;
    last = batch.at(-1);
  }
  return total < limit ? undefined : Number(last?.first_key);
}

/** The fields of the answer, in order. */
export function fieldsOf({ subject, fields }: Pick<Question, 'subject' | 'fields'>): readonly string[] {
  requireFields(subject, fields ?? []);
  return fields ?? Object.keys(subject.columns);
}

function orderOf({ subject, sort, descending }: Question): Pick<Column, 'sql' | 'isJoined'> {
  if (sort === undefined) {
    if (descending) throw new UsageError('--desc needs --sort FIELD; without --sort the order is fixed');
    return { sql: subject.order };
  }
  const field = fieldNamed(sort);
  requireField('--sort', field, Object.keys(subject.columns));
  // The databases disagree on where nulls belong, so it is said.
  const column = subject.columns[field];
  return { ...column, sql: sql`${column?.sql} ${sql.raw(descending ? 'DESC' : 'ASC')} NULLS LAST` };
}

/** The rows within contracts, by the contract's id. */
async function childrenOf({ columns, from, contractId, order }: NestedRows, ids: readonly number[], reader: Reader) {
  const selected = Object.entries(columns).map(([name, column]) => sql`${column.sql} AS ${sql.identifier(name)}`);
  const children = await reader.all<OutputRow & { contract_key: number }>(sql`
    SELECT ${sql.join([...selected, sql`${contractId} AS contract_key`], sql`, `)} FROM ${from}
    WHERE ${isAmongIds(contractId, ids)}
    ORDER BY ${contractId}, ${order}`);
  const byContract = new Map<number, OutputRow[]>();
  for (const { contract_key, ...child } of children) {
    const row = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, read(column, child[name])]));
    const siblings = byContract.get(contract_key);
    if (siblings === undefined) byContract.set(contract_key, [row]);
    else siblings.push(row);
  }
  return byContract;
}

/** SQLite has no booleans, and the databases have different lists. */
function read({ kind }: Column, value: unknown): unknown {
  if (kind === 'flag' && value !== null) return Boolean(value);
  if (kind === 'list') return value === null ? [] : String(value).split(listSeparator);
  return value;
}
