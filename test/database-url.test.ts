import { rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../src/setting-values.ts';
import { labelOf, parsePostgresUrl } from '../src/store/postgres/address.ts';
import { makeFolder } from './helpers/temporary.ts';

const secret = 'hunter2';

describe('what only looks like a PostgreSQL connection', () => {
  test.each([
    [`"postgres://hb:${secret}@db.example/hb"`, 'quotation marks'],
    [`'postgres://hb:${secret}@db.example/hb'`, 'quotation marks'],
    ['"sqlite:/var/lib/hb.db"', 'quotation marks'],
    [`host=db user=hb password=${secret} dbname=hb`, 'key=value'],
    [`dbname=hb password='${secret}'`, 'quotation marks'],
    [`user=hb password=${secret}`, 'key=value'],
    [`psql postgres://hb:${secret}@db/hb`, 'begins with psql'],
    [`DATABASE_URL=postgres://hb:${secret}@db/hb`, 'name of a variable'],
    [`postgres//hb:${secret}@db/hb`, 'looks like a PostgreSQL URL'],
    [`postgres:/hb:${secret}@db/hb`, 'looks like a PostgreSQL URL'],
    [`postgre://hb:${secret}@db/hb`, 'looks like a PostgreSQL URL'],
    [`postgesql://hb:${secret}@db/hb`, 'not sqlite, file or postgres'],
    [`mysql://hb:${secret}@db/hb`, 'not sqlite, file or postgres'],
    [`jdbc:postgresql://db/hb?password=${secret}`, 'not sqlite, file or postgres'],
    [`hb:${secret}@db.example/hb`, 'user name and a password'],
    [`sqlite:/x\n${secret}`, 'line break'],
    [`postgres://hb:4711/${secret}@db.example/hb`, 'before its host'],
    [`postgres://hb:12#${secret}@db.example/hb`, 'before its host'],
    [`postgres://hb:a?${secret}@db.example/hb`, 'before its host'],
    [`postgres://hb:${secret}%zz@db.example/hb`, 'does not begin an encoded character'],
    [`postgres://hb:${secret}`, 'port'],
    [`postgres://hb@db:${secret}/hb`, 'port'],
    [`postgres://hb:${secret}@[nonsense]/hb`, 'has no host'],
    ['sqlite:$HOME/h.db', 'has a "$"'],
    ['~somebody/h.db', "another user's home"],
    ['file://db.example/h.db', 'has a host'],
    ['file:/x/h.db?mode=memory', 'supported are mode=ro'],
    ['sqlite:/x/h.db?cache=shared', 'supported are mode=ro'],
    [`file:/user:${secret}?${secret}`, 'supported are mode=ro'],
  ])('%s is refused in words, and nothing of it is shown', (text, words) => {
    const parse = () => parseDatabaseUrl(text);
    expect(parse).toThrow(words);
    expect(parse).not.toThrow(secret);
  });
});

describe('a database file', () => {
  test.each<[string, unknown]>([
    ['sqlite:/x/h.db', { dialect: 'sqlite', path: '/x/h.db' }],
    [' /x/h.db ', { dialect: 'sqlite', path: '/x/h.db' }],
    ['file:///x/h%20h.db', { dialect: 'sqlite', path: '/x/h h.db' }],
    ['file://localhost/x/h.db', { dialect: 'sqlite', path: '/x/h.db' }],
    ['~/h.db', { dialect: 'sqlite', path: join(homedir(), 'h.db') }],
    ['sqlite:~/h.db', { dialect: 'sqlite', path: join(homedir(), 'h.db') }],
    ['file:/x/h.db?immutable=1', { dialect: 'sqlite', path: '/x/h.db', access: { isImmutable: true } }],
    ['file:///x/h.db?mode=ro', { dialect: 'sqlite', path: '/x/h.db', access: { isReadOnly: true } }],
    ['file:/x/h.db?mode=rwc', { dialect: 'sqlite', path: '/x/h.db' }],
    ['/x/what?.db', { dialect: 'sqlite', path: '/x/what?.db' }],
  ])('%s', (text, location) => {
    expect(parseDatabaseUrl(text)).toEqual(location);
  });
});

describe("a PostgreSQL URL as libpq's users write it", () => {
  const folder = makeFolder();
  const certificate = join(folder, 'ca.pem');
  writeFileSync(certificate, 'a certificate');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each<[string, object]>([
    [
      'postgres://hb:a%2Fb@db.example:5433/hb',
      { hosts: ['db.example'], ports: [5433], user: 'hb', password: 'a/b', database: 'hb' },
    ],
    ['postgresql://hb:p@ss:w@db/hb', { hosts: ['db'], password: 'p@ss:w' }],
    ['postgres://hb@[::1]:5499/hb', { hosts: ['::1'], ports: [5499] }],
    ['postgres:///hb?host=fd00::5', { hosts: ['fd00::5'], ports: [5432] }],
    ['postgres:///hb?host=/run/postgresql', { socketFolder: '/run/postgresql', tls: false }],
    ['postgres://hb@%2Frun%2Fpostgresql/hb', { socketFolder: '/run/postgresql', user: 'hb' }],
    ['postgres://hb@/hb?host=/run/postgresql&port=5433', { socketFolder: '/run/postgresql', ports: [5433] }],
    ['postgres://a,b:5433/hb', { hosts: ['a', 'b'], ports: [5432, 5433] }],
    ['postgres:///hb?host=a,b&port=1,2', { hosts: ['a', 'b'], ports: [1, 2] }],
    ['postgres://db/hb?target_session_attrs=read-write', { targetSession: 'primary' }],
    ['postgres://db/hb?sslmode=disable', { tls: false }],
    ['postgres://db/hb?sslmode=allow', { tls: 'prefer' }],
    ['postgres://db/hb?sslmode=prefer', { tls: 'prefer' }],
    ['postgres://db/hb?sslmode=require&channel_binding=prefer', { tls: { rejectUnauthorized: false } }],
    [
      `postgres://db/hb?sslmode=require&sslrootcert=${certificate}`,
      { tls: { ca: 'a certificate', rejectUnauthorized: true } },
    ],
    [
      'postgres://db/hb?sslmode=verify-ca',
      { tls: { rejectUnauthorized: true, checkServerIdentity: expect.any(Function) } },
    ],
    [
      `postgres://db/hb?sslmode=verify-full&sslrootcert=${certificate}`,
      { tls: { ca: 'a certificate', rejectUnauthorized: true } },
    ],
    ['postgres://db/hb?sslrootcert=system', { tls: { rejectUnauthorized: true } }],
    ['postgres://db/hb?options=-c%20search_path%3Dhb', { parameters: { options: '-c search_path=hb' } }],
    ['postgres://db/hb?search_path=hb', { parameters: { search_path: 'hb' } }],
    [
      'postgres://db/hb?application_name=cron&keepalives=1&connect_timeout=3',
      { parameters: { application_name: 'cron' }, connectTimeoutSeconds: 3 },
    ],
    ['postgres://', { hosts: ['localhost'], ports: [5432], database: undefined, user: undefined }],
  ])('%s', (url, expected) => {
    expect(parsePostgresUrl(url, {})).toMatchObject(expected);
  });

  test.each([
    'channel_binding=require',
    'passfile=/x',
    'service=hb',
    'schema=x',
    'pgbouncer=true',
    'gssencmode=require',
    'hostaddr=::1',
    'keepalives=0',
  ])('refuses %s by its name', (parameter) => {
    expect(() => parsePostgresUrl(`postgres://db/hb?${parameter}`, {})).toThrow(parameter.split('=')[0]);
  });

  test.each([
    [{ PGSSLMODE: 'require' }, { tls: { rejectUnauthorized: false } }],
    [{ PGHOST: '/run/postgresql' }, { socketFolder: '/run/postgresql' }],
    [
      { PGHOST: 'fd00::5', PGPORT: '5433' },
      { hosts: ['fd00::5'], ports: [5433] },
    ],
    [
      { PGUSER: 'hb', PGPASSWORD: 'x', PGDATABASE: 'd' },
      { user: 'hb', password: 'x', database: 'd' },
    ],
    [{ PGOPTIONS: '-c statement_timeout=5s' }, { parameters: { options: '-c statement_timeout=5s' } }],
  ])('takes %o from the environment', (environment, expected) => {
    expect(parsePostgresUrl('postgres://', environment)).toMatchObject(expected);
  });

  test.each([{ PGSERVICE: 'hb' }, { PGCHANNELBINDING: 'require' }, { PGHOSTADDR: '::1' }, { PGSSLMODE: 'loud' }])(
    'passes over no wish of the environment in silence: %o',
    (environment) => {
      expect(() => parsePostgresUrl('postgres://db/hb', environment)).toThrow();
    },
  );

  test('is named in messages without its password', () => {
    expect(labelOf(`postgres://hb:${secret}@[::1]/hb`)).toBe('the database hb at [::1]:5432');
    expect(labelOf(`postgres://hb:${secret}@a,b:1/hb`)).toBe('the database hb at a:5432,b:1');
    expect(labelOf('postgres:///hb?host=/run/postgresql')).toBe('the database hb at /run/postgresql');
  });
});
