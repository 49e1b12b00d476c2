import type { Readable } from 'node:stream';
import { type SQL, sql } from 'drizzle-orm';
import { UsageError } from '../errors.ts';
import { type TableShape, tables } from '../store/bulk/tables.ts';
import type { BulkWriter } from '../store/bulk/writer.ts';
import { refusalOf } from '../store/failures.ts';
import type { Store } from '../store/store.ts';
import { newestMigration } from './export.ts';
import { type DumpProgress, dumpVersion, type Header } from './format.ts';
import { mergeWriter, type TableWriter } from './merge.ts';
import { readDump } from './read.ts';

const rowsAtOnce = 1_000;

/** A row of `http_validators`. */
type Entry = readonly [key: string, value: string];

export interface DumpImport {
  readonly store: Store;
  readonly progress: DumpProgress;
  readonly signal: AbortSignal;
  /** Whether to add missing rows to a database that is not empty. */
  readonly merge: boolean;
  /** Stores validators outside of the table; called after everything is stored. */
  readonly keepValidators?: ((entries: readonly Entry[]) => Promise<void>) | undefined;
}

export interface DumpSummary {
  readonly source: string;
  readonly created_at: string;
  /** Rows of the dump, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Those that were added to the database, including reference data that it had not fetched yet. */
  readonly added: Readonly<Record<string, number>>;
}

/**
 * Imports a dump in one transaction. A truncated or altered dump imports nothing.
 *
 * @throws {UsageError} when the dump is invalid, or the database is not empty and `merge` is not set
 */
export async function importDump(
  source: string,
  open: () => Readable,
  { store, progress, signal, merge, keepValidators }: DumpImport,
): Promise<DumpSummary> {
  const validators: Entry[] = [];
  const summary = await store.writeInBulk(async (writer) => {
    if (!merge) await refuseContents(writer);
    const target: TableWriter = merge ? await mergeWriter(writer) : emptyWriter(writer, store.identity);
    const rows: Record<string, number> = {};
    const added: Record<string, number> = {};
    let header: Header | undefined;
    let table: TableShape | undefined;
    let waiting: (readonly unknown[])[] = [];
    async function flush(): Promise<void> {
      if (table === undefined || header === undefined || waiting.length === 0) return;
      const columns = header.tables[table.name] ?? [];
      const wrong = waiting.find((values) => values.length !== columns.length);
      if (wrong !== undefined) throw new UsageError(`${source}: a row of ${table.name} has the wrong number of values`);
      try {
        added[table.name] = (added[table.name] ?? 0) + (await target.write(table, waiting));
      } catch (error) {
        const refused = refusalOf(error);
        if (refused === undefined) throw error;
        throw new UsageError(
          `${source}: the database rejects rows of ${table.name} (${refused}); nothing was changed`,
          {
            cause: error,
          },
        );
      }
      waiting = [];
    }
    for await (const part of readDump(source, open, signal)) {
      if (part.kind === 'header') {
        header = part.header;
        refuseOther(source, header);
      } else if (part.kind === 'table') {
        await flush();
        table = tables.find(({ name }) => name === part.name);
        if (table === undefined) throw new UsageError(`${source}: unknown table ${part.name}; nothing was changed`);
        progress.table = table.name;
        rows[table.name] = 0;
        added[table.name] = 0;
      } else if (table !== undefined) {
        const isValidator = table.name === 'http_validators';
        const values = isValidator ? renamed(part.values, header, store) : part.values;
        if (isValidator) validators.push(values as unknown as Entry);
        waiting.push(values);
        rows[table.name] = (rows[table.name] ?? 0) + 1;
        progress.rows += 1;
        if (waiting.length === rowsAtOnce) await flush();
      }
    }
    await flush();
    return { source, created_at: header?.created_at ?? '', rows, added };
  });
  await store.analyze();
  const ours = `hangarbay:${store.identity}::`;
  await keepValidators?.(validators.filter(([key]) => String(key).startsWith(ours)));
  return summary;
}

/** Binds validators to the identity of this database, which now has their contents. */
function renamed(values: readonly unknown[], header: Header | undefined, { identity }: Store): readonly unknown[] {
  return values.map((value) =>
    typeof value === 'string' && header !== undefined
      ? value.replace(`hangarbay:${header.identity}::`, `hangarbay:${identity}::`)
      : value,
  );
}

/** For a database that has only its identity, which it keeps. */
function emptyWriter(writer: BulkWriter, identity: string): TableWriter {
  return {
    async write(table, rows) {
      const isIdentity = ([key]: readonly unknown[]) => table.name === 'meta' && key === 'identity';
      const isForeign = ([key]: readonly unknown[]) =>
        table.name === 'http_validators' && !String(key).startsWith(`hangarbay:${identity}::`);
      const own = rows.filter((row) => !isIdentity(row) && !isForeign(row));
      await writer.insert(table, own);
      return own.length;
    },
  };
}

async function refuseContents(writer: BulkWriter): Promise<void> {
  for (const { name } of tables) {
    const condition: SQL = name === 'meta' ? sql`key <> 'identity'` : sql`TRUE`;
    const [row] = await writer.run(sql`SELECT 1 AS one FROM ${sql.identifier(name)} WHERE ${condition} LIMIT 1`);
    if (row === undefined) continue;
    throw new UsageError(
      `the database is not empty: the table ${name} has rows. Import into a new database, or use --merge to add missing rows`,
    );
  }
}

/** @throws {UsageError} when the dump has a different schema */
function refuseOther(source: string, { hangarbay_dump: version, migration, tables: columns }: Header): void {
  if (version > dumpVersion) throw new UsageError(`${source}: the dump was made by a newer hangarbay; update this one`);
  const isSame = tables.every((table) => columns[table.name]?.join() === Object.keys(table.columns).join());
  if (migration === newestMigration() && isSame) return;
  throw new UsageError(
    `${source}: the dump has the migration ${migration}, and this program has ${newestMigration()}. ` +
      'Use the version of hangarbay that made it, or migrate its database and export it again',
  );
}
