import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Downtime, parseDowntime } from './eve/downtime.ts';
import { homeFolder } from './folders.ts';
import type { DatabaseLocation, SqliteAccess } from './store/location.ts';
import { parsePostgresUrl } from './store/postgres/address.ts';
import { parseDuration } from './time.ts';

/**
 * Parsers of settings. Each throws an Error that says what is wrong with the text, without showing what may be a
 * password.
 */

export function parseDatabaseUrl(given: string): DatabaseLocation {
  const text = given.trim();
  refuseLookalikes(text);
  if (/^postgres(ql)?:\/\//i.test(text)) {
    parsePostgresUrl(text);
    return { dialect: 'postgres', url: text };
  }
  const [, scheme = '', rest = ''] = /^(?:(sqlite|file):)?(.*)$/is.exec(text) ?? [];
  const [named = '', query] = scheme === '' ? [rest] : rest.split(/\?(.*)/s, 2);
  const path = /^\/\//.test(named) ? pathOfFileUrl(`file:${named}`) : named.trim();
  // A scheme has at least two letters, unlike a drive letter.
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) throw new Error('has a scheme that is not sqlite, file or postgres');
  if (path === '' || path === ':memory:' || path.includes('\0')) throw new Error('has no path of a database file');
  if (path.includes('$'))
    throw new Error('has a "$": neither cron nor an env file expands variables; use an absolute path');
  if (/^~[^/]/.test(path)) throw new Error("begins with another user's home; use an absolute path");
  const inHome = path === '~' || path.startsWith('~/') ? join(homeFolder(), path.slice(1)) : path;
  return { dialect: 'sqlite', path: resolve(inHome), ...accessOf(query) };
}

/**
 * Forms of a PostgreSQL connection that would be taken for the name of a file, which would then contain the password.
 */
const lookalikes: readonly (readonly [RegExp, string])[] = [
  [/^["'`]|["'`]$/, 'is in quotation marks; remove them, because docker and systemd do not'],
  [/^psql\s/i, 'begins with psql; remove it and begin with postgres://'],
  [/^[A-Za-z_]\w*=\s*["']?\w+:\/\//, 'begins with the name of a variable; begin with postgres://'],
  [
    /(^|\s)(host|hostaddr|port|dbname|user|password|passfile|service|sslmode)\s*=/i,
    'is of the form key=value instead of a URL',
  ],
  [
    /^(?!postgres(ql)?:\/\/)\W*p\w{0,4}gres?\w*(\W*[/:]|$)/i,
    'looks like a PostgreSQL URL that does not begin with postgres://',
  ],
  [/^(?!postgres(ql)?:\/\/|sqlite:|file:).*:\/{2,}/is, 'has a scheme that is not sqlite, file or postgres'],
  [/^(?!postgres(ql)?:\/\/).*:[^/]*@/is, 'looks like a user name and a password; begin with postgres://'],
  [/\p{Cc}/u, 'has a control character or a line break'],
];

/** Whether a bad value looks like the address of a server rather than the path of a file. */
export function isMeantForServer(text: string): boolean {
  return (
    /gres|psql|@|\b(host|hostaddr|dbname|user|password)\s*=/i.test(text) || /^(?!sqlite:|file:)[^/]*:\/\//i.test(text)
  );
}

function refuseLookalikes(text: string): void {
  for (const [pattern, problem] of lookalikes) if (pattern.test(text)) throw new Error(problem);
}

function pathOfFileUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.host !== '' && url.host !== 'localhost')) {
    throw new Error('has a host; use three slashes before a path: file:///var/lib/hangarbay/hangarbay.db');
  }
  return fileURLToPath(`file://${url.pathname}`);
}

/** SQLite's own parameters of a file URI that concern how a file is opened. */
function accessOf(query: string | undefined): { readonly access?: SqliteAccess } {
  const access: { -readonly [Word in keyof SqliteAccess]: boolean } = {};
  for (const [name, value] of new URLSearchParams(query ?? '')) {
    if (name === 'immutable' && /^(1|true|yes|on)$/i.test(value)) access.isImmutable = true;
    else if (name === 'mode' && value === 'ro') access.isReadOnly = true;
    else if (
      !(name === 'mode' && /^rwc?$/.test(value)) &&
      !(name === 'immutable' && /^(0|false|no|off)$/i.test(value))
    ) {
      // The parameter is not shown because it may be part of a password.
      throw new Error('has an unsupported parameter; supported are mode=ro, mode=rw and immutable=1');
    }
  }
  return Object.keys(access).length === 0 ? {} : { access };
}

export function parseUrl(text: string, protocols: readonly string[]): URL {
  // The text is not shown because it may contain a password.
  if (!URL.canParse(text)) throw new Error('is not a URL');
  const url = new URL(text);
  if (!protocols.includes(url.protocol))
    throw new Error(`must begin with ${protocols.map((p) => `${p}//`).join(' or ')}`);
  requireDecodable(url);
  return url;
}

/** Drivers decode these parts, and fail with unclear errors if they cannot. */
function requireDecodable({ username, password, hostname, pathname }: URL): void {
  try {
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part);
  } catch {
    throw new Error('has a % that does not begin an encoded character; encode % as %25');
  }
}

export function parseEsiUrl(text: string): URL {
  const url = parseUrl(text, ['http:', 'https:']);
  // The routes are public, and credentials would appear in messages.
  if (url.username !== '' || url.password !== '') throw new Error('must not contain a user name or a password');
  return url;
}

/** The absolute path of a file. */
export function parsePath(text: string): string {
  const path = text.trim();
  if (path === '' || path.includes('\0')) throw new Error('is not the path of a file');
  if (path.startsWith('$'))
    throw new Error('has a "$": neither cron nor an env file expands variables; use an absolute path');
  return resolve(path.startsWith('~/') ? join(homeFolder(), path.slice(2)) : path);
}

export function parseContact(text: string): string {
  // It becomes part of a header: visible ASCII only.
  if (!/^[\x20-\x7e]+$/.test(text)) throw new Error('may contain only visible ASCII characters');
  return text;
}

export function parseRegions(text: string): readonly string[] {
  const regions = text.split(',').map((region) => region.trim());
  if (regions.includes('')) throw new Error('contains an empty name');
  return regions;
}

export function parseCount(text: string, minimum: number, maximum?: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= minimum && count <= (maximum ?? Number.MAX_SAFE_INTEGER)) return count;
  const range = maximum === undefined ? `of ${minimum} or more` : `from ${minimum} to ${maximum}`;
  throw new Error(`"${text}" is not a whole number ${range}`);
}

export function parseDurationSetting(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new Error(`"${text}" is not a duration with a unit (s, m, h, d)`);
  return milliseconds;
}

export function parseDowntimeSetting(text: string): Downtime | undefined {
  if (text.toLowerCase() === 'none') return undefined;
  const downtime = parseDowntime(text);
  if (downtime === undefined) throw new Error(`"${text}" is neither none nor a period within a day, as in HH:MM-HH:MM`);
  return downtime;
}

export function parseChoice<Choice extends string>(text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text.toLowerCase());
  if (choice === undefined) throw new Error(`"${text}" is not one of ${choices.join(', ')}`);
  return choice;
}
