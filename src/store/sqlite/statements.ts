import { getTableColumns, type Placeholder, sql, type Table } from 'drizzle-orm';

/** A placeholder for every column, named like it: the values of a prepared insert. */
export function placeholdersFor<T extends Table>(table: T): { [Column in keyof T['_']['columns']]: Placeholder } {
  const names = Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)]);
  return Object.fromEntries(names) as { [Column in keyof T['_']['columns']]: Placeholder };
}
