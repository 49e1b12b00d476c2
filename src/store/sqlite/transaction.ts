import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Client } from './connection.ts';

/** Work that begins and ends within a transaction. Nothing else may use the connection until it has ended. */
export async function transaction<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
  client.exec('BEGIN IMMEDIATE');
  try {
    const result = await work();
    client.exec('COMMIT');
    return result;
  } catch (error) {
    // Some disk failures have already ended the transaction.
    if (client.inTransaction) client.exec('ROLLBACK');
    throw error;
  }
}

/** Longest time in milliseconds for which statements keep the event loop from reading ESI's answers. */
const sliceMilliseconds = 2;

/** Runs steps one after the other and reads ESI's answers in between. */
export async function inSlices(steps: Iterable<void>): Promise<void> {
  let begun = performance.now();
  for (const _ of steps) {
    if (performance.now() - begun < sliceMilliseconds) continue;
    await nextTurn();
    begun = performance.now();
  }
}
