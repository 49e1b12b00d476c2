import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';

/** The compatibility date of all routes here since its introduction; ESI echoes it, not the requested one. */
const effectiveCompatibilityDate = '2020-01-01';

/** Sends an answer, or 304 if the client has it already. Returns the status sent. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  now: Date,
  limitHeaders: (status: number) => Record<string, string>,
  { isTruncated, dripMilliseconds }: { readonly isTruncated: boolean; readonly dripMilliseconds?: number },
): number {
  const acceptsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const encoded = answer.body?.encode(acceptsGzip);
  const etag = answer.isConditional === true ? encoded?.etag : undefined;
  const isUnchanged = answer.status === 200 && etag !== undefined && isKnown(request, etag);
  const status = isUnchanged ? 304 : answer.status;
  const bytes = isUnchanged ? undefined : encoded?.bytes;

  const headers: Record<string, string | null | undefined> = {
    Date: now.toUTCString(),
    'Content-Type': bytes === undefined ? undefined : (answer.contentType ?? 'application/json'),
    'Content-Encoding': bytes !== undefined && encoded?.isGzipped === true ? 'gzip' : undefined,
    // Node sets the length itself unless it is given; a HEAD has that of the omitted body.
    'Content-Length': bytes === undefined ? undefined : String(bytes.length),
    'Cache-Control': answer.status < 300 ? 'public' : undefined,
    ETag: etag,
    Expires: httpDate(answer.expires),
    'Last-Modified': httpDate(answer.lastModified),
    'X-Pages': answer.pages === undefined ? undefined : String(answer.pages),
    'X-Compatibility-Date': effectiveCompatibilityDate,
    Vary: 'X-Tenant, Accept-Language, X-Compatibility-Date, Accept-Encoding',
    ...limitHeaders(status),
    ...answer.headers,
  };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== null) {
      response.setHeader(name, value);
    }
  }

  response.statusCode = status;
  if (isTruncated && bytes !== undefined) {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => request.socket.destroy());
  } else if (bytes === undefined) {
    response.end();
  } else if (dripMilliseconds !== undefined) {
    drip(response, bytes, dripMilliseconds);
  } else {
    response.end(bytes);
  }
  return status;
}

function drip(response: ServerResponse, bytes: Buffer, milliseconds: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent === bytes.length) response.end();
  }, milliseconds);
  response.once('close', () => clearInterval(timer));
}

/** ETags are compared literally: one of a gzipped body does not match the plain body. */
function isKnown(request: IncomingMessage, etag: string): boolean {
  const known = request.headers['if-none-match'];
  return known?.split(',').some((candidate) => candidate.trim() === etag) ?? false;
}

function httpDate(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toUTCString();
}
