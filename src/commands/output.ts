import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ExitCode } from '../exit-codes.ts';
import { running } from '../process/command.ts';

/** The reader has closed our output, as `head` does. */
export class OutputClosed extends Error {
  constructor(options?: ErrorOptions) {
    super('the output is closed', options);
    this.name = 'OutputClosed';
  }
}

/**
 * Writes text or bytes at the speed of the reader. The stream's own error listener reports failures.
 *
 * @throws {OutputClosed} when the reader has closed the stream, or the stream has failed
 */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (text.length === 0) return;
  if (isClosed(stream)) throw new OutputClosed();
  const settled = new AbortController();
  const { signal } = settled;
  try {
    // Writes to a file are synchronous, so their errors are thrown here.
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
 * Waits until all output has left this process.
 *
 * @throws {OutputClosed} when this fails
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

/** Prints the object of `--json`. */
export function printJson(answer: object): void {
  running.hasAnswered = true;
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/**
 * Prints the error object of a failed command with `--json`, so that programs never read empty output: message and exit
 * code. Prints nothing after an answer, or when stdout is for a dump.
 */
export function printFailure(error: string, exit_code: ExitCode): void {
  const words = process.argv.slice(2);
  const isDump = words[0] === 'export' && words.includes('-');
  if (running.hasAnswered || isDump || !words.includes('--json')) return;
  printJson({ error, exit_code });
}
