import { sql } from 'drizzle-orm';
import type { Column, Subject } from './subject.ts';

/**
 * Adds the column `link`: the contract as the game's client takes it in chats, notes and mails, where it can be clicked
 * (`<url=contract:SYSTEM//CONTRACT>`). It needs the system, so it is null where that is not known. A subject whose rows
 * are no contracts stays as it is.
 */
export function withLinks(subject: Subject): Subject {
  if (subject.contract === undefined) return subject;
  const [system, contract] = [subject.contract.system, subject.contract.id].map((id) => sql`CAST(${id} AS text)`);
  const link: Column = {
    kind: 'link',
    isJoined: true,
    sql: sql`'<url=contract:' || ${system} || '//' || ${contract} || '>Contract ' || ${contract} || '</url>'`,
  };
  return { ...subject, columns: { ...subject.columns, link } };
}
