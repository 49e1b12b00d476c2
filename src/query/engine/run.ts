import { sql } from 'drizzle-orm';
import type { BatchSizes } from '../../store/batches.ts';
import type { Reader } from '../../store/reader.ts';
import { type Column, listSeparator, selected } from './column.ts';
import { isAmongIds } from './conditions.ts';
import { areFew } from './few.ts';
import { type Selection, selectionOf } from './fields.ts';
import { joinsFor } from './joins.ts';
import { contractIdsOf, hasKey, type KeyedRow, keyColumns } from './keys.ts';
import type { ResolvedQuestion } from './resolve.ts';
import { siftedPage } from './sieve.ts';
import type { NestedRows, OutputRow } from './subject.ts';

/** Maximum of rows per read. */
const largest = 500;

/** A page is read at once. Without a limit, the first row is read alone, so that the reader sees it early. */
const sizesFor = ({ subject, limit }: Pick<ResolvedQuestion, 'subject' | 'limit'>): BatchSizes => ({
  first: limit === 0 ? 1 : Math.min(limit, largest),
  largest,
  isSummed: subject.kind === 'sums',
});

/** Answers a question in batches, so that memory does not grow with the number of rows. */
export async function* rows(question: ResolvedQuestion): AsyncIterable<OutputRow[]> {
  const { subject, fields, reader, lists } = question;
  const { keys: names, columns, nested } = selectionOf(subject, fields);
  for await (const batch of columnsOf(question, columns)) {
    const ids = contractIdsOf(batch);
    const within = new Map<string, ReadonlyMap<number, unknown>>();
    for (const definition of nested) within.set(definition.name, await childrenOf(definition, ids, reader));
    for (const [name, load] of lists) if (names.includes(name)) within.set(name, await load(ids));
    const objects = await objectsOf(columns, batch, reader);
    yield batch.map((row) => {
      const output: OutputRow = {};
      for (const name of names) {
        const column = columns[name];
        const added = within.get(name)?.get(row.contract_key ?? 0) ?? [];
        output[name] = column === undefined ? added : read(column, row[name], objects.get(name));
      }
      return output;
    });
  }
}

/** The columns of the rows, in order. */
async function* columnsOf(
  question: ResolvedQuestion,
  columns: Selection['columns'],
): AsyncIterable<(OutputRow & KeyedRow)[]> {
  const { subject, limit, offset, order, reader, sieve } = question;
  const ordered = sql`ORDER BY ${order}, ${sql.join([...subject.key], sql`, `)}`;
  const shown = Object.values(columns).map((column) => column.sql);
  const joins = joinsFor(question.joins, [...shown, order, ...subject.key]);
  const select = sql`SELECT ${sql.join([...selected(columns), keyColumns(subject)], sql`, `)}`;
  const isPaged = sieve === undefined && limit + offset > 0;
  const page = isPaged ? sql`LIMIT ${limit === 0 ? Number.MAX_SAFE_INTEGER : limit} OFFSET ${offset}` : sql``;
  const { from, where } = await question.source();
  const isWhole = subject.kind === 'sums' && !subject.isOfOneKey;
  const isAll = sieve === undefined && limit === 0;
  // Many rows are faster read together with their keys; few are not, because joins might run for rows that do not
  // match.
  if (isWhole || (isAll && !(await areFew(sql`FROM ${from} WHERE ${where}`, reader, largest)))) {
    yield* reader.batches(sql`${select} FROM ${from} ${joins} WHERE ${where} ${ordered} ${page}`, sizesFor(question));
    return;
  }
  // A page is found by keys first, so that the joins run only for its own rows.
  const keys = sql`
    SELECT ${keyColumns(subject)} FROM ${from} ${joinsFor(question.joins, [order])} WHERE ${where} ${ordered} ${page}`;
  const batches = reader.batches<KeyedRow>(keys, sizesFor(question));
  for await (const batch of sieve === undefined ? batches : siftedPage(batches, sieve, question)) {
    const { from: own } = await question.source(batch);
    yield await reader.all(sql`${select} FROM ${own} ${joins} WHERE ${hasKey(subject, batch)} ${ordered}`);
  }
}

/** The number of rows of a question, regardless of its limit. */
export async function count({ subject, reader, sieve, source }: ResolvedQuestion): Promise<number> {
  const { from, where } = await source();
  if (sieve !== undefined) {
    const keys = sql`SELECT ${keyColumns(subject)} FROM ${from} WHERE ${where}`;
    let total = 0;
    for await (const batch of reader.batches<KeyedRow>(keys, { first: largest, largest }))
      total += (await sieve.sift(batch)).length;
    return total;
  }
  const [row] = await reader.all<{ total: number }>(sql`SELECT count(*) AS total FROM ${from} WHERE ${where}`);
  return Number(row?.total ?? 0);
}

/** The key of the last row within the limit, in the subject's own order; undefined when all rows fit. */
export async function keyAtLimit(question: ResolvedQuestion): Promise<number | undefined> {
  const { subject, limit, reader, sieve } = question;
  if (limit === 0) return undefined;
  const { from, where } = await question.source();
  const keys = sql`
    SELECT ${keyColumns(subject)} FROM ${from} WHERE ${where} ORDER BY ${subject.order}, ${subject.key[0]}`;
  const all = { sift: async <Row extends KeyedRow>(batch: readonly Row[]) => [...batch] };
  let total = 0;
  let last: KeyedRow | undefined;
  for await (const batch of siftedPage(reader.batches<KeyedRow>(keys, sizesFor(question)), sieve ?? all, question)) {
    total += batch.length;
    last = batch.at(-1);
  }
  return total < limit ? undefined : Number(last?.first_key);
}

/** The nested rows of contracts, by contract id. */
async function childrenOf({ columns, from, contractId, order }: NestedRows, ids: readonly number[], reader: Reader) {
  const children = await reader.all<OutputRow & { contract_key: number }>(sql`
    SELECT ${sql.join([...selected(columns), sql`${contractId} AS contract_key`], sql`, `)} FROM ${from}
    WHERE ${isAmongIds(contractId, ids)}
    ORDER BY ${contractId}, ${order}`);
  const objects = await objectsOf(columns, children, reader);
  const byContract = new Map<number, OutputRow[]>();
  for (const { contract_key, ...child } of children) {
    const row = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, read(column, child[name], objects.get(name))]),
    );
    const siblings = byContract.get(contract_key);
    if (siblings === undefined) byContract.set(contract_key, [row]);
    else siblings.push(row);
  }
  return byContract;
}

/** Loads the values of `object` and `series` columns for rows: by column name, then by id. */
async function objectsOf(
  columns: Readonly<Record<string, Column>>,
  rows: readonly OutputRow[],
  reader: Reader,
): Promise<ReadonlyMap<string, ReadonlyMap<number, unknown>>> {
  const objects = new Map<string, ReadonlyMap<number, unknown>>();
  for (const [name, { load }] of Object.entries(columns)) {
    if (load === undefined) continue;
    const ids = rows.flatMap((row) => (row[name] === null ? [] : [Number(row[name])]));
    objects.set(name, ids.length === 0 ? new Map() : await load(ids, reader));
  }
  return objects;
}

/** SQLite has no booleans, and the databases represent lists differently. */
function read({ kind }: Column, value: unknown, objects?: ReadonlyMap<number, unknown>): unknown {
  if (kind === 'object') return objects?.get(Number(value)) ?? null;
  if (kind === 'series') return objects?.get(Number(value)) ?? [];
  if (kind === 'boolean' && value !== null) return Boolean(value);
  if (kind === 'list') return value === null ? [] : String(value).split(listSeparator);
  return value;
}
