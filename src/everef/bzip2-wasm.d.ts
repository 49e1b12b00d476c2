declare module 'bzip2-wasm' {
  export default class BZip2 {
    init(): Promise<void>;
    /** @param decompressedLength maximum size */
    decompress(compressed: Uint8Array, decompressedLength: number): Uint8Array;
    compress(bytes: Uint8Array, blockSize?: number, compressedSize?: number): Uint8Array;
  }
}
