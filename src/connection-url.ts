import { isIP } from 'node:net';

/**
 * Connection URLs as drivers of databases and caches take them, with several hosts and commas between, which `URL` does
 * not support. Messages never contain what may be part of a password.
 */
export interface ConnectionUrl {
  readonly user: string;
  readonly password: string;
  /** Hosts with their ports, for {@link placesIn}. */
  readonly hosts: string;
  /** With its slash, not decoded; empty without a path. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A host, or the folder of a socket, and its port, if given. */
export interface Place {
  readonly host: string;
  readonly port: number | undefined;
}

const encode = 'encode / ? # @ : % in a user name or a password as %2F %3F %23 %40 %3A %25';

/** @throws an Error whose message says what is wrong with a URL */
export function splitConnectionUrl(text: string): ConnectionUrl {
  const [, authority = '', rest = ''] = /^[^:]*:\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  const [path = '', query = ''] = rest.split(/\?(.*)/s, 2);
  if (/[@#]/.test(path) || (/@/.test(query) && !/password=/i.test(query))) {
    throw new Error(`has a "/", "?" or "#" before its host; ${encode}`);
  }
  if (/[#]/.test(query)) throw new Error(`has a "#", which ends a URL; ${encode}`);
  const at = authority.lastIndexOf('@');
  const credentials = at < 0 ? '' : authority.slice(0, at);
  const colon = credentials.indexOf(':');
  const [user, password] = colon < 0 ? [credentials, ''] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
  return {
    user: decoded(user),
    password: decoded(password),
    hosts: authority.slice(at + 1),
    path,
    parameters: new Map(new URLSearchParams(query).entries()),
  };
}

/** @throws when a % does not begin an encoded character */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a % that does not begin an encoded character; encode % as %25');
  }
}

/**
 * Reads `a`, `a:5433`, `[::1]:5433`, `fd00::5`, `/run/postgresql`, and several of them with commas between.
 *
 * @param example of a whole URL, for messages; not needed if the setting's example is of the same kind
 */
export function placesIn(text: string, example?: string): Place[] {
  if (text === '') return [];
  return text.split(',').map((place) => {
    const whole = decoded(place);
    if (whole.startsWith('/') || isIP(whole) === 6) return { host: whole, port: undefined };
    const [, bracketed, name = '', port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(whole) ?? [];
    const host = bracketed ?? name;
    if ((bracketed === undefined && host === '') || (bracketed !== undefined && isIP(bracketed) !== 6)) {
      throw new Error(`has no host${example === undefined ? '' : `; for example ${example}`}`);
    }
    return { host, port: port === undefined || port === '' ? undefined : portOf(port) };
  });
}

/** @throws when the text is not a port number */
export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  // The text is not shown because it may be part of a password.
  if (port < 1 || port > 65_535) throw new Error('has a port that is not a number from 1 to 65535');
  return port;
}

/** Hosts and ports for messages. */
export function placesText(places: readonly { readonly host: string; readonly port: number }[]): string {
  return places.map(({ host, port }) => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`).join(',');
}
