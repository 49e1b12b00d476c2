import { sql } from 'drizzle-orm';
import type { Reader } from '../store/store.ts';
import { type Nameable, nameable } from './names.ts';

/** What a flag's value may name, as far as a person would want to choose from it. */
const kinds: Readonly<Record<string, Nameable>> = {
  '--region': nameable.region,
  '--system': nameable.system,
  '--location': nameable.location,
  '--item': nameable.type,
  '--wants': nameable.type,
  '--ship': nameable.ship,
  '--group': nameable.group,
  '--category': nameable.category,
  '--market-group': nameable.marketGroup,
};

/** Whether the values of a flag are names that the database knows. */
export function hasNames(flag: string): boolean {
  return kinds[flag] !== undefined;
}

/** The names that the database knows for a flag, sorted. */
export async function namesFor(flag: string, reader: Reader): Promise<string[]> {
  const kind = kinds[flag];
  if (kind === undefined) return [];
  const rows = await reader.all<{ name: string }>(sql`SELECT DISTINCT name FROM (${kind.named}) AS known`);
  return rows.map(({ name }) => name).sort();
}
