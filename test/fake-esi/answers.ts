import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A body in its possible encodings, each created on first use. */
export class Body {
  readonly text: string;
  #bytes: Buffer | undefined;
  #gzipped: Buffer | undefined;
  #digest: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  static json(value: unknown): Body {
    return new Body(JSON.stringify(value) ?? 'null');
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.text);
    return this.#bytes;
  }

  /** The body for a client that takes gzip; short bodies are not worth it, and go out as they are. */
  encode(acceptsGzip: boolean): { bytes: Buffer; isGzipped: boolean; etag: string } {
    this.#digest ??= hash('sha1', this.text, 'hex');
    if (!acceptsGzip || this.bytes.length < shortestGzippedBody) {
      return { bytes: this.bytes, isGzipped: false, etag: `"${this.#digest}"` };
    }
    this.#gzipped ??= gzipSync(this.bytes, { level: 1 });
    return { bytes: this.#gzipped, isGzipped: true, etag: `W/"${this.#digest}"` };
  }
}

const shortestGzippedBody = 1024;

/** A route's answer, before faults and conditional requests. */
export interface Answer {
  status: number;
  body?: Body;
  /** Additional headers; null takes one away that the server would send. */
  headers?: Record<string, string | null>;
  contentType?: string;
  /** X-Pages. */
  pages?: number;
  /** Milliseconds. */
  lastModified?: number;
  /** Milliseconds. */
  expires?: number;
  /** The first row of the whole list that this is a page of. */
  firstRow?: unknown;
  /** Whether it has an ETag, and may become a 304. */
  isConditional?: boolean;
}

/** A good answer of a cached route. */
export function cached(value: unknown, lastModified: number, expires: number): Answer {
  return { status: 200, body: Body.json(value), lastModified, expires, isConditional: true };
}

/** An error in ESI's form. */
export function failure(status: number, error: string, headers: Record<string, string | null> = {}): Answer {
  return { status, body: Body.json({ error }), headers };
}
