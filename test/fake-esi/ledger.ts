import type { RequestFilter, RequestLedger, RequestRecord } from './types.ts';

/** An empty ledger, and the way to write in it. */
export function createLedger(): { ledger: RequestLedger; write(record: RequestRecord): void } {
  let records: RequestRecord[] = [];
  const all = (filter: RequestFilter = {}) => records.filter((record) => agrees(record, filter));
  const ledger: RequestLedger = {
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
  return { ledger, write: (record) => records.push(record) };
}

function agrees(record: RequestRecord, filter: RequestFilter): boolean {
  if (typeof filter === 'function') {
    return filter(record);
  }
  const fields = new Map<string, unknown>(Object.entries(record));
  return Object.entries(filter).every(([field, value]) => fields.get(field) === value);
}
