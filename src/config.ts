import { join } from 'node:path';
import { readEnvFiles, withoutEmpty } from './env-file.ts';
import { messageOf, UsageError } from './errors.ts';
import { type Downtime, dailyDowntime, downtimeText } from './eve/downtime.ts';
import { readText } from './files.ts';
import { credentialsFile, dataFolder } from './folders.ts';
import {
  isMeantForServer,
  parseChoice,
  parseContact,
  parseCount,
  parseDatabaseUrl,
  parseDowntimeSetting,
  parseDurationSetting,
  parseEsiUrl,
  parsePath,
  parseRegions,
} from './setting-values.ts';
import type { DatabaseLocation } from './store/location.ts';
import { postgresExample } from './store/postgres/address.ts';
import { type CacheAddress, parseCacheUrl } from './validators/address.ts';
import { showControlCharacters } from './visible.ts';

/** A setting: its sources, its parser and its default. */
export interface Setting<Value> {
  readonly environment: string;
  readonly flag: string;
  readonly argument: string;
  readonly description: string;
  readonly example: string;
  /** A better example for a bad value of another form. */
  readonly exampleFor?: (bad: string) => string | undefined;
  /** Repeatable as a flag, comma-separated in the environment. */
  readonly repeatable?: boolean;
  /** Whether the variable with the suffix `_FILE` is the path of a file with the value, as for container secrets. */
  readonly mayBeInFile?: boolean;
  /** The possible values, if they can be listed. */
  readonly choices?: readonly string[];
  /** Parses the text, or throws an Error that says what is wrong with it. */
  readonly parse: (text: string) => Value;
  readonly fallback: () => Value;
  /** The default as shown in the help. */
  readonly fallbackText?: string;
}

function setting<Value>(definition: Setting<Value>): Setting<Value> {
  return definition;
}

const logLevels = ['error', 'warn', 'info', 'debug'] as const;
const logFormats = ['pretty', 'json', 'journal'] as const;
const publicEsi = 'https://esi.evetech.net';
const usualConcurrency = 20;

/** All settings, in the order of the help. */
export const settings = {
  databaseUrl: setting<DatabaseLocation>({
    environment: 'HANGARBAY_DATABASE_URL',
    flag: '--database-url',
    argument: '<url>',
    description: 'sqlite:PATH, file:PATH, a bare path, or postgres://…',
    example: 'sqlite:/var/lib/hangarbay/hangarbay.db',
    exampleFor: (bad) => (isMeantForServer(bad) ? postgresExample : undefined),
    mayBeInFile: true,
    parse: parseDatabaseUrl,
    fallback: () => ({ dialect: 'sqlite', path: join(dataFolder(), 'hangarbay.db') }),
    fallbackText: 'hangarbay/hangarbay.db in the XDG data directory',
  }),
  databaseConnections: setting<number | undefined>({
    environment: 'HANGARBAY_DATABASE_CONNECTIONS',
    flag: '--database-connections',
    argument: '<count>',
    description: 'maximum number of connections of a pass to a PostgreSQL server, plus one for the lock',
    example: '10',
    parse: (text) => parseCount(text, 1, 100),
    fallback: () => undefined,
    fallbackText: '10',
  }),
  cacheUrl: setting<CacheAddress | undefined>({
    environment: 'HANGARBAY_CACHE_URL',
    flag: '--cache-url',
    argument: '<url>',
    description:
      'where to store HTTP validators: redis://…, rediss://…, redis+sentinel://…, redis+cluster://… or unix:///PATH',
    example: 'redis://127.0.0.1:6379',
    mayBeInFile: true,
    parse: parseCacheUrl,
    fallback: () => undefined,
    fallbackText: 'the database itself',
  }),
  esiUrl: setting<URL>({
    environment: 'HANGARBAY_ESI_URL',
    flag: '--esi-url',
    argument: '<url>',
    description: 'base URL of ESI',
    example: publicEsi,
    parse: parseEsiUrl,
    fallback: () => new URL(publicEsi),
    fallbackText: publicEsi,
  }),
  contact: setting<string | undefined>({
    environment: 'HANGARBAY_CONTACT',
    flag: '--contact',
    argument: '<text>',
    description: 'contact for the User-Agent, as ESI asks: an e-mail address or a URL',
    example: 'pilot@example.com',
    parse: parseContact,
    fallback: () => undefined,
  }),
  regions: setting<readonly string[]>({
    environment: 'HANGARBAY_REGIONS',
    flag: '--region',
    argument: '<name or id>',
    description: 'name or id of a region; repeatable',
    example: 'The Forge',
    repeatable: true,
    parse: parseRegions,
    fallback: () => ['all'],
    fallbackText: 'all k-space regions',
  }),
  concurrency: setting<number>({
    environment: 'HANGARBAY_CONCURRENCY',
    flag: '--concurrency',
    argument: '<count>',
    description: 'simultaneous requests',
    example: String(usualConcurrency),
    parse: (text) => parseCount(text, 1, 200),
    fallback: () => usualConcurrency,
    fallbackText: String(usualConcurrency),
  }),
  maxRequests: setting<number | undefined>({
    environment: 'HANGARBAY_MAX_REQUESTS',
    flag: '--max-requests',
    argument: '<count>',
    description: 'stop cleanly after this many requests',
    example: '5000',
    parse: (text) => parseCount(text, 1, 1_000_000_000),
    fallback: () => undefined,
  }),
  maxDuration: setting<number | undefined>({
    environment: 'HANGARBAY_MAX_DURATION',
    flag: '--max-duration',
    argument: '<duration>',
    description: 'stop cleanly after this duration',
    example: '25m',
    parse: parseDurationSetting,
    fallback: () => undefined,
  }),
  resolve: setting<number>({
    environment: 'HANGARBAY_RESOLVE',
    flag: '--resolve',
    argument: '<count>',
    description:
      'maximum number of requests for the outcomes of contracts that left before their expiry; each costs an error',
    example: '50',
    parse: (text) => parseCount(text, 0, 10_000),
    fallback: () => 0,
    fallbackText: '0',
  }),
  downtime: setting<Downtime | undefined>({
    environment: 'HANGARBAY_DOWNTIME',
    flag: '--downtime',
    argument: '<span>',
    description: "ESI's daily downtime in UTC; no requests are sent during this window; none disables it",
    example: downtimeText(dailyDowntime),
    parse: parseDowntimeSetting,
    fallback: () => dailyDowntime,
    fallbackText: downtimeText(dailyDowntime),
  }),
  metricsFile: setting<string | undefined>({
    environment: 'HANGARBAY_METRICS_FILE',
    flag: '--metrics-file',
    argument: '<path>',
    description: 'Prometheus text file, replaced atomically after every pass',
    example: '/var/lib/prometheus/node-exporter/hangarbay.prom',
    parse: parsePath,
    fallback: () => undefined,
  }),
  pingUrl: setting<URL | undefined>({
    environment: 'HANGARBAY_PING_URL',
    flag: '--ping-url',
    argument: '<url>',
    description: 'URL to ping at the start and end of every pass, in the style of healthchecks.io',
    example: 'https://hc-ping.com/your-uuid',
    mayBeInFile: true,
    parse: parseEsiUrl,
    fallback: () => undefined,
  }),
  logLevel: setting<LogLevel | undefined>({
    environment: 'HANGARBAY_LOG_LEVEL',
    flag: '--log-level',
    argument: '<level>',
    description: 'error, warn, info or debug',
    example: 'info',
    choices: logLevels,
    parse: (text) => parseChoice(text, logLevels),
    fallback: () => undefined,
    fallbackText: 'info on a terminal, warn otherwise',
  }),
  logFormat: setting<LogFormat | undefined>({
    environment: 'HANGARBAY_LOG_FORMAT',
    flag: '--log-format',
    argument: '<format>',
    description: 'pretty, json or journal',
    example: 'json',
    choices: logFormats,
    parse: (text) => parseChoice(text, logFormats),
    fallback: () => undefined,
    fallbackText: 'pretty on a terminal, journal under systemd, json otherwise',
  }),
} as const;

