import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Whoever read our output has seen enough, as `head` does. */
export class OutputClosed extends Error {
  constructor() {
    super('the output is closed');
    this.name = 'OutputClosed';
  }
}

/**
 * Writes text as fast as its reader takes it.
 *
 * @throws {OutputClosed} when nobody reads any more
 */
export async function write(stream: Writable, text: string): Promise<void> {
  if (text === '') return;
  if (stream.destroyed || stream.errored) throw new OutputClosed();
  if (stream.write(text)) return;
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  } finally {
    settled.abort();
  }
  if (stream.destroyed || stream.errored) throw new OutputClosed();
}
