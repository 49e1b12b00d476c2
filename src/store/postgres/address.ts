import { readFileSync } from 'node:fs';
import { decoded, placesIn, placesText, portOf, splitConnectionUrl } from '../../connection-url.ts';
import { messageOf } from '../../errors.ts';

/** A server's address and connection settings, as libpq accepts them in URLs and `PG…` variables. */
export interface PostgresAddress {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  /** The folder of a Unix socket, instead of a host. */
  readonly socketFolder: string | undefined;
  readonly database: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tls: TlsSettings;
  /** The kind of server to connect to; undefined for any. */
  readonly targetSession: TargetSession | undefined;
  /** Parameters for the server itself, such as `options`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly connectTimeoutSeconds: number;
}

/** `prefer` uses TLS if the server offers it; an object has Node's TLS options. */
export type TlsSettings = false | 'prefer' | Readonly<Record<string, unknown>>;

/** URL parameters with the variables that are used when the URL does not set them. */
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

/** Other accepted parameters, with the values that need no action. */
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
/** The form of a URL, for messages. */
export const postgresExample = 'postgres://USER:PASSWORD@HOST:5432/DATABASE';
const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

export type TargetSession = 'primary' | 'standby' | 'prefer-standby';

/**
 * libpq tests whether a session can write. The driver accepts these words too, but reads
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
 * Parses a URL. Everything in it is either supported or rejected by name.
 *
 * @throws an Error with a message that never contains what may be a password
 */
export function parsePostgresUrl(text: string, environment: NodeJS.ProcessEnv = process.env): PostgresAddress {
  const { user, password, hosts: inAuthority, path, parameters: given } = splitConnectionUrl(text);
  const settingOf = (name: keyof typeof variables) => given.get(name) || environment[variables[name]] || undefined;

  const named = placesIn(inAuthority || (settingOf('host') ?? ''));
  const hosts = named.map(({ host }) => host);
  const defaultPorts = (settingOf('port') ?? '5432').split(',').map(portOf);
  const ports = named.map(({ port }, index) => port ?? defaultPorts[index] ?? defaultPorts[0] ?? 5432);
  const [socketFolder] = hosts.filter((host) => host.startsWith('/'));
  if (socketFolder !== undefined && hosts.length > 1) throw new Error('has a socket and other hosts; use one socket');
  refuseUnknown(given, environment);
  const target = settingOf('target_session_attrs');
  if (target !== undefined && !Object.hasOwn(targets, target)) {
    throw new Error(`target_session_attrs must be one of ${Object.keys(targets).join(', ')}`);
  }
  const timeout = Number(settingOf('connect_timeout') ?? '10');
  return {
    hosts: hosts.length === 0 ? ['localhost'] : hosts,
    ports: hosts.length === 0 ? [defaultPorts[0] ?? 5432] : ports,
    socketFolder,
    database: decoded(path.replace(/^\//, '')) || settingOf('dbname'),
    user: user || settingOf('user'),
    password: password || settingOf('password'),
    tls: socketFolder === undefined ? tlsOf(settingOf) : false,
    targetSession: target === undefined ? undefined : targets[target],
    parameters: { ...parametersOf(settingOf), ...serverSettings(given) },
    connectTimeoutSeconds: timeout > 0 ? Math.max(timeout, 2) : 10,
  };
}

/** The database's name for messages, without a password. */
export function labelOf(url: string): string {
  const { hosts, ports, socketFolder, database } = parsePostgresUrl(url);
  const places = placesText(hosts.map((host, index) => ({ host, port: ports[index] ?? 5432 })));
  return `the database ${database ?? '(default)'} at ${socketFolder ?? places}`;
}

/**
 * Parameters of other libraries, or of libpq, that are not supported. All other unknown parameters are passed to the
 * server.
 */
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
    throw new Error(`has the unsupported parameter ${name}; remove it or change its value`);
  };
  for (const [name, value] of given) {
    if (unsupported.includes(name) || harmless[name]?.test(value) === false) refuse(name);
  }
  for (const [name, variable] of Object.entries(variables)) {
    const value = environment[variable];
    if (value && (unsupported.includes(name) || harmless[name]?.test(value) === false)) refuse(variable);
  }
}

/** The remaining parameters are the server's settings, such as `search_path`. */
function serverSettings(given: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...given].filter(([name]) => !(name in variables) && harmless[name] === undefined));
}

type SettingOf = (name: keyof typeof variables) => string | undefined;

function tlsOf(settingOf: SettingOf): TlsSettings {
  const rootCertificate = settingOf('sslrootcert');
  const mode = settingOf('sslmode') ?? (rootCertificate === 'system' ? 'verify-full' : 'disable');
  if (!modes.includes(mode)) throw new Error(`sslmode must be one of ${modes.join(', ')}`);
  if (mode === 'disable') return false;
  if (mode === 'allow' || mode === 'prefer') return 'prefer';
  const ca =
    rootCertificate === undefined || rootCertificate === 'system' ? undefined : fileOf('sslrootcert', rootCertificate);
  const [certificate, key] = [settingOf('sslcert'), settingOf('sslkey')];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: fileOf('sslcert', certificate) }),
    ...(key === undefined ? {} : { key: fileOf('sslkey', key) }),
    // Like libpq: without a root certificate, `require` uses TLS without verification.
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

function parametersOf(settingOf: SettingOf): Record<string, string> {
  const options = settingOf('options');
  return {
    application_name: settingOf('application_name') ?? 'hangarbay',
    ...(options === undefined ? {} : { options }),
  };
}
