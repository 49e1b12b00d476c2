import { readFileSync } from 'node:fs';
import { decoded, placesIn, placesText, portOf, splitConnectionUrl } from '../../connection-url.ts';
import { messageOf } from '../../errors.ts';

/** Where a server is and how it is talked to, as libpq's users write it in a URL and in `PG…` variables. */
export interface PostgresAddress {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  /** Of a Unix socket, in the place of a host. */
  readonly socketFolder: string | undefined;
  readonly database: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tls: TlsSettings;
  /** Which of the servers is meant; undefined where any will do. */
  readonly targetSession: TargetSession | undefined;
  /** Parameters that the server itself is told, such as `options`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly connectTimeoutSeconds: number;
}

/** `prefer` takes what the server offers; an object is Node's own options for TLS. */
export type TlsSettings = false | 'prefer' | Readonly<Record<string, unknown>>;

/** Parameters of a URL by the variables that stand in for them where the URL does not say. */
const variables = {
  host: 'PGHOST',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  channel_binding: 'PGCHANNELBINDING',
  gssencmode: 'PGGSSENCMODE',
  hostaddr: 'PGHOSTADDR',
  service: 'PGSERVICE',
  requiressl: 'PGREQUIRESSL',
  sslcrl: 'PGSSLCRL',
  require_auth: 'PGREQUIREAUTH',
} as const;

/** Parameters that are understood, besides {@link variables}, with the values that ask for nothing we do not do. */
const harmless: Readonly<Record<string, RegExp>> = {
  channel_binding: /^(disable|prefer)$/,
  gssencmode: /^(disable|prefer)$/,
  requiressl: /^0$/,
  keepalives: /^1$/,
  keepalives_idle: /^\d+$/,
  keepalives_interval: /^\d+$/,
  keepalives_count: /^\d+$/,
  tcp_user_timeout: /^\d+$/,
  sslcompression: /^0$/,
  sslnegotiation: /^postgres$/,
  client_encoding: /^(utf-?8|auto)$/i,
  fallback_application_name: /./,
  load_balance_hosts: /^disable$/,
};
const example = 'postgres://USER:PASSWORD@HOST:5432/DATABASE';
const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

export type TargetSession = 'primary' | 'standby' | 'prefer-standby';

/**
 * libpq asks whether a session can write. The driver has these words too, but asks for the setting
 * `default_transaction_read_only`, which is off on a hot standby as well.
 */
const targets: Readonly<Record<string, TargetSession | undefined>> = {
  any: undefined,
  'read-write': 'primary',
  'read-only': 'standby',
  primary: 'primary',
  standby: 'standby',
  'prefer-standby': 'prefer-standby',
};

/**
 * Reads a URL. Everything that it asks for is done, or refused by its name.
 *
 * @throws an Error whose message says what is wrong, without repeating what may be a password
 */
export function parsePostgresUrl(text: string, environment: NodeJS.ProcessEnv = process.env): PostgresAddress {
  const { user, password, hosts: inAuthority, path, parameters: given } = splitConnectionUrl(text);
  const asked = (name: keyof typeof variables) => given.get(name) || environment[variables[name]] || undefined;

  const named = placesIn(inAuthority || (asked('host') ?? ''), example);
  const hosts = named.map(({ host }) => host);
  const defaultPorts = (asked('port') ?? '5432').split(',').map(portOf);
  const ports = named.map(({ port }, index) => port ?? defaultPorts[index] ?? defaultPorts[0] ?? 5432);
  const [socketFolder] = hosts.filter((host) => host.startsWith('/'));
  if (socketFolder !== undefined && hosts.length > 1)
    throw new Error('names a socket and other hosts; name one socket');
  refuseUnknown(given, environment);
  const target = asked('target_session_attrs');
  if (target !== undefined && !Object.hasOwn(targets, target)) {
    throw new Error(`target_session_attrs must be one of ${Object.keys(targets).join(', ')}`);
  }
  const timeout = Number(asked('connect_timeout') ?? '10');
  return {
    hosts: hosts.length === 0 ? ['localhost'] : hosts,
    ports: hosts.length === 0 ? [defaultPorts[0] ?? 5432] : ports,
    socketFolder,
    database: decoded(path.replace(/^\//, '')) || asked('dbname'),
    user: user || asked('user'),
    password: password || asked('password'),
    tls: socketFolder === undefined ? tlsOf(asked) : false,
    targetSession: target === undefined ? undefined : targets[target],
    parameters: { ...parametersOf(asked), ...serverSettings(given) },
    connectTimeoutSeconds: timeout > 0 ? Math.max(timeout, 2) : 10,
  };
}

/** Of the database for messages, without a password. */
export function labelOf(url: string): string {
  const { hosts, ports, socketFolder, database } = parsePostgresUrl(url);
  const places = placesText(hosts.map((host, index) => ({ host, port: ports[index] ?? 5432 })));
  return `the database ${database ?? '(default)'} at ${socketFolder ?? places}`;
}

/** Of other libraries, or of libpq where nothing here does it. Whatever else is no parameter of ours is the server's. */
const unsupported = [
  ...['hostaddr', 'service', 'servicefile', 'passfile', 'sslcrl', 'sslcrldir', 'sslpassword', 'sslcertmode', 'sslsni'],
  ...[
    'require_auth',
    'requirepeer',
    'krbsrvname',
    'gsslib',
    'gssdelegation',
    'replication',
    'ssl_min_protocol_version',
  ],
  ...['ssl_max_protocol_version', 'schema', 'pgbouncer', 'connection_limit', 'pool_timeout', 'sslaccept', 'ssl', 'max'],
];

function refuseUnknown(given: ReadonlyMap<string, string>, environment: NodeJS.ProcessEnv): void {
  const refuse = (name: string) => {
    throw new Error(`asks for ${name}, which hangarbay cannot do; leave it out or give it another value`);
  };
  for (const [name, value] of given) {
    if (unsupported.includes(name) || harmless[name]?.test(value) === false) refuse(name);
  }
  for (const [name, variable] of Object.entries(variables)) {
    const value = environment[variable];
    if (value && (unsupported.includes(name) || harmless[name]?.test(value) === false)) refuse(variable);
  }
}

/** What is left for the server: its own settings, such as `search_path`. */
function serverSettings(given: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...given].filter(([name]) => !(name in variables) && harmless[name] === undefined));
}

type Asked = (name: keyof typeof variables) => string | undefined;

function tlsOf(asked: Asked): TlsSettings {
  const rootCertificate = asked('sslrootcert');
  const mode = asked('sslmode') ?? (rootCertificate === 'system' ? 'verify-full' : 'disable');
  if (!modes.includes(mode)) throw new Error(`sslmode must be one of ${modes.join(', ')}`);
  if (mode === 'disable') return false;
  if (mode === 'allow' || mode === 'prefer') return 'prefer';
  const ca =
    rootCertificate === undefined || rootCertificate === 'system' ? undefined : fileOf('sslrootcert', rootCertificate);
  const [certificate, key] = [asked('sslcert'), asked('sslkey')];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: fileOf('sslcert', certificate) }),
    ...(key === undefined ? {} : { key: fileOf('sslkey', key) }),
    // As libpq has it: without a root certificate `require` asks for TLS and for nobody's word.
    rejectUnauthorized: mode !== 'require' || ca !== undefined,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

function fileOf(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${parameter}: cannot read ${path}: ${messageOf(error)}`);
  }
}

function parametersOf(asked: Asked): Record<string, string> {
  const options = asked('options');
  return {
    application_name: asked('application_name') ?? 'hangarbay',
    ...(options === undefined ? {} : { options }),
  };
}
