import { isIP } from 'node:net';

/**
 * Connection URLs as drivers of databases and caches take them, with several hosts and commas between, which `URL` does
 * not read. Messages repeat nothing that may be a part of a password.
 */
export interface ConnectionUrl {
  readonly user: string;
  readonly password: string;
  /** Hosts with their ports, for {@link placesIn}. */
  readonly hosts: string;
  /** With its slash, not decoded; empty where there is none. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A host, or the folder of a socket, and a port where one is given. */
export interface Place {
  readonly host: string;
  readonly port: number | undefined;
}

const encode = 'write / ? # @ : % in a user name or a password as %2F %3F %23 %40 %3A %25';

/** @throws an Error whose message says what is wrong with a URL */
export function splitConnectionUrl(text: string): ConnectionUrl {
  const [, authority = '', rest = ''] = /^[^:]*:\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  const [path = '', query = ''] = rest.split(/\?(.*)/s, 2);
  if (/[@#]/.test(path) || (/@/.test(query) && !/password=/i.test(query))) {
    throw new Error(`has a "/", "?" or "#" in front of its host; ${encode}`);
  }
  if (/[#]/.test(query)) throw new Error(`has a "#", after which nothing is read; ${encode}`);
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

/** @throws when a % in a part of a URL begins no encoded character */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a % that begins no encoded character; a % itself is written %25');
  }
}

/**
 * Reads `a`, `a:5433`, `[::1]:5433`, `fd00::5`, `/run/postgresql`, and several of them with commas between.
 *
 * @param example of a whole URL, for messages
 */
export function placesIn(text: string, example: string): Place[] {
  if (text === '') return [];
  return text.split(',').map((place) => {
    const whole = decoded(place);
    if (whole.startsWith('/') || isIP(whole) === 6) return { host: whole, port: undefined };
    const [, bracketed, name = '', port] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(whole) ?? [];
    const host = bracketed ?? name;
    if ((bracketed === undefined && host === '') || (bracketed !== undefined && isIP(bracketed) !== 6)) {
      throw new Error(`names no host where one is due; for example ${example}`);
    }
    return { host, port: port === undefined || port === '' ? undefined : portOf(port) };
  });
}

/** @throws when a text is not the number of a port */
export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  // It is not repeated: what stands here may be the rest of a password.
  if (port < 1 || port > 65_535) throw new Error('has a port that is not a number from 1 to 65535');
  return port;
}

/** Hosts and ports for messages. */
export function placesText(places: readonly { readonly host: string; readonly port: number }[]): string {
  return places.map(({ host, port }) => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`).join(',');
}
