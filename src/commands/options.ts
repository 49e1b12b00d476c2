import { parseArgs } from 'node:util';
import { type Command, Option } from 'commander';
import {
  type Config,
  flagProperty,
  type LogFormat,
  readConfig,
  type Setting,
  type SettingName,
  settings,
} from '../config.ts';
import { UsageError } from '../errors.ts';
import { createLog, type Log } from '../log.ts';
import { running } from '../process/command.ts';
import type { LockWait } from '../store/lock.ts';
import { parseDuration } from '../time.ts';
import { suggest } from './suggestions.ts';

/** Flags as parsed by commander: those of every command, and those of settings, which `readConfig` reads. */
export interface CommonFlags {
  readonly envFile?: readonly string[];
  readonly verbose?: true;
  readonly quiet?: true;
  readonly [setting: string]: unknown;
}

/** Collects the values of a repeatable flag. */
export function gathered(value: string, sofar: readonly string[] = []): readonly string[] {
  return [...sofar, value];
}

/** The settings of every command. */
export const logSettings = ['logLevel', 'logFormat'] as const satisfies SettingName[];

/** The flag of commands that take the database's lock. */
export function waitOption(fallback: string): Option {
  return new Option('--wait <duration>', "how long to wait while another process holds the database's lock").default(
    fallback,
  );
}

/**
 * Parses how long to wait for the lock, and logs when the waiting begins.
 *
 * @throws {UsageError} when the value is not a duration
 */
export function lockWait(flags: { readonly wait: string }, log: Log): LockWait & { readonly waitMilliseconds: number } {
  const waitMilliseconds = flags.wait === '0' ? 0 : parseDuration(flags.wait);
  if (waitMilliseconds === undefined) {
    throw new UsageError(`--wait: "${flags.wait}" is not a duration with a unit; for example --wait 10m`);
  }
  return { waitMilliseconds, onWait: ({ message }) => log.info(`waiting up to ${flags.wait}: ${message}`) };
}

/** Adds the flags of some settings, and the common ones, to a command. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  command.optionsGroup('Settings:');
  for (const name of names) {
    const definition: Setting<unknown> = settings[name];
    const { flag, argument, description, environment, fallbackText, repeatable, choices } = definition;
    const notes = [`env: ${environment}`, ...(fallbackText === undefined ? [] : [`default: ${fallbackText}`])];
    const option = new Option(`${flag} ${argument}`, `${description} (${notes.join('; ')})`);
    if (repeatable === true) option.argParser(gathered);
    command.addOption(choices === undefined ? option : suggest(option, choices));
  }
  return command
    .addOption(
      new Option(
        '--env-file <path>',
        'read settings from a file; repeatable; flags and environment take precedence',
      ).argParser(gathered),
    )
    .option('-v, --verbose', 'same as --log-level debug')
    .option('-q, --quiet', 'same as --log-level error');
}

/** The log of the running command. Before its settings are read, a log for errors in the requested format. */
export function activeLog(): Log {
  return running.log ?? createLog({ level: 'error', format: typedLogFormat(process.argv.slice(2)) });
}

/** The log format on a command line that may have other errors. */
function typedLogFormat(args: readonly string[]): LogFormat | undefined {
  const options = { 'log-format': { type: 'string' }, 'env-file': { type: 'string', multiple: true } } as const;
  const { values } = parseArgs({ args: [...args], options, strict: false });
  const flags = { logFormat: values['log-format'], envFile: values['env-file'] };
  try {
    return readConfig(['logFormat'], { flags, environment: process.env }).logFormat;
  } catch {
    // Reported when the command reads its settings; until then the default format is used.
    return undefined;
  }
}

/** The log for the settings; `-v` and `-q` win over the environment, like all flags. */
export function logFor(
  { logLevel, logFormat }: Config<'logLevel' | 'logFormat'>,
  flags: CommonFlags,
  beforeLine?: () => void,
): Log {
  const typed = flags[flagProperty(settings.logLevel)] !== undefined;
  const level = typed ? logLevel : flags.verbose ? 'debug' : flags.quiet ? 'error' : logLevel;
  const recent = running.recentLines;
  const onLine = (line: string) => {
    recent.push(line);
    if (recent.length > recentLinesKept) recent.shift();
  };
  running.log = createLog({ level, format: logFormat, onLine, ...(beforeLine === undefined ? {} : { beforeLine }) });
  return running.log;
}

const recentLinesKept = 50;

/** The last lines of the log, for a monitor. */
export const recentLines = (): readonly string[] => running.recentLines;
