import { setFlagsFromString } from 'node:v8';

/**
 * A pass has about 20 MB of live objects, an export about ten thousand rows, an import one archive. By default, V8 would
 * let the heap grow to four times that before a collection, and reserve another 128 MB for young objects on a large
 * machine. Set at run time, because Node refuses to start with unknown V8 flags.
 */
export function keepHeapSmall(): void {
  for (const flag of ['--heap-growing-percent=60', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
}
