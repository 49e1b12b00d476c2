import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ExitCode } from '../exit-codes.ts';
import { running } from '../process/command.ts';

/** Whoever read our output has seen enough, as `head` does. */
export class OutputClosed extends Error {
  constructor(options?: ErrorOptions) {
    super('the output is closed', options);
    this.name = 'OutputClosed';
  }
}

/**
 * Writes text, or bytes, as fast as its reader takes it. The stream's own error listener reports why it failed.
 *
 * @throws {OutputClosed} when nobody reads any more, or the stream has failed
 */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (text.length === 0) return;
  if (isClosed(stream)) throw new OutputClosed();
  const settled = new AbortController();
  const { signal } = settled;
  try {
    // A file is written to at once, so that its error is thrown here.
    if (stream.write(text)) return;
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  } catch (error) {
    throw new OutputClosed({ cause: error });
  } finally {
    settled.abort();
  }
  if (isClosed(stream)) throw new OutputClosed();
}

/**
 * Waits until all that was written has left this process.
 *
 * @throws {OutputClosed} when it cannot
 */
export async function flush(stream: Writable): Promise<void> {
  if (isClosed(stream)) throw new OutputClosed();
  await new Promise<void>((resolve, reject) => {
    stream.write('', (error) => (error ? reject(new OutputClosed({ cause: error })) : resolve()));
  });
  if (isClosed(stream)) throw new OutputClosed();
}

function isClosed(stream: Writable): boolean {
  return stream.destroyed || stream.errored !== null;
}

/** Prints the one object of `--json`, for programs. */
export function printJson(answer: object): void {
  running.hasAnswered = true;
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/**
 * Prints the object that a program gets instead when a command with `--json` fails, so that none reads an empty file: what
 * went wrong, and the exit code. Nothing where there was an answer already, or where stdout is for a dump.
 */
export function printFailure(error: string, exit_code: ExitCode): void {
  const words = process.argv.slice(2);
  const isDump = words[0] === 'export' && words.includes('-');
  if (running.hasAnswered || isDump || !words.includes('--json')) return;
  printJson({ error, exit_code });
}
