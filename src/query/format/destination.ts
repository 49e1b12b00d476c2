import { usesColor } from '../../log.ts';
import type { Destination } from './format.ts';

/** The properties of a stream that matter to a format. */
export function destinationOf(stream: NodeJS.WriteStream): Destination {
  // A terminal of unknown width reports 0. `watch` and other programs with a pipe set COLUMNS.
  const columns = /^[1-9]\d{0,4}$/.test(process.env.COLUMNS ?? '') ? Number(process.env.COLUMNS) : undefined;
  return {
    isTerminal: stream.isTTY === true,
    color: usesColor(stream),
    width: columns ?? (stream.columns || undefined),
  };
}
