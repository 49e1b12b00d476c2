import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const secret = 'hunter2';

it.each([
  ['--database-url', `mysql://hangarbay:${secret}@database.example/d`],
  ['--database-url', `postgres://hangarbay:${secret}@database.example:port/d`],
  ['--database-url', `hangarbay:${secret}@database.example/d`],
  ['--cache-url', `http://:${secret}@cache.example`],
  ['--cache-url', `redis//:${secret}@cache.example`],
  ['--cache-url', `redis+sentinel://:${secret}@cache.example`],
  ['--esi-url', `ftp://hangarbay:${secret}@esi.example`],
  ['--esi-url', `http//hangarbay:${secret}@esi.example`],
])('the password in a %s that cannot be used is never shown: %s', async (flag, value) => {
  const { code, stdout, stderr } = await run(['aggregate', '-v', flag, value]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(flag);
  expect(stderr).not.toContain(secret);
});

it.each(['query', 'migrate', 'aggregate'])(
  'the password of a database that is down is never shown: %s',
  async (command) => {
    const url = `postgres://hangarbay:${secret}@127.0.0.1:1/d`;
    const { code, stdout, stderr } = await run([command, '-v', '--database-url', url]);
    expect({ code, stdout }).toEqual({ code: 13, stdout: '' });
    expect(stderr).toContain('127.0.0.1');
    expect(stderr).not.toContain(secret);
  },
);

it('the password of a cache that is down is never shown, and the pass goes on', async () => {
  const esi = await openEsi({ contracts: 3, regions: [10000002] });
  const database = ['--database-url', join(temporaryFolder(), 'contracts.db')];
  const cache = ['--cache-url', `redis://:${secret}@127.0.0.1:1`];
  const { code, stdout, stderr } = await run(['aggregate', '-v', '--esi-url', esi.url, ...database, ...cache]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('cache');
  expect(stderr).not.toContain(secret);
});

it('a base URL with a password works or is refused as a setting, and the password is never shown', async () => {
  const esi = await openEsi({ contracts: 3, regions: [10000002] });
  const url = esi.url.replace('//', `//hangarbay:${secret}@`);
  const path = join(temporaryFolder(), 'contracts.db');
  const { code, stdout, stderr } = await run(['aggregate', '--database-url', path, '--esi-url', url]);
  expect(stdout + stderr).not.toContain(secret);
  // Other codes would blame ESI.
  expect([0, 2]).toContain(code);
});

it('the value of an unknown setting in an env file is never shown', async () => {
  const path = join(temporaryFolder(), 'hangarbay.env');
  writeFileSync(path, `HANGARBAY_DATABASE_PASSWORD=${secret}\n`);
  const { code, stdout, stderr } = await run(['migrate', '--env-file', path]);
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain(secret);
});

it.each([
  ['query', `postgres://a:${secret}%40%2F@127.0.0.1:1/d`, 13],
  ['query', `postgres://a:${secret}@127.0.0.1:1/d?password=${secret}`, 13],
  ['migrate', `postgres://a:${secret}@nowhere.invalid/d`, 13],
  ['migrate', `postgres://a:${secret}%zz@127.0.0.1:1/d`, 2],
  ['query', `postgres://a:${secret}@127.0.0.1:1/d?target_session_attrs=x`, 2],
  ['query', `postgres://a:${secret}@[::1/d`, 2],
])('a password is never shown, however the URL is written: %s %s', async (command, url, expectedCode) => {
  const { code, stdout, stderr } = await run([command, '-v', '--database-url', url]);
  expect({ code, stdout }).toEqual({ code: expectedCode, stdout: '' });
  expect(stderr).not.toContain(secret);
});

it.each([
  ['migrate', `--databse-url=postgres://a:${secret}@h/d`],
  ['query', `--databse-url=postgres://a:${secret}@${secret}@h/d?password=${secret}`],
  ['migrate', `postgres://a:${secret}@h/d`],
  ['query', `postgres://a:${secret}@h/d`],
  [`redis://:${secret}@h`],
  ['query', '--format', `postgres://h/d?user=a&password=${secret}`],
  ['query', '--limit', `postgres://${secret}@h/d`],
])('a password in a word that is in the wrong place is never shown: %s %s %s', async (...args) => {
  for (const HANGARBAY_LOG_FORMAT of ['json', 'pretty']) {
    const { code, stdout, stderr } = await run(args, { HANGARBAY_LOG_FORMAT });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/:\/\/(?:…@)?h/);
    expect(stderr).not.toContain(secret);
  }
});

it.each([
  `redis://:${secret}@127.0.0.1:1/7`,
  `redis://${secret}:${secret}%40@nowhere.invalid`,
  `rediss+cluster://:${secret}@127.0.0.1:1,127.0.0.1:2`,
  `redis+sentinel://:${secret}@127.0.0.1:1/m?sentinel_password=${secret}`,
])('nor that of a cache, in what is said or in the ledger: %s', async (url) => {
  const esi = await openEsi({ contracts: 1, regions: [10000002] });
  const path = join(temporaryFolder(), 'contracts.db');
  const args = ['--esi-url', esi.url, '--database-url', path, '--cache-url', url];
  const { code, stdout, stderr } = await run(['aggregate', '-v', ...args]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  const ledger = await run(['query', 'runs', '--database-url', path]);
  expect(ledger.code).toBe(0);
  expect(stderr + ledger.stdout).not.toContain(secret);
});
