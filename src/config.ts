import { join } from 'node:path';
import { readEnvFiles, withoutEmpty } from './env-file.ts';
import { messageOf, UsageError } from './errors.ts';
import { type Downtime, dailyDowntime, downtimeText } from './eve/downtime.ts';
import { readText } from './files.ts';
import { credentialsFile, dataFolder } from './folders.ts';
import {
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
import { type CacheAddress, parseCacheUrl } from './validators/address.ts';
import { showControlCharacters } from './visible.ts';

/** One setting: where it may be given, how it is read, what it is when nobody says. */
export interface Setting<Value> {
  readonly environment: string;
  readonly flag: string;
  readonly argument: string;
  readonly description: string;
  readonly example: string;
  /** May be given several times as a flag, and as a comma-separated list in the environment. */
  readonly repeatable?: boolean;
  /** Whether the variable with `_FILE` behind its name gives a file that holds the value, as secrets of containers are. */
  readonly mayBeInFile?: boolean;
  /** The values that it may have, where they can be listed. */
  readonly choices?: readonly string[];
  /** Reads the text or throws an Error whose message says what is wrong with it. */
  readonly parse: (text: string) => Value;
  readonly fallback: () => Value;
  /** How the help names the default. */
  readonly fallbackText?: string;
}

function setting<Value>(definition: Setting<Value>): Setting<Value> {
  return definition;
}

const logLevels = ['error', 'warn', 'info', 'debug'] as const;
const logFormats = ['pretty', 'json', 'journal'] as const;
const publicEsi = 'https://esi.evetech.net';
const usualConcurrency = 20;

/** Every setting of the program, in the order the help shows them. */
export const settings = {
  databaseUrl: setting<DatabaseLocation>({
    environment: 'HANGARBAY_DATABASE_URL',
    flag: '--database-url',
    argument: '<url>',
    description: 'sqlite:PATH, file:PATH, a bare path, or postgres://…',
    example: 'sqlite:/var/lib/hangarbay/hangarbay.db',
    mayBeInFile: true,
    parse: parseDatabaseUrl,
    fallback: () => ({ dialect: 'sqlite', path: join(dataFolder(), 'hangarbay.db') }),
    fallbackText: 'hangarbay/hangarbay.db in the XDG data directory',
  }),
  databaseConnections: setting<number | undefined>({
    environment: 'HANGARBAY_DATABASE_CONNECTIONS',
    flag: '--database-connections',
    argument: '<count>',
    description: 'connections of a pass to a PostgreSQL server at most, besides one for the lock',
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
      'where HTTP validators live: redis://…, rediss://…, redis+sentinel://…, redis+cluster://… or unix:///PATH',
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
    description: 'e-mail or URL put in the User-Agent, as ESI asks',
    example: 'pilot@example.com',
    parse: parseContact,
    fallback: () => undefined,
  }),
  regions: setting<readonly string[]>({
    environment: 'HANGARBAY_REGIONS',
    flag: '--region',
    argument: '<name or id>',
    description: 'region, by its name or id; repeatable',
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
    description: 'stop cleanly after this time',
    example: '25m',
    parse: parseDurationSetting,
    fallback: () => undefined,
  }),
  resolve: setting<number>({
    environment: 'HANGARBAY_RESOLVE',
    flag: '--resolve',
    argument: '<count>',
    description: 'requests spent on the outcome of contracts that went before their end; each costs an error',
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
    description: 'Prometheus text file, replaced in one step after every pass',
    example: '/var/lib/prometheus/node-exporter/hangarbay.prom',
    parse: parsePath,
    fallback: () => undefined,
  }),
  pingUrl: setting<URL | undefined>({
    environment: 'HANGARBAY_PING_URL',
    flag: '--ping-url',
    argument: '<url>',
    description: 'told of the start and the end of every pass, as healthchecks.io is',
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

/** What was typed and what stands in the environment, not yet trusted. */
export interface RawSettings {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Reads the named settings: flag before environment before env file before default.
 *
 * @throws {UsageError} that lists every bad value at once, so that nobody has to mend them one run at a time
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
    try {
      const inFile = flag === undefined ? valueInFile(definition, environment) : undefined;
      if (inFile !== undefined) source = fileVariable(definition);
      const given = flag === undefined ? (inFile ?? environment[definition.environment]) : [flag].flat().join(',');
      config[name] = given === undefined ? definition.fallback() : definition.parse(given);
    } catch (error) {
      const problem = showControlCharacters(messageOf(error));
      problems.push(
        `${source}: ${problem}; for example ${exampleOf(definition, flag === undefined ? 'variable' : 'flag')}`,
      );
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return config as Config<Name>;
}

/** The variables that an env file may set for us. */
function knownVariables(): string[] {
  return Object.values(settings).flatMap((definition: Setting<unknown>) =>
    definition.mayBeInFile === true ? [definition.environment, fileVariable(definition)] : definition.environment,
  );
}

const fileVariable = ({ environment }: Setting<unknown>) => `${environment}_FILE`;

/** The value in the file that `…_FILE` names, without the line break that editors and `echo` put behind it. */
function valueInFile(definition: Setting<unknown>, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = fileVariable(definition);
  const path = definition.mayBeInFile === true ? environment[variable] : undefined;
  if (path === undefined) return undefined;
  if (environment[definition.environment] !== undefined)
    throw new Error(`is set beside ${variable}; leave out one of them`);
  try {
    return readText(path).trim();
  } catch (error) {
    throw new Error(`${variable}: cannot read ${path}: ${messageOf(error)}`);
  }
}

/** The property under which commander hands over the flag's value: `--database-url` is `databaseUrl`. */
export function flagProperty({ flag }: Pick<Setting<unknown>, 'flag'>): string {
  return flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function exampleOf({ environment, flag, example }: Setting<unknown>, as: 'flag' | 'variable'): string {
  const quoted = example.includes(' ') ? `"${example}"` : example;
  return as === 'flag' ? `${flag} ${quoted}` : `${environment}=${quoted}`;
}
