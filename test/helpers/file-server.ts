import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FileServer {
  readonly url: string;
  readonly requests: { readonly path: string; readonly range: string | undefined; readonly status: number }[];
  /** Bytes of bodies that were sent. */
  readonly sent: () => number;
}

export interface FileServerOptions {
  /** Whether range requests are supported. @default true */
  readonly ranges?: boolean;
  /** Called with each request; true breaks the answer off in its middle. */
  readonly breaksOff?: (count: number) => boolean;
}

/** A web server with a few files, by their paths; a text that begins with `->` redirects. */
export async function serveFiles(
  files: Readonly<Record<string, Buffer | string>>,
  { ranges = true, breaksOff = () => false }: FileServerOptions = {},
): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const { range } = request.headers;
    const file = files[path];
    const answer = (status: number, headers: Record<string, string | number>, body: Buffer = Buffer.alloc(0)) => {
      requests.push({ path, range, status });
      sent += body.length;
      response.writeHead(status, { ...headers, 'content-length': body.length });
      if (!breaksOff(requests.length)) return response.end(body);
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
    };
    if (file === undefined) return answer(404, {});
    if (typeof file === 'string' && file.startsWith('->')) return answer(302, { location: file.slice(2) });
    const body = Buffer.from(file);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    if (!ranges || first === undefined) return answer(200, { etag: '"1"' }, body);
    const part = body.subarray(Number(first), Number(last) + 1);
    const headers = { etag: '"1"', 'content-range': `bytes ${first}-${last}/${body.length}` };
    answer(206, headers, part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, sent: () => sent };
}
