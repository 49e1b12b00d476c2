import { hostname } from 'node:os';
import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { LockedError, NotMigratedError } from '../../src/errors.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { migrate, migrationStatus, openForQueries, openLocked } from '../../src/store/open.ts';
import { backings, newDatabase, openTestStore, readFrom } from '../helpers/backings.ts';
import { listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordAlone } from '../helpers/stored.ts';

const noon = '2026-03-01T12:00:00Z';

describe.each(backings)('the lock of a database, on $name', (backing) => {
  test('is held by one pass at a time', async () => {
    const { database } = await openTestStore(backing);
    const second: unknown = await openLocked(database.location).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(LockedError);
    const held = `held by process ${process.pid} on ${hostname()} since 20`;
    expect(second).toMatchObject({ exitCode: exitCodes.locked, message: expect.stringContaining(held) });
  });

  test('is visible to others, with its holder, while it is held', async () => {
    const { database, close } = await openTestStore(backing);
    const asker = await openForQueries(database.location);
    const holder = { host: hostname(), process_id: process.pid, since: expect.stringMatching(/Z$/) };
    expect(await asker.lockState()).toEqual({ is_held: true, holder });
    await close();
    expect(await asker.lockState()).toEqual({ is_held: false, holder: null });
    await asker.close();
  });

  test('is awaited for the given time, with one message', async () => {
    const { database, close } = await openTestStore(backing);
    const told: string[] = [];
    const onWait = ({ message }: Error) => told.push(message);
    const tooShort = openLocked(database.location, { waitMilliseconds: 50, onWait });
    await expect(tooShort).rejects.toBeInstanceOf(LockedError);
    const waiting = openLocked(database.location, { waitMilliseconds: 60_000, onWait });
    await expect.poll(() => told.length).toBe(2);
    await close();
    await (await waiting).close();
    expect(told).toEqual([expect.stringContaining(`process ${process.pid}`), expect.anything()]);
  });

  test('is not waited for any longer after a signal', async () => {
    const { database } = await openTestStore(backing);
    const stop = new AbortController();
    const onWait = () => stop.abort();
    const waiting = openLocked(database.location, { waitMilliseconds: 60_000, signal: stop.signal, onWait });
    await expect(waiting).rejects.toBeInstanceOf(LockedError);
  });

  test('is free when the pass has ended', async () => {
    const { database, close } = await openTestStore(backing);
    await close();
    const second = await openLocked(database.location);
    await second.close();
  });

  test('does not keep anyone from asking', async () => {
    const { database, store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    const rows = await readFrom(database, (reader) => reader.all(sql`SELECT contract_id FROM contract_backlog`));
    expect(rows).toEqual([{ contract_id: 1 }]);
  });
});

describe.each(backings)('migrating, on $name', (backing) => {
  test('is required before queries', async () => {
    const { location } = await newDatabase(backing);
    const refused: unknown = await openForQueries(location).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotMigratedError);
    expect(refused).toMatchObject({
      exitCode: exitCodes.notMigrated,
      message: expect.stringContaining('Run: hangarbay'),
    });
  });

  test('applies what is pending, once', async () => {
    const { location } = await newDatabase(backing);
    const before = await migrationStatus(location);
    expect(before.applied).toEqual([]);
    expect(before.pending.length).toBeGreaterThan(0);
    expect(await migrate(location)).toEqual(before);
    const after = { applied: before.pending, pending: [] };
    expect(await migrationStatus(location)).toEqual(after);
    expect(await migrate(location)).toEqual(after);
  });

  test('keeps what is in the database', async () => {
    const { database, store, close } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    await close();
    await migrate(database.location);
    const rows = await readFrom(database, (reader) => reader.all(sql`SELECT contract_id FROM contract_backlog`));
    expect(rows).toEqual([{ contract_id: 1 }]);
  });

  test('makes every table that people may read', async () => {
    const { database } = await openTestStore(backing);
    const tables = ['contracts', 'contract_items', 'contract_backlog', 'runs', 'region_sweeps'];
    tables.push('types', 'groups', 'categories', 'market_groups', 'regions', 'systems', 'locations', 'names');
    for (const table of [...tables, 'http_validators', 'meta']) {
      const rows = readFrom(database, (reader) => reader.all(sql`SELECT * FROM ${sql.identifier(table)} LIMIT 1`));
      await expect(rows, table).resolves.toBeInstanceOf(Array);
    }
  });
});

describe.each(backings)('a reader, on $name', (backing) => {
  const count = sql`SELECT count(*) AS contracts FROM contract_backlog`;

  test('sees one moment, whatever a pass writes meanwhile', async () => {
    const { database, store } = await openTestStore(backing);
    await recordAlone(store, sweepOf(noon, [listed(1)]));
    const seen = await readFrom(database, async (reader) => {
      const first = await reader.all(count);
      await recordAlone(store, sweepOf(noon, [listed(1), listed(2)]));
      return [first, await reader.all(count)];
    });
    expect(seen).toEqual([[{ contracts: 1 }], [{ contracts: 1 }]]);
    expect(await readFrom(database, (reader) => reader.all(count))).toEqual([{ contracts: 2 }]);
  });

  test('reads in batches that begin with one row, all rows, none twice', async () => {
    const { database, store } = await openTestStore(backing);
    await recordAlone(
      store,
      sweepOf(
        noon,
        [1, 2, 3, 4, 5].map((id) => listed(id)),
      ),
    );
    const batches = await readFrom(database, async (reader) => {
      const read: unknown[] = [];
      const query = sql`SELECT contract_id FROM contract_backlog ORDER BY contract_id`;
      for await (const batch of reader.batches<{ contract_id: number }>(query, { first: 1, largest: 2 }))
        read.push(batch.map((row) => row.contract_id));
      return read;
    });
    expect(batches).toEqual([[1], [2, 3], [4, 5]]);
  });

  test('changes nothing', async () => {
    const { database } = await openTestStore(backing);
    const change = sql`INSERT INTO meta (key, value) VALUES ('a', 'b')`;
    await expect(readFrom(database, (reader) => reader.all(change))).rejects.toThrow();
  });
});
