import { usesColor } from '../../log.ts';
import type { Destination } from './format.ts';

/** What a stream is to a format. */
export function destinationOf(stream: NodeJS.WriteStream): Destination {
  // A terminal that does not know its width says 0.
  return { isTerminal: stream.isTTY === true, color: usesColor(stream), width: stream.columns || undefined };
}
