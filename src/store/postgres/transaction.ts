import type { Client, Session } from './connection.ts';
import { isConnectionLost } from './errors.ts';

/**
 * Runs a transaction that does other work between statements, such as waiting for a file or for the reader of the
 * answer. After its connection is lost, no statement may follow: the driver would write to a closed socket and end the
 * process with an uncatchable error.
 *
 * @param options text after BEGIN
 * @param work fails at its next statement with the connection's error, and is awaited
 */
export async function transaction<Result>(
  client: Client,
  options: string,
  work: (session: () => Session) => Promise<Result>,
): Promise<Result> {
  const never = new Promise<Result>(() => {});
  let lost: unknown;
  let running: Promise<Result> | undefined;
  try {
    return (await client.begin(options, (session) => {
      running = work(() => {
        if (lost !== undefined) throw lost;
        return session;
      });
      // If it settled, the driver would commit or roll back.
      return running.then(
        (result) => (lost === undefined ? result : never),
        (error) => (lost === undefined ? Promise.reject(error) : never),
      );
    })) as Result;
  } catch (error) {
    if (isConnectionLost(error)) {
      lost = error;
      await running?.catch(() => {});
    }
    throw error;
  }
}
