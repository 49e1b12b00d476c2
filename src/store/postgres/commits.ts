import { sql } from 'drizzle-orm';
import { StorageError } from '../../errors.ts';
import { labelOf } from './address.ts';
import type { Session } from './connection.ts';
import { codeOf } from './errors.ts';
import { execute } from './statement.ts';

/** The transaction that a statement is in, as PostgreSQL numbers them; null where nothing was written yet. */
export const currentTransaction = sql`txid_current_if_assigned()`;

/** What is committed before a transaction begins is there whenever that one is, so the last ones of each connection do. */
const remembered = 100;
/** The server has not had a transaction of this number yet. */
const invalidParameter = '22023';

/** The last transactions that the server has committed for this process. */
export interface Commits {
  /** @param transaction null where it wrote nothing */
  add(transaction: number | null): void;
  /**
   * Makes sure that the server still has them all. A standby that takes over may lack the last ones: a pass that went on
   * would take contracts for gone whose sight was lost with them.
   *
   * @throws {StorageError} where it lacks one
   */
  verify(session: Session): Promise<void>;
}

export function rememberCommits(url: string): Commits {
  const last: number[] = [];
  return {
    add(transaction) {
      if (transaction === null) return;
      last.push(transaction);
      if (last.length > remembered) last.shift();
    },
    async verify(session) {
      for (const transaction of last) {
        if (await isCommitted(session, transaction)) continue;
        throw new StorageError(
          `${labelOf(url)} was replaced by a server that lacks what the pass had stored last; run it again: it goes on from ` +
            'what is there',
        );
      }
    },
  };
}

async function isCommitted(session: Session, transaction: number): Promise<boolean> {
  try {
    const [row] = await execute<{ status: string | null }>(session, sql`SELECT txid_status(${transaction}) AS status`);
    // Without a status it is so old that the server has forgotten it.
    return row?.status === 'committed' || row?.status === null;
  } catch (error) {
    if (codeOf(error) === invalidParameter) return false;
    throw error;
  }
}
