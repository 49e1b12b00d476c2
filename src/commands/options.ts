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

/** Flags as commander hands them over: those of every command, and those of settings, which `readConfig` reads. */
export interface CommonFlags {
  readonly envFile?: readonly string[];
  readonly verbose?: true;
  readonly quiet?: true;
  readonly [setting: string]: unknown;
}

/** Gathers the values of a flag that may be given several times. */
export function gathered(value: string, sofar: readonly string[] = []): readonly string[] {
  return [...sofar, value];
}

/** The settings that every command has. */
export const logSettings = ['logLevel', 'logFormat'] as const satisfies SettingName[];

/** The flag of commands that take the lock of the database. */
export function waitOption(fallback: string): Option {
  return new Option('--wait <duration>', 'how long to wait for a pass that holds the lock of the database').default(
    fallback,
  );
}

/**
 * How long to wait for the lock, and a word about it when the waiting begins.
 *
 * @throws {UsageError} when it is no duration
 */
export function lockWait(flags: { readonly wait: string }, log: Log): LockWait & { readonly waitMilliseconds: number } {
  const waitMilliseconds = flags.wait === '0' ? 0 : parseDuration(flags.wait);
  if (waitMilliseconds === undefined) {
    throw new UsageError(`--wait: "${flags.wait}" is not a duration with a unit; for example --wait 10m`);
  }
  return { waitMilliseconds, onWait: ({ message }) => log.info(`waiting up to ${flags.wait}: ${message}`) };
}

/** Gives a command the flags of some settings, and those that every command has. */
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

/** The log of the command that runs; before it has read its settings, one for errors in the format that they ask for. */
export function activeLog(): Log {
  return running.log ?? createLog({ level: 'error', format: typedLogFormat(process.argv.slice(2)) });
}

/** The format that a command line asks for, whatever else is wrong with it. */
function typedLogFormat(args: readonly string[]): LogFormat | undefined {
  const options = { 'log-format': { type: 'string' }, 'env-file': { type: 'string', multiple: true } } as const;
  const { values } = parseArgs({ args: [...args], options, strict: false });
  const flags = { logFormat: values['log-format'], envFile: values['env-file'] };
  try {
    return readConfig(['logFormat'], { flags, environment: process.env }).logFormat;
  } catch {
    // It is told when the command reads its settings; what goes before is told in the format of the default.
    return undefined;
  }
}

/** The log that the settings ask for; `-v` and `-q` win over the environment, as flags do. */
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
