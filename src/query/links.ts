import { sql } from 'drizzle-orm';
import type { Column, Subject } from './subject.ts';

/** Whether the rows of a subject are contracts that lie somewhere. */
export function canLink({ columns }: Subject): boolean {
  return columns.contract_id !== undefined && columns.system_id !== undefined;
}

/**
 * Adds the column `link`: the contract as the game's client takes it in chats, notes and mails, where it can be clicked
 * (`<url=contract:SYSTEM//CONTRACT>`). It needs the system, so it is null where that is not known.
 */
export function withLinks(subject: Subject): Subject {
  const text = (name: string) => sql`CAST(${subject.columns[name]?.sql} AS text)`;
  const [system, contract] = [text('system_id'), text('contract_id')];
  const link: Column = {
    kind: 'link',
    sql: sql`'<url=contract:' || ${system} || '//' || ${contract} || '>Contract ' || ${contract} || '</url>'`,
  };
  return { ...subject, columns: { ...subject.columns, link } };
}
