import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passOver } from '../../src/aggregate/conduct.ts';
import { HangarbayError } from '../../src/errors.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { openLocked } from '../../src/store/open.ts';
import { startStandInEsi } from '../fake-esi/server.ts';
import type { RouteName, StandInEsi } from '../fake-esi/types.ts';
import { type Backing, backings } from '../helpers/backings.ts';
import { contractRow, forge, itemRow } from '../helpers/esi-rows.ts';
import { hostileJson, mutatedJson } from '../helpers/hostile-json.ts';
import { addExchanges, collectingLog, openBench, usualSettings } from '../helpers/pass.ts';
import { backlogIn, contractsIn, itemsIn, rowsOf, type TableRow } from '../helpers/tables.ts';
import { advance, retryAtOnce, stopTime } from '../helpers/time.ts';

const tables = {
  contracts: 'contract_id',
  contract_backlog: 'backlog_key',
  contract_items: 'record_id',
  types: 'type_id',
  groups: 'group_id',
  locations: 'location_id',
  systems: 'system_id',
  names: 'id',
};

/** The bodies of ESI's answers as text: rows of the list, rows of items, and the rest. */
interface Sent {
  readonly rows: readonly string[];
  readonly items: readonly string[];
  readonly bodies: Readonly<Partial<Record<RouteName, string>>>;
}

const objectRoutes = ['region', 'system', 'station', 'type', 'group', 'category', 'marketGroup'] as const;
const object = {
  name: 'Something',
  group_id: 25,
  category_id: 6,
  system_id: 30_000_142,
  constellation_id: 20_000_020,
  security_status: 0.9,
  published: true,
};

const sent: fc.Arbitrary<Sent> = fc.record({
  rows: fc.array(mutatedJson(contractRow()), { maxLength: 8 }),
  items: fc.array(mutatedJson(itemRow()), { minLength: 1, maxLength: 3 }),
  bodies: fc.record(
    {
      ...Object.fromEntries(objectRoutes.map((route) => [route, fc.oneof(mutatedJson(object), hostileJson())])),
      names: fc
        .array(mutatedJson({ id: 2_112_000_001, name: 'Somebody', category: 'character' }))
        .map((rows) => `[${rows.join(',')}]`),
    },
    { requiredKeys: [] },
  ),
});

/** Makes the server send these bodies in addition to its contracts. */
function send(esi: StandInEsi, { rows, items, bodies }: Sent): void {
  const { world, faults } = esi;
  const good = world.list().map(({ contract }) => JSON.stringify(contract));
  const answer = (route: RouteName, body: string, given = {}) =>
    faults.inject({
      match: { route, ...given },
      fault: { kind: 'status', status: 200, body, headers: { 'X-Pages': '1' } },
    });
  answer('list', `[${[...rows, ...good].join(',')}]`);
  // The server knows the good contracts; the items of the others are anything.
  for (const { contract } of world.list()) {
    const own = world.contract(contract.contract_id)?.items ?? [];
    answer('items', JSON.stringify(own), { contract_id: contract.contract_id });
  }
  answer('items', `[${items.join(',')}]`);
  for (const [route, body] of Object.entries(bodies)) answer(route as RouteName, body);
}

/** Runs a pass over the bodies, and reads the stored rows. */
async function passAndRead(backing: Backing, esi: StandInEsi) {
  const { database, drop } = await backing.makeMigrated();
  try {
    const { store, close } = await openLocked(database.location);
    const { log, lines } = collectingLog();
    const surroundings = { log, stop: new AbortController() };
    const summary = await passOver(store, usualSettings(esi, database), surroundings).finally(close);
    expect(lines.join('')).not.toContain('the cache failed');
    const stored: Record<string, TableRow[]> = {};
    for (const [table, order] of Object.entries(tables)) stored[table] = await rowsOf(database, table, order);
    return { summary, stored };
  } finally {
    await drop();
  }
}

/** SQLite has no booleans and stores JSON as text; everything else is byte-identical. */
function alike(stored: Record<string, TableRow[]>): unknown {
  const read = (name: string, value: unknown) => {
    if (typeof value === 'boolean') return Number(value);
    if (name === 'etag') return null;
    return name === 'response' && typeof value === 'string' ? JSON.stringify(sorted(JSON.parse(value))) : value;
  };
  return Object.fromEntries(
    Object.entries(stored).map(([table, rows]) => [
      table,
      rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, read(name, value)]))),
    ]),
  );
}

