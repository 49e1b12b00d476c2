import { type Command, Option } from 'commander';
import ms from 'ms';
import { readConfig, type SettingName } from '../config.ts';
import { HangarbayError, messageOf, UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { staleAfterMilliseconds } from '../query/engine/freshness.ts';
import { destinationOf } from '../query/format/destination.ts';
import { jsonFor } from '../query/format/json.ts';
import { readStatus } from '../query/status/status.ts';
import { statusText } from '../query/status/status-text.ts';
import { storageErrorOf } from '../store/failures.ts';
import { openForQueries } from '../store/open.ts';
import { parseDuration } from '../time.ts';
import { addExamples } from './examples.ts';
import type { CheckResult } from './monitor/check.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from './options.ts';
import { OutputClosed, write } from './output.ts';
import { summaries } from './summaries.ts';

const names = ['databaseUrl', 'regions', ...logSettings] as const satisfies SettingName[];

interface StatusFlags extends CommonFlags {
  readonly maxAge: string;
  readonly json?: true;
  readonly check?: true;
}

export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .summary(summaries.status)
    .description(
      'Shows how fresh every configured region is, how the last passes ended and what is in the backlog.\n' +
        'Reads only the database. Use the same regions as for aggregate.',
    )
    .addOption(
      new Option('--max-age <duration>', 'age of the last complete sweep after which a region is stale').default(
        ms(staleAfterMilliseconds),
      ),
    )
    .option('--json', 'print one JSON object')
    .option('--check', 'print one line, and exit with 0, 1, 2 or 3 like a Nagios plugin')
    .addHelpText(
      'after',
      '\nExit codes: 0 every region is fresh, 3 one is stale, 1 no pass has succeeded.\n' +
        'With --check: 0 every region is fresh, 1 one is stale, 2 all are stale, no pass\n' +
        'has succeeded or the database is unusable, 3 bad usage or setting.\n' +
        "Two hours are four of ESI's half-hourly lists: one failed pass raises no alarm,\n" +
        'a morning without passes does.',
    );
  addExamples(command, 'status');
  addSettings(command, names).action(status);
}

async function status(flags: StatusFlags): Promise<void> {
  if (flags.check !== true) return tellStatus(flags);
  try {
    await tellStatus(flags);
  } catch (error) {
    const { failedCheck } = await import('./monitor/check.ts');
    const known = error instanceof HangarbayError ? error : storageErrorOf(error);
    const isDatabase = known?.exitCode === exitCodes.storage || known?.exitCode === exitCodes.notMigrated;
    await printCheck(failedCheck(known?.message ?? messageOf(error), isDatabase));
  }
}

async function printCheck({ line, exitCode }: CheckResult): Promise<void> {
  process.exitCode = exitCode;
  await write(process.stdout, `${line}\n`);
}

async function tellStatus(flags: StatusFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  logFor(config, flags);
  const maxAgeMilliseconds = parseDuration(flags.maxAge);
  if (maxAgeMilliseconds === undefined) {
    throw new UsageError(`--max-age: "${flags.maxAge}" is not a duration with a unit; for example --max-age 2h`);
  }
  const store = await openForQueries(config.databaseUrl);
  try {
    const lock = await store.lockState();
    const question = { regions: config.regions, maxAgeMilliseconds };
    const found = await store.read((reader) => readStatus(question, reader, lock));
    if (flags.check === true) return await printCheck((await import('./monitor/check.ts')).checkOf(found));
    process.exitCode = found.exit_code;
    const destination = destinationOf(process.stdout);
    const text = flags.json === true ? `${jsonFor(destination)(found)}\n` : await statusText(found, destination);
    await write(process.stdout, text);
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  } finally {
    await store.close();
  }
}
