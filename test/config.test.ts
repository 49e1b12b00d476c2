import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { flagProperty, readConfig, type SettingName, settings } from '../src/config.ts';
import { UsageError } from '../src/errors.ts';
import { temporaryFolder } from './helpers/temporary.ts';

const names = Object.keys(settings) as SettingName[];

function fromFlags(flags: Readonly<Record<string, unknown>>) {
  return readConfig(names, { flags, environment: {} });
}

function fromEnvironment(environment: Readonly<Record<string, string>>) {
  return readConfig(names, { flags: {}, environment });
}

function envFile(content: string): string {
  const path = join(temporaryFolder(), 'hangarbay.env');
  writeFileSync(path, content);
  return path;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('defaults', () => {
  it('are those of the documentation', () => {
    vi.stubEnv('XDG_DATA_HOME', '/data');
    expect(fromEnvironment({})).toEqual({
      databaseUrl: { dialect: 'sqlite', path: '/data/hangarbay/hangarbay.db' },
      cacheUrl: undefined,
      esiUrl: new URL('https://esi.evetech.net'),
      contact: undefined,
      regions: ['all'],
      concurrency: 20,
      maxRequests: undefined,
      maxDuration: undefined,
      resolve: 0,
      downtime: { from: 39_480_000, to: 40_500_000 },
      logLevel: undefined,
      logFormat: undefined,
    });
  });

  it.each(['', 'relative/path'])('the XDG data directory "%s" is ignored', (value) => {
    vi.stubEnv('XDG_DATA_HOME', value);
    const path = join(homedir(), '.local', 'share', 'hangarbay', 'hangarbay.db');
    expect(fromEnvironment({}).databaseUrl).toMatchObject({ path });
  });

  it('an empty variable is unset', () => {
    expect(fromEnvironment({ HANGARBAY_CONCURRENCY: '', HANGARBAY_REGIONS: '' })).toMatchObject({
      concurrency: 20,
      regions: ['all'],
    });
  });
});

describe('precedence', () => {
  it('is flag, environment, env file, default', () => {
    const file = envFile('HANGARBAY_CONCURRENCY=2\nHANGARBAY_CONTACT=file@example.com\nHANGARBAY_LOG_LEVEL=debug\n');
    const environment = { HANGARBAY_CONCURRENCY: '3', HANGARBAY_CONTACT: 'environment@example.com' };
    const flags = { envFile: file, concurrency: '4' };
    expect(readConfig(names, { flags, environment })).toMatchObject({
      concurrency: 4,
      contact: 'environment@example.com',
      logLevel: 'debug',
      regions: ['all'],
    });
  });

  it('an empty variable does not hide the env file', () => {
    const flags = { envFile: envFile('HANGARBAY_CONCURRENCY=2\n') };
    expect(readConfig(names, { flags, environment: { HANGARBAY_CONCURRENCY: '' } }).concurrency).toBe(2);
  });

  it('what a flag overrides need not be valid', () => {
    const environment = { HANGARBAY_CONCURRENCY: 'many' };
    expect(readConfig(names, { flags: { concurrency: '4' }, environment }).concurrency).toBe(4);
  });

  it('a setting that a command does not have is not read', () => {
    expect(readConfig(['databaseUrl'], { flags: {}, environment: { HANGARBAY_CONCURRENCY: 'many' } })).toEqual({
      databaseUrl: expect.objectContaining({ dialect: 'sqlite' }),
    });
  });
});

describe('env files', () => {
  it('have comments, quotes and other programs’ variables', () => {
    const content = '# comment\nexport HANGARBAY_CONTACT="a b"\nHANGARBAY_REGIONS=The Forge, Domain\nPATH=/bin\n';
    expect(fromFlags({ envFile: envFile(content) })).toMatchObject({
      contact: 'a b',
      regions: ['The Forge', 'Domain'],
    });
  });

  it('that cannot be read are refused by name', () => {
    const path = join(temporaryFolder(), 'none.env');
    expect(() => fromFlags({ envFile: path })).toThrow(UsageError);
    expect(() => fromFlags({ envFile: path })).toThrow(`--env-file: cannot read ${path}`);
  });

  it('with a misspelt setting of ours are refused, the value not shown', () => {
    const path = envFile('HANGARBAY_DATABASE_ULR=postgres://u:hunter2@h/d\n');
    expect(() => fromFlags({ envFile: path })).toThrow(/HANGARBAY_DATABASE_ULR.*HANGARBAY_DATABASE_URL/);
    expect(() => fromFlags({ envFile: path })).not.toThrow('hunter2');
  });
});

describe('values', () => {
  it.each([
    ['sqlite:/a/b.db', '/a/b.db'],
    ['SQLITE:/a/b.db', '/a/b.db'],
    ['file:/a/b.db', '/a/b.db'],
    ['file:///a/b%20c.db', '/a/b c.db'],
    ['/a/b.db', '/a/b.db'],
    ['sqlite:b.db', resolve('b.db')],
    ['b.db', resolve('b.db')],
    ['./some dir/b.db', resolve('some dir/b.db')],
  ])('the database %s is a file of SQLite', (text, path) => {
    expect(fromFlags({ databaseUrl: text }).databaseUrl).toEqual({ dialect: 'sqlite', path });
  });

  it.each(['postgres://u:p@h:5433/d', 'postgresql:///d?host=/run/postgresql', 'POSTGRES://h/d'])(
    'the database %s is one of PostgreSQL',
    (url) => {
      expect(fromFlags({ databaseUrl: url }).databaseUrl).toEqual({ dialect: 'postgres', url });
    },
  );

  it('regions are a list by commas, and by repeated flags', () => {
    expect(fromEnvironment({ HANGARBAY_REGIONS: 'The Forge, Domain,10000030' }).regions).toEqual([
      'The Forge',
      'Domain',
      '10000030',
    ]);
    expect(fromFlags({ region: ['The Forge', 'Domain'] }).regions).toEqual(['The Forge', 'Domain']);
  });

  it('durations, levels, formats and caches are read', () => {
    expect(
      fromEnvironment({
        HANGARBAY_MAX_DURATION: '25m',
        HANGARBAY_LOG_LEVEL: 'DEBUG',
        HANGARBAY_LOG_FORMAT: 'json',
        HANGARBAY_CACHE_URL: 'rediss://cache:6380/1',
        HANGARBAY_MAX_REQUESTS: '5000',
      }),
    ).toMatchObject({
      maxDuration: 1_500_000,
      logLevel: 'debug',
      logFormat: 'json',
      cacheUrl: { kind: 'server', places: [{ host: 'cache', port: 6380 }], database: 1, tls: {} },
      maxRequests: 5_000,
    });
  });
});

const bad: [SettingName, string][] = [
  ['databaseUrl', 'mysql://h/d'],
  ['databaseUrl', 'sqlite:'],
  ['databaseUrl', 'sqlite::memory:'],
  ['databaseUrl', 'postgres://h:port/d'],
  ['databaseUrl', 'file://elsewhere/b.db'],
  ['cacheUrl', 'http://h'],
  ['cacheUrl', 'localhost'],
  ['esiUrl', 'ftp://h'],
  ['esiUrl', 'esi.evetech.net'],
  ['contact', 'pilöt@example.com'],
  ['contact', 'a\nX-Evil: 1'],
  ['regions', ','],
  ['regions', 'Domain,,Heimatar'],
  ['concurrency', '0'],
  ['concurrency', '201'],
  ['concurrency', '1.5'],
  ['databaseConnections', '0'],
  ['databaseConnections', 'all'],
  ['maxRequests', '-1'],
  ['maxRequests', 'many'],
  ['maxDuration', '25'],
  ['maxDuration', 'soon'],
  ['metricsFile', '$HOME/hangarbay.prom'],
  ['pingUrl', 'hc-ping.com/uuid'],
  ['resolve', '-1'],
  ['resolve', 'some'],
  ['downtime', '11:15-10:58'],
  ['downtime', 'noon'],
  ['metricsFile', '$HOME/hangarbay.prom'],
  ['pingUrl', 'hc-ping.com/your-uuid'],
  ['logLevel', 'loud'],
  ['logFormat', 'xml'],
];

describe('a bad value', () => {
  it.each(bad)('of %s: %j is refused with the flag and an example that is valid', (name, value) => {
    const { flag } = settings[name];
    const message = messageOf(() => fromFlags({ [flagProperty(settings[name])]: value }));
    const [, problem, example] = new RegExp(`^${flag}: (.+); for example ${flag} (.+)$`).exec(message) ?? [];
    expect(problem).toBeTruthy();
    expect(() => fromFlags({ [flagProperty(settings[name])]: example?.replaceAll('"', '') })).not.toThrow();
  });

  it.each(bad)('of %s: %j is refused with the variable and an example that is valid', (name, value) => {
    const { environment } = settings[name];
    const message = messageOf(() => fromEnvironment({ [environment]: value }));
    const [, problem, example] =
      new RegExp(`^${environment}: (.+); for example ${environment}=(.+)$`).exec(message) ?? [];
    expect(problem).toBeTruthy();
    expect(() => fromEnvironment({ [environment]: example?.replaceAll('"', '') ?? '' })).not.toThrow();
  });

  it.each([
    'postgres://h:port/d',
    'POSTGRES://:5432/d',
    '"postgres://h/d"',
    'psql postgres://h/d',
    'host=h dbname=d',
    'hb:secret@h/d',
    'postgresql:/h/d',
    'mysql://h/d',
  ])('of a server %s has an example of a server', (value) => {
    const message = messageOf(() => fromEnvironment({ HANGARBAY_DATABASE_URL: value }));
    const example = 'HANGARBAY_DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE';
    expect(message.split('; for example ').slice(1)).toEqual([example]);
    expect(message.split('USER:PASSWORD')).toHaveLength(2);
  });

  it.each(names)('of %s has an example that a shell takes as one word', (name) => {
    const { environment } = settings[name];
    const message = messageOf(() => fromEnvironment({ [environment]: bad.find(([key]) => key === name)?.[1] ?? '' }));
    expect(message).toMatch(new RegExp(`for example ${environment}=(\\S+|"[^"]+"|'[^']+')$`));
  });

  it('is named with all others', () => {
    const given = { HANGARBAY_CONCURRENCY: 'many', HANGARBAY_LOG_LEVEL: 'loud' };
    const message = messageOf(() => readConfig(names, { flags: { maxDuration: '5' }, environment: given }));
    expect(message.split('\n').map((line) => line.split(':')[0])).toEqual([
      'HANGARBAY_CONCURRENCY',
      '--max-duration',
      'HANGARBAY_LOG_LEVEL',
    ]);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error('nothing was refused');
}
