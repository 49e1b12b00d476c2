import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Downtime, parseDowntime } from './eve/downtime.ts';
import { parseDuration } from './time.ts';

/**
 * Readers of the values of settings. Each throws an Error whose message says what is wrong with the text, without
 * repeating what may hold a password.
 */

/** Where the database is. */
export type DatabaseLocation =
  | { readonly dialect: 'sqlite'; readonly path: string }
  | { readonly dialect: 'postgres'; readonly url: string };

export function parseDatabaseUrl(text: string): DatabaseLocation {
  if (/^postgres(ql)?:\/\//i.test(text)) {
    if (!URL.canParse(text)) throw new Error('is not a valid PostgreSQL URL');
    requireDecodable(new URL(text));
    return { dialect: 'postgres', url: text };
  }
  if (/^file:\/\//i.test(text)) return { dialect: 'sqlite', path: fileURLToPath(text) };
  const path = text.replace(/^(sqlite|file):/i, '').trim();
  // A scheme has two letters at least, so that a drive letter is none.
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) throw new Error('has a scheme that is not sqlite, file or postgres');
  if (path === '' || path === ':memory:' || path.includes('\0')) throw new Error('names no database file');
  return { dialect: 'sqlite', path: resolve(path) };
}

export function parseUrl(text: string, protocols: readonly string[]): URL {
  // The text itself is not repeated: it may hold a password.
  if (!URL.canParse(text)) throw new Error('is not a URL');
  const url = new URL(text);
  if (!protocols.includes(url.protocol))
    throw new Error(`must begin with ${protocols.map((p) => `${p}//`).join(' or ')}`);
  requireDecodable(url);
  return url;
}

/** Drivers decode these parts, and fail in ways of their own where they cannot. */
function requireDecodable({ username, password, hostname, pathname }: URL): void {
  try {
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part);
  } catch {
    throw new Error('has a % that begins no encoded character; a % itself is written %25');
  }
}

export function parseEsiUrl(text: string): URL {
  const url = parseUrl(text, ['http:', 'https:']);
  // The routes are public; what stands here would end up in messages.
  if (url.username !== '' || url.password !== '') throw new Error('may not hold a user name or a password');
  return url;
}

export function parseContact(text: string): string {
  // It becomes part of a header: visible ASCII only.
  if (!/^[\x20-\x7e]+$/.test(text)) throw new Error('may hold only visible ASCII characters');
  return text;
}

export function parseRegions(text: string): readonly string[] {
  const regions = text.split(',').map((region) => region.trim());
  if (regions.includes('')) throw new Error('holds an empty name');
  return regions;
}

export function parseCount(text: string, minimum: number, maximum: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= minimum && count <= maximum)) {
    throw new Error(`"${text}" is not a whole number from ${minimum} to ${maximum}`);
  }
  return count;
}

export function parseDurationSetting(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new Error(`"${text}" is not a duration with a unit (s, m, h, d)`);
  return milliseconds;
}

export function parseDowntimeSetting(text: string): Downtime | undefined {
  if (text.toLowerCase() === 'none') return undefined;
  const downtime = parseDowntime(text);
  if (downtime === undefined) throw new Error(`"${text}" is neither none nor a span within a day, as in HH:MM-HH:MM`);
  return downtime;
}

export function parseChoice<Choice extends string>(text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text.toLowerCase());
  if (choice === undefined) throw new Error(`"${text}" is none of ${choices.join(', ')}`);
  return choice;
}
