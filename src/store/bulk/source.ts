import { type SQL, sql } from 'drizzle-orm';
import { NotMigratedError } from '../../errors.ts';
import type { Reader } from '../reader.ts';
import type { TableShape } from './tables.ts';

/** @throws {NotMigratedError} when the database has never been written to */
export async function identityOf(reader: Reader): Promise<string> {
  const [found] = await reader.all<{ value: string }>(sql`SELECT value FROM meta WHERE key = 'identity'`);
  if (found === undefined) throw new NotMigratedError('the database is empty: it has never been written to');
  return found.value;
}

/** In the order of the key. */
export function allRowsOf({ name, columns, key }: TableShape): SQL {
  const list = (names: readonly string[]) =>
    sql.join(
      names.map((column) => sql.identifier(column)),
      sql`, `,
    );
  return sql`SELECT ${list(Object.keys(columns))} FROM ${sql.identifier(name)} ORDER BY ${list(key)}`;
}