/** JSON with sorted keys, because PostgreSQL has its own order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

test('whatever ESI sends, the pass ends, both databases hold the same, and good contracts among it are stored', async () => {
  stopTime();
  retryAtOnce();
  await fc.assert(
    fc.asyncProperty(sent, async (bodies) => {
      const esi = await startStandInEsi({ regions: [forge] });
      try {
        const good = addExchanges(esi, 2);
        send(esi, bodies);
        const results = [];
        for (const backing of backings) results.push(await passAndRead(backing, esi));
        for (const { summary, stored } of results) {
          expect([exitCodes.done, exitCodes.partial]).toContain(summary.exit_code);
          expect(summary.regions).toMatchObject({ complete: 1 });
          const ids = stored.contracts?.map(({ contract_id }) => contract_id);
          expect(ids).toEqual(expect.arrayContaining(good));
        }
        const [first, ...others] = results.map(({ stored }) => alike(stored));
        for (const other of others) expect(other).toEqual(first);
      } finally {
        await esi.close();
      }
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

test('a body that is not a list, or a list of anything, ends in a summary or in a message for the user', async () => {
  stopTime();
  retryAtOnce();
  const routes = ['list', 'items', 'regions', 'names', 'status', 'any'] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), hostileJson(), async (route, body) => {
      const esi = await startStandInEsi({ regions: [forge] });
      try {
        addExchanges(esi, 2);
        esi.faults.inject({ match: { route }, fault: { kind: 'status', status: 200, body } });
        for (const backing of backings) {
          const outcome: unknown = await passAndRead(backing, esi).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(HangarbayError);
        }
      } finally {
        await esi.close();
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

describe.each(backings)('one thing that makes no sense is only that one thing, on $name', (backing) => {
  test.each([
    ['a row nested too deeply to be written again', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    [
      'a field nested so',
      JSON.stringify(contractRow({ contract_id: 5, price: '@' })).replace(
        '"@"',
        '{"a":'.repeat(50_000) + 1 + '}'.repeat(50_000),
      ),
    ],
    [
      'a year that PostgreSQL does not know',
      JSON.stringify(contractRow({ contract_id: 5, date_expired: '0000-06-01T00:00:00Z' })),
    ],
  ])('%s', async (_, row) => {
    const { esi, pass, database } = await openBench(backing);
    const good = addExchanges(esi, 2);
    const rows = esi.world.list().map(({ contract }) => JSON.stringify(contract));
    const body = `[${[row, ...rows].join(',')}]`;
    esi.faults.inject({
      match: { route: 'list' },
      fault: { kind: 'status', status: 200, body, headers: { 'X-Pages': '1' } },
    });
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { stored: 2, quarantined: 1 } });
    expect((await contractsIn(database)).map(({ contract_id }) => contract_id)).toEqual(good);
    expect(await backlogIn(database)).toHaveLength(1);
  });

  test.each(['100000000', '9007199254740991', '1e300', '-1', 'NaN'])('a number of pages such as %s', async (pages) => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 3);
    esi.faults.inject({ match: { route: 'list' }, fault: { kind: 'headers', headers: { 'X-Pages': pages } } });
    expect(await pass()).toMatchObject({ outcome: 'complete', contracts: { stored: 3 } });
  });

  test('a lifetime without end, which is over when two days are', async () => {
    const { esi, pass } = await openBench(backing);
    addExchanges(esi, 1);
    const headers = { 'Cache-Control': `max-age=${'9'.repeat(400)}` };
    esi.faults.inject({ fault: { kind: 'headers', headers } });
    await pass();
    const [added] = addExchanges(esi, 1);
    advance(2 * 86_400_000);
    expect(await pass(), String(added)).toMatchObject({ outcome: 'complete', contracts: { stored: 1 } });
  });

  test('half a character in the text of a refusal, and in a name', async () => {
    const { esi, pass, database } = await openBench(backing);
    const [id = 0] = addExchanges(esi, 1);
    const body = { error: `${'x'.repeat(299)}🚀\uD800` };
    const fault = esi.faults.inject({ match: { route: 'items' }, fault: { kind: 'status', status: 400, body } });
    expect(await pass()).toMatchObject({ contracts: { stored: 0, deferred: 1 } });
    expect(await backlogIn(database)).toMatchObject([{ last_answer: `400 ${'x'.repeat(299)}\uFFFD` }]);
    fault.remove();
    const issuer = esi.world.contract(id)?.contract.issuer_id;
    const value = [{ id: issuer, name: 'a\uD800\0', category: '\uDC00\0' }];
    esi.faults.inject({ match: { route: 'names' }, fault: { kind: 'body', value } });
    expect(await pass()).toMatchObject({ contracts: { stored: 1 } });
    expect(await itemsIn(database)).toHaveLength(1);
    const names = (await rowsOf(database, 'names', 'id')).filter(({ name }) => name !== null);
    expect(names).toMatchObject([{ id: issuer, name: 'a\uFFFD\uFFFD', category: '\uFFFD\uFFFD' }]);
  });
});
