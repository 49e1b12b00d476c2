import { type Command, Option } from 'commander';
import ms from 'ms';
import { readConfig, type SettingName } from '../config.ts';
import { UsageError } from '../errors.ts';
import { staleAfterMilliseconds } from '../query/engine/freshness.ts';
import { destinationOf } from '../query/format/destination.ts';
import { jsonFor } from '../query/format/json.ts';
import { readStatus } from '../query/status/status.ts';
import { statusText } from '../query/status/status-text.ts';
import { openForQuestions } from '../store/open.ts';
import { parseDuration } from '../time.ts';
import { addExamples } from './examples.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from './options.ts';
import { OutputClosed, write } from './output.ts';
import { summaries } from './summaries.ts';

const names = ['databaseUrl', 'regions', ...logSettings] as const satisfies SettingName[];

interface StatusFlags extends CommonFlags {
  readonly maxAge: string;
  readonly json?: true;
}

export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .summary(summaries.status)
    .description(
      'Tells how fresh every configured region is, how the last passes ended and what waits in the backlog.\n' +
        'Asks the database alone. Give it the regions that you give to aggregate.',
    )
    .addOption(
      new Option('--max-age <duration>', 'a region is stale when its last complete sweep is older').default(
        ms(staleAfterMilliseconds),
      ),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExit codes: 0 every region is fresh, 3 one is stale, 1 no pass has succeeded.\n' +
        "Two hours are four of ESI's half-hourly lists: one failed pass raises no alarm,\n" +
        'a morning without passes does.',
    );
  addExamples(command, 'status');
  addSettings(command, names).action(status);
}

async function status(flags: StatusFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  logFor(config, flags);
  const maxAgeMilliseconds = parseDuration(flags.maxAge);
  if (maxAgeMilliseconds === undefined) {
    throw new UsageError(`--max-age: "${flags.maxAge}" is not a duration with a unit; for example --max-age 2h`);
  }
  const store = await openForQuestions(config.databaseUrl);
  try {
    const found = await store.read((reader) => readStatus({ regions: config.regions, maxAgeMilliseconds }, reader));
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
