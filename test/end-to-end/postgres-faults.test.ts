import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { postgreSql } from '../helpers/backings.ts';
import { type Ended, run } from '../helpers/cli.ts';
import { newUser } from './user.ts';

const secret = 'hunter2';
const contact = { HANGARBAY_CONTACT: 'pilot@example.com' };

function expectTold({ code, stdout, stderr }: Ended, expectedCode: number, ...texts: readonly RegExp[]): void {
  expect({ code, stdout, stderr }).toEqual({ code: expectedCode, stdout: '', stderr: expect.any(String) });
  for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
  expect(stderr).not.toMatch(/\\n {4}at /);
  expect(stderr).not.toContain(secret);
  for (const text of texts) expect(stderr).toMatch(text);
}

async function onServer(url: string, ...statements: string[]): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  for (const statement of statements) await client.unsafe(statement);
  await client.end();
}

/** The server's address with some parts replaced. */
function address(change: (url: URL) => void): string {
  const url = new URL(inject('postgresUrl'));
  change(url);
  return url.href;
}

describe('an unreachable server exits with 13, whatever the reason', () => {
  it.each([
    ['a name that no host has', () => `postgres://a:${secret}@nowhere.invalid/d`, /nowhere\.invalid/],
    ['a port where nobody listens', () => `postgres://a:${secret}@127.0.0.1:1/d`, /127\.0\.0\.1:1/],
    ['a socket that is not there', () => `postgres://a:${secret}@%2Fnowhere/d`, /cannot reach/],
    [
      'no database of that name',
      () => address((url) => Object.assign(url, { pathname: '/nowhere' })),
      /create the database/,
    ],
    [
      'no role of that name',
      () => address((url) => Object.assign(url, { username: 'nobody', password: secret })),
      /nobody/,
    ],
    [
      'TLS that the server does not offer',
      () => address((url) => url.searchParams.set('sslmode', 'verify-full')),
      /cannot reach|SSL|TLS/,
    ],
  ])('%s', async (_, urlOf, text) => {
    const url = urlOf();
    for (const command of ['query', 'migrate', 'aggregate']) {
      expectTold(await run([command, '-v', '--database-url', url], contact), 13, text);
    }
  });

  it.each<[string, () => string, RegExp]>([
    [
      'a parameter that the server does not know',
      () => address((url) => url.searchParams.set('nonsense', secret.slice(0, 3))),
      /nonsense/,
    ],
    [
      'a value that a parameter cannot have',
      () => address((url) => url.searchParams.set('client_encoding', 'nonsense')),
      /client_encoding|encoding/,
    ],
  ])('and with 2 where the URL is at fault: %s', async (_, urlOf, text) => {
    const url = urlOf();
    for (const command of ['query', 'migrate', 'aggregate']) {
      expectTold(await run([command, '-v', '--database-url', url], contact), 2, text);
    }
  });

  it.each([
    ['a % that encodes nothing', `postgres://a:${secret}%zz@127.0.0.1:1/d`],
    ['a % that encodes nothing, in the name', `postgres://a:${secret}@127.0.0.1:1/%d`],
    ['a parameter that the driver does not support', `postgres://a:${secret}@127.0.0.1:1/d?target_session_attrs=x`],
  ])('but with 2 where the URL itself makes no sense: %s', async (_, url) => {
    expectTold(await run(['query', '-v', '--database-url', url]), 2, /URL|database-url/);
  });
});

describe('a role without privileges exits with 13', () => {
  async function roleOn(rights: string): Promise<{ url: string; owner: string; role: string; schema: string }> {
    const role = `reader_${randomUUID().replaceAll('-', '')}`;
    const { database, drop } = await postgreSql.makeDatabase();
    const schema = new URL(database.url).searchParams.get('search_path') ?? '';
    expect(await run(['migrate', '--database-url', database.url])).toMatchObject({ code: 0 });
    const server = inject('postgresUrl');
    await onServer(server, `CREATE ROLE ${role} LOGIN PASSWORD '${secret}'`);
    if (rights !== '')
      await onServer(
        server,
        `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
        `GRANT ${rights} ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
      );
    onTestFinished(async () => {
      await drop();
      await onServer(server, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
    });
    const url = new URL(database.url);
    Object.assign(url, { username: role, password: secret });
    return { url: url.href, owner: database.url, role, schema };
  }

  it('to change anything, and may ask all the same', async () => {
    const { url } = await roleOn('SELECT');
    const esi = await openEsi({ regions: [10000002], contracts: 3 });
    expect(await run(['query', '-q', '--database-url', url])).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
    const pass = await run(['aggregate', '--contact', 'a@example.com', '--esi-url', esi.url, '--database-url', url]);
    expectTold(pass, 13, /lacks privileges/);
    expect(esi.requests.length).toBe(0);
  });

  it('to see the tables', async () => {
    const { url, role, schema } = await roleOn('');
    // Without USAGE, the schema is invisible.
    expect((await run(['query', '--database-url', url])).code).toBe(10);
    await onServer(inject('postgresUrl'), `GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    expectTold(await run(['query', '--database-url', url]), 13, /permission denied.*lacks privileges/);
  });

  it('to make tables', async () => {
    const { role } = await roleOn('');
    const empty = await postgreSql.makeDatabase();
    onTestFinished(empty.drop);
    const url = new URL(empty.database.url);
    const schema = url.searchParams.get('search_path');
    await onServer(inject('postgresUrl'), `GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    Object.assign(url, { username: role, password: secret });
    expectTold(await run(['migrate', '--database-url', url.href]), 13, /lacks privileges/);
    await onServer(inject('postgresUrl'), `REVOKE USAGE ON SCHEMA ${schema} FROM ${role}`);
  });
});

describe('a server whose disk is full', () => {
  it.each(['contracts', 'contract_backlog', 'region_sweeps', 'names'])(
    'when %s is written to ends the pass with 13; with room again one more pass makes good',
    async (table) => {
      const user = await newUser(postgreSql, { plainContracts: 40 });
      await user.run('migrate');
      const { url } = user.database;
      // The server's own words; a small disk would require root.
      await onServer(
        url,
        `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
        `CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION full_disk()`,
      );
      expectTold(await user.run('aggregate'), 13, /No space left on device/);
      const runs = await user.run('query', 'runs', '--format', 'json', '--fields', 'outcome,exit_code,error');
      expect(JSON.parse(runs.stdout)).toMatchObject([
        { outcome: 'failed', exit_code: 13, error: expect.stringContaining('No space left') },
      ]);
      await onServer(url, `DROP TRIGGER full_disk ON ${table}`);
      await user.aggregate();
      await user.expectEverything();
    },
  );
});
