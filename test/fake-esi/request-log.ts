import type { RequestFilter, RequestLog, RequestRecord } from './types.ts';

/** An empty log of requests, and the function that writes to it. */
export function createRequestLog(): { log: RequestLog; write(record: RequestRecord): void } {
  let records: RequestRecord[] = [];
  const all = (filter: RequestFilter = {}) => records.filter((record) => agrees(record, filter));
  const log: RequestLog = {
    get length() {
      return records.length;
    },
    [Symbol.iterator]: () => records[Symbol.iterator](),
    all,
    count: (filter) => all(filter).length,
    clear() {
      records = [];
    },
  };
  return { log, write: (record) => records.push(record) };
}

function agrees(record: RequestRecord, filter: RequestFilter): boolean {
  if (typeof filter === 'function') {
    return filter(record);
  }
  const fields = new Map<string, unknown>(Object.entries(record));
  return Object.entries(filter).every(([field, value]) => fields.get(field) === value);
}