export type LogLevel = (typeof logLevels)[number];
export type LogFormat = (typeof logFormats)[number];

export type SettingName = keyof typeof settings;
export type Config<Name extends SettingName = SettingName> = {
  readonly [Key in Name]: (typeof settings)[Key] extends Setting<infer Value> ? Value : never;
};

/** Flags and environment, not validated. */
export interface RawSettings {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Reads the given settings; flags take precedence over the environment, then env files, then defaults.
 *
 * @throws {UsageError} with all bad values at once
 */
export function readConfig<Name extends SettingName>(names: readonly Name[], raw: RawSettings): Config<Name> {
  const problems: string[] = [];
  const environment = {
    ...readEnvFiles([credentialsFile() ?? [], raw.flags.envFile ?? []].flat(), knownVariables(), problems),
    ...withoutEmpty(raw.environment),
  };
  const config: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    const definition: Setting<unknown> = settings[name];
    const flag = raw.flags[flagProperty(definition)];
    let source = flag === undefined ? definition.environment : definition.flag;
    let given: string | undefined;
    try {
      const inFile = flag === undefined ? valueInFile(definition, environment) : undefined;
      if (inFile !== undefined) source = fileVariable(definition);
      given = flag === undefined ? (inFile ?? environment[definition.environment]) : [flag].flat().join(',');
      config[name] = given === undefined ? definition.fallback() : definition.parse(given);
    } catch (error) {
      const problem = showControlCharacters(messageOf(error));
      const example = definition.exampleFor?.(given ?? '') ?? definition.example;
      const assigned = assignmentOf({ ...definition, example }, flag === undefined ? 'variable' : 'flag');
      problems.push(`${source}: ${problem}; for example ${assigned}`);
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return config as Config<Name>;
}

/** The variables that an env file may set. */
function knownVariables(): string[] {
  return Object.values(settings).flatMap((definition: Setting<unknown>) =>
    definition.mayBeInFile === true ? [definition.environment, fileVariable(definition)] : definition.environment,
  );
}

const fileVariable = ({ environment }: Setting<unknown>) => `${environment}_FILE`;

/** The contents of the file in `…_FILE`, without a final line break. */
function valueInFile(definition: Setting<unknown>, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = fileVariable(definition);
  const path = definition.mayBeInFile === true ? environment[variable] : undefined;
  if (path === undefined) return undefined;
  if (environment[definition.environment] !== undefined)
    throw new Error(`is set together with ${variable}; remove one of them`);
  try {
    return readText(path).trim();
  } catch (error) {
    throw new Error(`${variable}: cannot read ${path}: ${messageOf(error)}`);
  }
}

/** The property of commander's flag value: `databaseUrl` for `--database-url`. */
export function flagProperty({ flag }: Pick<Setting<unknown>, 'flag'>): string {
  return flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function assignmentOf({ environment, flag, example }: Setting<unknown>, as: 'flag' | 'variable'): string {
  const quoted = example.includes(' ') ? `"${example}"` : example;
  return as === 'flag' ? `${flag} ${quoted}` : `${environment}=${quoted}`;
}
