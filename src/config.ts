import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { messageOf, UsageError } from './errors.ts';
import { type Downtime, dailyDowntime, downtimeText } from './eve/downtime.ts';
import { readEncodedText, readText } from './files.ts';
import { dataFolder } from './folders.ts';
import {
  type DatabaseLocation,
  parseCacheUrl,
  parseChoice,
  parseContact,
  parseCount,
  parseDatabaseUrl,
  parseDowntimeSetting,
  parseDurationSetting,
  parseEsiUrl,
  parseRegions,
} from './setting-values.ts';
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
const logFormats = ['pretty', 'json'] as const;
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
  cacheUrl: setting<URL | undefined>({
    environment: 'HANGARBAY_CACHE_URL',
    flag: '--cache-url',
    argument: '<url>',
    description: 'where HTTP validators live: redis://…, rediss://… or unix:///PATH',
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
  downtime: setting<Downtime | undefined>({
    environment: 'HANGARBAY_DOWNTIME',
    flag: '--downtime',
    argument: '<span>',
    description: "ESI's daily downtime in UTC, in which nothing is asked; none for an ESI without",
    example: downtimeText(dailyDowntime),
    parse: parseDowntimeSetting,
    fallback: () => dailyDowntime,
    fallbackText: downtimeText(dailyDowntime),
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
    description: 'pretty or json',
    example: 'json',
    choices: logFormats,
    parse: (text) => parseChoice(text, logFormats),
    fallback: () => undefined,
    fallbackText: 'pretty on a terminal, json otherwise',
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
  const environment = { ...readEnvFiles(raw.flags.envFile, problems), ...withoutEmpty(raw.environment) };
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
      problems.push(`${source}: ${problem}; for example ${exampleOf(definition, flag !== undefined)}`);
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return config as Config<Name>;
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

function exampleOf({ environment, flag, example }: Setting<unknown>, asFlag: boolean): string {
  const quoted = example.includes(' ') ? `"${example}"` : example;
  return asFlag ? `${flag} ${quoted}` : `${environment}=${quoted}`;
}

function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** Several files add up; of a name that stands in more than one, the last counts. */
function readEnvFiles(paths: unknown, problems: string[]): NodeJS.ProcessEnv {
  const given = [paths ?? []].flat().map(String);
  return Object.assign({}, ...given.map((path) => readEnvFile(path, problems)));
}

function readEnvFile(path: string, problems: string[]): NodeJS.ProcessEnv {
  let text: string;
  try {
    text = readEncodedText(path);
  } catch (error) {
    problems.push(`--env-file: cannot read ${path}: ${messageOf(error)}; for example --env-file /etc/hangarbay.env`);
    return {};
  }
  const known = Object.values(settings).flatMap((definition: Setting<unknown>) =>
    definition.mayBeInFile === true ? [definition.environment, fileVariable(definition)] : definition.environment,
  );
  problems.push(...flawsOf(text, known).map((flaw) => `--env-file: ${path}: ${flaw}`));
  const values = withoutEmpty(parseEnv(text));
  for (const [name, value] of Object.entries(values)) {
    // The file may serve other programs too, but a misspelt setting of ours must not pass in silence.
    if (name.startsWith('HANGARBAY_') && !known.includes(name)) {
      const shown = showControlCharacters(name);
      problems.push(`--env-file: ${path} sets ${shown}, which is no setting; known are ${known.join(', ')}`);
    }
    // The variables of PostgreSQL's own programs are read from the environment.
    if (/^PG[A-Z]+$/.test(name) && value !== undefined) process.env[name] ??= value;
  }
  return values;
}

/** Lines that set nothing although they look like it, and values that end sooner than they seem to. */
function flawsOf(text: string, known: readonly string[]): string[] {
  if (text.includes('\0')) return ['it has NUL characters, so it is not a text file; save it as UTF-8'];
  const flaws: string[] = [];
  let quote: string | undefined;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const at = `line ${index + 1}`;
    if (quote !== undefined) {
      if (line.includes(quote)) quote = undefined;
      continue;
    }
    const [, name, value = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      if (!/^\s*(#|$)/.test(line)) flaws.push(`${at} sets nothing; write NAME=value`);
      continue;
    }
    const [opening = ''] = value;
    if (['"', "'", '`'].includes(opening)) {
      if (!value.slice(1).includes(opening)) quote = opening;
    } else if (known.includes(name) && /[^\s#]#/.test(value)) {
      flaws.push(`${at}: the value of ${name} ends at its "#"; put it in quotation marks`);
    }
  }
  return flaws;
}
