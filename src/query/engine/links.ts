import { sql } from 'drizzle-orm';
import { column } from './column.ts';
import type { Subject } from './subject.ts';

/**
 * Adds the column `link`: the contract as the game's client accepts it as a link in chats, notes and mails
 * (`<url=contract:SYSTEM//CONTRACT>`). Null if the system is unknown. A subject whose rows are not of contracts stays
 * unchanged.
 */
export function withLinks(subject: Subject): Subject {
  if (subject.contract === undefined) return subject;
  const [system, contract] = [subject.contract.system, subject.contract.id].map((id) => sql`CAST(${id} AS text)`);
  const link = column(
    'link',
    sql`'<url=contract:' || ${system} || '//' || ${contract} || '>Contract ' || ${contract} || '</url>'`,
    'link to the contract for chats, notes and mails in the game',
  );
  return { ...subject, columns: { ...subject.columns, link } };
}
