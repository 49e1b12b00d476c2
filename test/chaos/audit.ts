import type { Fault, RequestRecord } from '../fake-esi/types.ts';

/** Faults that leave a usable answer. */
const harmless: ReadonlySet<Fault['kind']> = new Set([
  'delay',
  'headers',
  'pages',
  'lastModified',
  'missingPages',
  'duplicateContract',
]);

/** Whether the client received the server's complete answer. */
function isIntact({ status, faults }: RequestRecord): boolean {
  return (status === 200 || status === 304) && faults.every((kind) => harmless.has(kind));
}

/** Requests that a well-behaved client does not send, as sentences. */
export interface Audit {
  /** Lists requested before their expiry. */
  readonly early: string[];
  /** Items requested again in the same pass after a complete answer or a final refusal. */
  readonly repeated: string[];
  /** Requests sent while the error limit was exhausted; none is allowed. */
  readonly beyondLimit: string[];
}

/** Checks the requests of one pass, using earlier ones for expiries. */
export function audit(before: readonly RequestRecord[], pass: readonly RequestRecord[]): Audit {
  return {
    early: earlyRequests([...before, ...pass], new Set(pass)),
    repeated: repeatedRequests(pass),
    beyondLimit: pass
      .filter(({ status, faults }) => status === 420 && !faults.includes('errorLimited'))
      .map(({ path }) => path),
  };
}

function earlyRequests(records: readonly RequestRecord[], judged: ReadonlySet<RequestRecord>): string[] {
  const expiry = new Map<string, number>();
  const early: string[] = [];
  for (const record of records) {
    if (record.route !== 'list') continue;
    const expires = expiry.get(record.path);
    if (judged.has(record) && expires !== undefined && record.at.getTime() < expires) {
      early.push(`${record.path} ${expires - record.at.getTime()} ms early`);
    }
    if (isIntact(record) && record.expires !== undefined) expiry.set(record.path, record.expires);
  }
  return early;
}

const finalStatuses = [204, 400, 403, 404];

function repeatedRequests(records: readonly RequestRecord[]): string[] {
  const settled = new Set<string>();
  const repeated: string[] = [];
  for (const record of records) {
    if (record.route !== 'items') continue;
    if (settled.has(record.path)) repeated.push(record.path);
    const arrived = !record.faults.some((kind) => ['truncate', 'reset', 'hang'].includes(kind));
    if (isIntact(record) || (arrived && finalStatuses.includes(record.status))) settled.add(record.path);
  }
  return repeated;
}
