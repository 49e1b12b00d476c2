import { sql } from 'drizzle-orm';
import { column } from './column.ts';
import type { Subject } from './subject.ts';

/**
 * Adds the column `link`: the contract as the game's client takes it in chats, notes and mails, where it can be clicked
 * (`<url=contract:SYSTEM//CONTRACT>`). It needs the system, so it is null where that is not known. A subject whose rows
 * are no contracts stays as it is.
 */
export function withLinks(subject: Subject): Subject {
  if (subject.contract === undefined) return subject;
  const [system, contract] = [subject.contract.system, subject.contract.id].map((id) => sql`CAST(${id} AS text)`);
  const link = column(
    'link',
    sql`'<url=contract:' || ${system} || '//' || ${contract} || '>Contract ' || ${contract} || '</url>'`,
    'the contract as the game makes it a link in chats, notes and mails',
  );
  return { ...subject, columns: { ...subject.columns, link } };
}
