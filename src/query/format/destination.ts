import { usesColor } from '../../log.ts';
import type { Destination } from './format.ts';

/** What a stream is to a format. */
export function destinationOf(stream: NodeJS.WriteStream): Destination {
  // A terminal that does not know its width says 0. COLUMNS is what `watch` and other programs around a pipe set.
  const columns = /^[1-9]\d{0,4}$/.test(process.env.COLUMNS ?? '') ? Number(process.env.COLUMNS) : undefined;
  return {
    isTerminal: stream.isTTY === true,
    color: usesColor(stream),
    width: columns ?? (stream.columns || undefined),
  };
}
