import BZip2 from 'bzip2-wasm';

/** Repetitive text may grow by a quarter before compression, and a block holds 900,000 bytes. */
const blockBytes = 700_000;
const blockMagicBits = 48;
const checksumBits = 32;
const endMagic = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
const header = Buffer.from('BZh9');

/**
 * Compresses with bzip2 into one stream of any size, because EVE Ref's reader stops after the first stream of a file.
 * The library compresses one block at a time, each into a separate stream. This joins the blocks bit by bit, and writes
 * the combined checksum at the end.
 */
export async function* compressed(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const library = await loaded();
  const bits = new Bits();
  let checksum = 0;
  yield header;
  for await (const block of inBlocks(chunks)) {
    const stream = library.compress(block, 9, block.length + 100_000);
    const end = endOf(stream);
    const blockChecksum = Buffer.from(stream).readUInt32BE(header.length + blockMagicBits / 8);
    checksum = ((checksum << 1) | (checksum >>> 31)) ^ blockChecksum;
    yield bits.append(stream.subarray(header.length), end - header.length * 8);
  }
  const last = Buffer.from([...endMagic, 0, 0, 0, 0]);
  last.writeInt32BE(checksum | 0, endMagic.length);
  yield bits.append(last, last.length * 8);
  yield bits.rest();
}

let library: BZip2 | undefined;

/** Removes the library's handlers, which would end the process on an uncaught error. */
async function loaded(): Promise<BZip2> {
  if (library !== undefined) return library;
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  library = new BZip2();
  await library.init();
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (before[index]?.includes(listener) !== true) process.removeListener(event, listener);
    }
  }
  return library;
}

/**
 * The bit position of the end of a stream's only block. After it follow a magic number, the checksum, and up to seven
 * bits.
 */
function endOf(stream: Uint8Array): number {
  for (let padding = 0; padding < 8; padding += 1) {
    const end = stream.length * 8 - padding - checksumBits - endMagic.length * 8;
    if (endMagic.every((byte, index) => byteAt(stream, end + index * 8) === byte)) return end;
  }
  throw new Error('unexpected format of a block from the bzip2 library');
}

/** Eight bits from any bit position; zeros after the end. */
function byteAt(bytes: Uint8Array, bit: number): number {
  const first = Math.floor(bit / 8);
  const shift = bit % 8;
  return (((bytes[first] ?? 0) << shift) | ((bytes[first + 1] ?? 0) >> (8 - shift))) & 0xff;
}

/** Joins pieces of any number of bits. */
class Bits {
  /** Bits of an incomplete byte, from the left. */
  #begun = 0;
  #count = 0;

  /** @returns the complete bytes so far */
  append(bytes: Uint8Array, bits: number): Uint8Array {
    const total = this.#count + bits;
    const out = Buffer.alloc(Math.floor(total / 8) + 1);
    const shift = this.#count;
    out[0] = this.#begun;
    for (let index = 0; index * 8 < bits; index += 1) {
      const left = bits - index * 8;
      const byte = (bytes[index] ?? 0) & (left < 8 ? 0xff << (8 - left) : 0xff);
      out[index] = (out[index] ?? 0) | (byte >> shift);
      if (index + 1 < out.length) out[index + 1] = (byte << (8 - shift)) & 0xff;
    }
    this.#count = total % 8;
    this.#begun = out[out.length - 1] ?? 0;
    return out.subarray(0, out.length - 1);
  }

  /** The last byte, padded with zeros. */
  rest(): Uint8Array {
    return Uint8Array.from(this.#count === 0 ? [] : [this.#begun]);
  }
}

async function* inBlocks(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const part = chunk.subarray(start, start + blockBytes - size);
      waiting.push(part);
      size += part.length;
      start += part.length;
      if (size < blockBytes) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}
