import type { Client, Session } from './connection.ts';
import { isConnectionLost } from './errors.ts';

/**
 * Runs a transaction that does other things between its statements, such as waiting for a file or for whoever reads the
 * answer. When its connection is lost meanwhile, no statement may follow: the driver would write to a socket that is gone,
 * and end the process with an error that nobody can catch.
 *
 * @param options what follows BEGIN
 * @param work ends with the error of the connection at its next statement, and is waited for
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
      // Once it settled, the driver would commit or roll back.
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
