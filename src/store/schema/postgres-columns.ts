import { bigint, customType, doublePrecision } from 'drizzle-orm/pg-core';

/** Text that sorts and compares by code points, like on SQLite, regardless of the database's locale. */
export const text = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
export const instant = customType<{ data: string }>({ dataType: () => 'timestamp(0) with time zone' });
/** Written and read as text, without conversion by the driver. */
export const json = customType<{ data: string }>({ dataType: () => 'jsonb' });

export const integer = (name: string) => bigint(name, { mode: 'number' });
export const real = (name: string) => doublePrecision(name);
