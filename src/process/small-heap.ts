import { setFlagsFromString } from 'node:v8';

/**
 * A pass has about 20 MB of live objects, an export those of some ten thousand rows. V8 would let its heap grow to four
 * times that before it collects, and on a large machine give another 128 MB to young objects. Set at run time, because a
 * Node that does not know one of these V8 flags refuses to start with it.
 */
export function keepHeapSmall(): void {
  for (const flag of ['--heap-growing-percent=60', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
}
