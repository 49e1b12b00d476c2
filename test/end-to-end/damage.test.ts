import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import SqliteClient from 'better-sqlite3';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Backing, backings, sqlite, type TestDatabase } from '../helpers/backings.ts';
import type { Ended } from '../helpers/cli.ts';
import { rowsOf } from '../helpers/tables.ts';
import { newReadyUser, newUser, type User } from './user.ts';

function expectTold({ code, stdout, stderr }: Ended, expectedCode: number, ...texts: readonly RegExp[]): void {
  expect({ code, stdout, stderr }).toEqual({ code: expectedCode, stdout: '', stderr: expect.any(String) });
  for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
  expect(stderr).not.toMatch(/\\n {4}at /);
  for (const text of texts) expect(stderr).toMatch(text);
}

/** A user who has done a pass over some contracts. */
async function userWithContracts(backing: Backing, plainContracts = 30): Promise<User> {
  const user = await newReadyUser(backing, { plainContracts });
  await user.aggregate();
  return user;
}

/** A change to a database by hand. */
async function byHand({ location }: TestDatabase, ...statements: string[]): Promise<void> {
  if (location.dialect === 'sqlite') {
    const client = new SqliteClient(location.path);
    for (const statement of statements) client.exec(statement);
    client.close();
    return;
  }
  const client = postgres(location.url, { max: 1, onnotice: () => {} });
  for (const statement of statements) await client.unsafe(statement);
  await client.end();
}

const all = ['query', '--items', '--limit', '0', '--state', 'all'];

describe('a file of SQLite', () => {
  const pathOf = ({ database: { location } }: User) => (location.dialect === 'sqlite' ? location.path : '');

  it.each([
    ['overwritten in the middle', (path: string) => overwrite(path, 0.3, 0.9)],
    ['cut short', (path: string) => truncateSync(path, 40_000)],
    ['overwritten at its beginning', (path: string) => overwrite(path, 0, 0.1)],
  ])('that is %s exits with 13, and a restored copy is brought up to date', async (_, damage) => {
    const user = await userWithContracts(sqlite, 200);
    const path = pathOf(user);
    copyFileSync(path, `${path}.copy`);
    damage(path);
    expectTold(await user.run(...all), 13, /contracts\.db|malformed|not a database/, /damaged|not a SQLite database/);
    user.esi.world.regenerate();
    user.esi.clock.advance(3_600_000);
    const pass = await user.run('aggregate');
    expectTold(pass, 13, /damaged|not a SQLite database/);
    copyFileSync(`${path}.copy`, path);
    await user.aggregate();
    await user.expectEverything();
  });

  it('with the WAL of a killed process is whole', async () => {
    const user = await newReadyUser(sqlite, { plainContracts: 200 });
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(150);
    await user.stored(100);
    pass.process.kill('SIGKILL');
    await pass.ended;
    items.open();
    expect(existsSync(`${pathOf(user)}-wal`)).toBe(true);
    const whole = await user.contracts('--state', 'all');
    expect(whole.length).toBeGreaterThan(0);
    for (const { items } of whole) expect(items).toHaveLength(2);
    await user.aggregate();
    expect(existsSync(`${pathOf(user)}-wal`)).toBe(false);
    await user.expectEverything();
  });

  it('next to the WAL of another database loses nothing', async () => {
    const user = await userWithContracts(sqlite);
    writeFileSync(`${pathOf(user)}-wal`, Buffer.alloc(50_000, 'garbage'));
    await user.expectEverything();
    await user.aggregate();
    await user.expectEverything();
  });

  it('whose lock is a folder fails, and one with an unfinished copy works', async () => {
    const user = await newUser(sqlite, { plainContracts: 5 });
    writeFileSync(`${pathOf(user)}.new`, 'what a killed process left');
    mkdirSync(`${pathOf(user)}.lock`);
    expectTold(await user.run('aggregate'), 13, /contracts\.db\.lock/);
    expect(readFileSync(`${pathOf(user)}.new`, 'utf8')).toContain('killed');
  });
});

function overwrite(path: string, from: number, to: number): void {
  const content = readFileSync(path);
  // Overwrites whole pages, as bad blocks would.
  content.fill(0xa5, Math.floor(content.length * from), Math.floor(content.length * to));
  writeFileSync(path, content);
}

describe.each(backings)('a schema changed by hand on $name', (backing) => {
  it.each([
    ['a column that is gone', 'ALTER TABLE contracts DROP COLUMN title', /title/],
    ['a column that is gone from the items', 'ALTER TABLE contract_items DROP COLUMN runs', /runs/],
    ['a table that is gone', 'DROP TABLE contract_items', /contract_items/],
    ['a column that has another name', 'ALTER TABLE contracts RENAME COLUMN price TO cost', /price/],
  ])('%s exits with 10, before any request', async (_, statement, name) => {
    const user = await userWithContracts(backing);
    await byHand(user.database, statement);
    expectTold(await user.run(...all), 10, name, /changed by hand/);
    user.esi.requests.clear();
    expectTold(await user.run('aggregate'), 10, name, /changed by hand/);
    expect(user.esi.requests.length).toBe(0);
  });

  it('a column that was added does no harm', async () => {
    const user = await userWithContracts(backing);
    await byHand(user.database, 'ALTER TABLE contracts ADD COLUMN note text', "UPDATE contracts SET note = 'mine'");
    user.esi.world.addMany(3);
    user.esi.world.regenerate();
    await byHand(user.database, 'DELETE FROM http_validators');
    await user.aggregate();
    await user.expectEverything();
    const notes = (await rowsOf(user.database, 'contracts', 'contract_id')).filter(({ note }) => note === 'mine');
    expect(notes).toHaveLength(30);
  });

  it('an emptied ledger of migrations exits with 10, and migrate does no harm', async () => {
    const user = await userWithContracts(backing);
    await byHand(user.database, 'DELETE FROM __drizzle_migrations');
    for (const command of ['query', 'aggregate']) {
      expectTold(await user.run(command), 10, /not migrated/);
    }
    expectTold(await user.run('migrate'), 10, /already exists/, /changed by hand/);
    const rows = await byHandRead(user.database);
    expect(rows).toBe(30);
  });

  it('rows that are gone are fetched again', async () => {
    const user = await userWithContracts(backing);
    await byHand(
      user.database,
      'DELETE FROM contracts WHERE contract_id % 2 = 0',
      'DELETE FROM contract_items WHERE contract_id % 2 = 0',
    );
    await user.aggregate();
    await user.expectEverything();
  });
});

/** Read directly, because the ledger is empty and a query would fail. */
async function byHandRead({ location }: TestDatabase): Promise<number> {
  if (location.dialect === 'sqlite') {
    const client = new SqliteClient(location.path, { readonly: true });
    onTestFinished(() => {
      client.close();
    });
    return Number(client.prepare('SELECT count(*) AS contracts FROM contracts').pluck().get());
  }
  const client = postgres(location.url, { max: 1 });
  const [row] = await client`SELECT count(*) AS contracts FROM contracts`;
  await client.end();
  return Number(row?.contracts);
}
