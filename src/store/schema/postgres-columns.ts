import { bigint, customType, doublePrecision } from 'drizzle-orm/pg-core';

/** Text that sorts and compares by its code points, as it does on SQLite, whatever the database's locale. */
export const text = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
export const instant = customType<{ data: string }>({ dataType: () => 'timestamp(0) with time zone' });
/** Written and read as text, which the driver passes on. */
export const json = customType<{ data: string }>({ dataType: () => 'jsonb' });

export const integer = (name: string) => bigint(name, { mode: 'number' });
export const real = (name: string) => doublePrecision(name);
