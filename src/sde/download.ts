import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, EnvHttpProxyAgent, interceptors } from 'undici';
import yauzl from 'yauzl';
import { HangarbayError, messageOf } from '../errors.ts';
import { isProxyNamed } from '../esi/proxy.ts';
import { userAgent } from '../esi/user-agent.ts';
import { exitCodes } from '../exit-codes.ts';

const silenceMilliseconds = 30_000;
/** Maximum of consecutive failures without progress. */
const maxFailures = 4;
const pauseMilliseconds = 1_000;
/** A server of static files redirects once, from the latest build to its file. */
const maxRedirects = 5;

/** A file on a web server. */
export interface RemoteFile {
  /** The URL after redirects. */
  readonly url: string;
  readonly size: number;
  /** A strong validator; undefined without one. */
  readonly etag: string | undefined;
}

/** Reads files from web servers. An unreachable server is an error with exit code 12. */
export interface Downloads {
  /**
   * Checks whether a file supports range requests.
   *
   * @returns undefined when the server only sends whole files
   */
  find(url: string): Promise<RemoteFile | undefined>;
  /** The bytes from `start` to `end`; an interrupted download continues where it stopped. */
  read(file: RemoteFile, start: number, end: number): Readable;
  /** Downloads a whole file to a path. */
  save(url: string, path: string): Promise<void>;
  /** A small file as text; undefined if it does not exist. */
  text(url: string): Promise<string | undefined>;
  close(): Promise<void>;
}

class DownloadError extends HangarbayError {
  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`${url}: ${problem}; nothing was changed`, exitCodes.unavailable, options);
  }
}

export function openDownloads(contact: string | undefined, signal: AbortSignal): Downloads {
  const Pool = isProxyNamed(process.env) ? EnvHttpProxyAgent : Agent;
  const pool = new Pool({
    connect: { timeout: 10_000 },
    headersTimeout: silenceMilliseconds,
    bodyTimeout: silenceMilliseconds,
  });
  const agent = pool.compose(interceptors.redirect({ maxRedirections: maxRedirects }));

  async function ask(url: string, headers: Record<string, string> = {}): Promise<Dispatcher.ResponseData> {
    const { origin, pathname, search } = new URL(url);
    return agent.request({
      origin,
      path: pathname + search,
      method: 'GET',
      headers: { 'user-agent': userAgent(contact), 'accept-encoding': 'identity', ...headers },
      signal,
    });
  }

  /** Repeats a request after transient failures. */
  async function again<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof HangarbayError || signal.aborted) throw error;
        if (failures === maxFailures) throw new DownloadError(url, messageOf(error), { cause: error });
        await sleep(pauseMilliseconds * failures, undefined, { signal });
      }
    }
  }

  /** @throws {DownloadError} on an answer that a retry would not change */
  async function answered(url: string, answer: Dispatcher.ResponseData, ...wanted: number[]): Promise<void> {
    const { statusCode, body } = answer;
    if (wanted.includes(statusCode)) return;
    await body.dump();
    if (statusCode >= 500 || statusCode === 429) throw new Error(`the server answered ${statusCode}`);
    throw new DownloadError(url, `the server answered ${statusCode}`);
  }

  async function* parts(file: RemoteFile, start: number, end: number): AsyncGenerator<Buffer> {
    let position = start;
    let failures = 0;
    while (position < end) {
      try {
        const headers = { range: `bytes=${position}-${end - 1}`, ...(file.etag && { 'if-range': file.etag }) };
        const answer = await ask(file.url, headers);
        if (answer.statusCode === 200) {
          abandon(answer);
          throw new DownloadError(file.url, 'the file changed during the download. Run the import again');
        }
        await answered(file.url, answer, 206);
        for await (const chunk of answer.body as AsyncIterable<Buffer>) {
          position += chunk.length;
          failures = 0;
          yield chunk;
        }
        if (position < end) throw new Error('the answer is shorter than requested');
      } catch (error) {
        failures += 1;
        if (error instanceof HangarbayError || signal.aborted) throw error;
        if (failures === maxFailures) throw new DownloadError(file.url, messageOf(error), { cause: error });
        await sleep(pauseMilliseconds * failures, undefined, { signal });
      }
    }
  }

  return {
    find: (url) =>
      again(url, async () => {
        const answer = await ask(url, { range: 'bytes=0-0' });
        await answered(url, answer, 200, 206);
        const [, size] = /\/(\d+)$/.exec(String(answer.headers['content-range'] ?? '')) ?? [];
        if (answer.statusCode === 200 || size === undefined) {
          abandon(answer);
          return undefined;
        }
        await answer.body.dump();
        const history = (answer.context as { readonly history?: readonly URL[] } | undefined)?.history ?? [];
        const { etag: sent } = answer.headers;
        // If-Range must not have a weak validator (RFC 9110, 13.1.5).
        const etag = typeof sent === 'string' && !sent.startsWith('W/') ? sent : undefined;
        return {
          url: String(history.at(-1) ?? url),
          size: Number(size),
          etag,
        };
      }),
    read: (file, start, end) => Readable.from(parts(file, start, end), { objectMode: false }),
    save: (url, path) =>
      again(url, async () => {
        const answer = await ask(url);
        await answered(url, answer, 200);
        await pipeline(answer.body, createWriteStream(path), { signal });
      }),
    text: (url) =>
      again(url, async () => {
        const answer = await ask(url);
        if (answer.statusCode === 404 || answer.statusCode === 403) {
          await answer.body.dump();
          return undefined;
        }
        await answered(url, answer, 200);
        return answer.body.text();
      }),
    close: () => pool.destroy(),
  };
}

/** Discards the rest of an answer; the resulting abort is not an error. */
function abandon({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => {});
  body.destroy();
}

/** Reads a remote zip with range requests. */
export class RemoteReader extends yauzl.RandomAccessReader {
  readonly #downloads: Downloads;
  readonly #file: RemoteFile;

  constructor(downloads: Downloads, file: RemoteFile) {
    super();
    this.#downloads = downloads;
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#downloads.read(this.#file, start, end);
  }
}
