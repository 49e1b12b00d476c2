import { sql } from 'drizzle-orm';
import { StorageError } from '../../errors.ts';
import { labelOf } from './address.ts';
import type { Session } from './connection.ts';
import { codeOf } from './errors.ts';
import { execute } from './statement.ts';

/** PostgreSQL's id of the current transaction; null before its first write. */
export const currentTransaction = sql`txid_current_if_assigned()`;

/** A transaction's commit implies the earlier ones on its connection, so the latest ones suffice. */
const remembered = 100;
/** The server has not assigned this transaction id yet. */
const invalidParameter = '22023';

/** The latest transactions that the server has committed for this process. */
export interface Commits {
  /** @param transaction null if it wrote nothing */
  add(transaction: number | null): void;
  /**
   * Checks that the server still has all these transactions. A standby that was promoted may lack the latest ones, and
   * a pass that continued would mark contracts as gone whose sightings were lost.
   *
   * @throws {StorageError} if the server lacks one
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
          `${labelOf(url)} was replaced by a server without the latest writes of this pass; run the pass again: it continues from ` +
            'the data on that server',
        );
      }
    },
  };
}

async function isCommitted(session: Session, transaction: number): Promise<boolean> {
  try {
    const [row] = await execute<{ status: string | null }>(session, sql`SELECT txid_status(${transaction}) AS status`);
    // No status means that the transaction is old enough to have been forgotten.
    return row?.status === 'committed' || row?.status === null;
  } catch (error) {
    if (codeOf(error) === invalidParameter) return false;
    throw error;
  }
}
