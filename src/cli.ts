import { Command, CommanderError, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addHelp } from './commands/help.ts';
import { type SubcommandName, summaries } from './commands/summaries.ts';
import { HangarbayError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { storageErrorOf } from './store/failures.ts';

/**
 * Runs the program and sets the process's exit code. The process ends by itself when its work is done: `process.exit`
 * would cut off what is still on its way into a pipe.
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe when it has seen enough: the end of the work, not a failure.
    if (error.code === 'EPIPE') return;
    process.exitCode = exitCodes.failure;
    void tellMessage(`cannot write the output: ${error.message}`);
  });
  // A line of the log that cannot be written is lost; what it tells of goes on.
  process.stderr.on('error', () => {});
  try {
    const words = argv.slice(2);
    const program = await createProgram(words.length === 0 ? ['--help'] : words);
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = await tell(error);
  }
  endSoon();
}

/** After an outage the PostgreSQL driver may keep connections that nobody knows of; they must not keep the process. */
function endSoon(): void {
  const patienceMilliseconds = 500;
  const check = () => (process.stdout.writableLength === 0 ? process.exit() : endSoon());
  setTimeout(check, patienceMilliseconds).unref();
}

type AddCommand = (program: Command, next?: string) => void;

/** How each subcommand is loaded. A map, since an object would also know `constructor` and its like. */
const loaders: ReadonlyMap<string, () => Promise<AddCommand>> = new Map<SubcommandName, () => Promise<AddCommand>>([
  ['migrate', async () => (await import('./commands/migrate.ts')).addMigrate],
  ['aggregate', async () => (await import('./commands/aggregate.ts')).addAggregate],
  ['query', async () => (await import('./commands/query/query.ts')).addQuery],
  ['status', async () => (await import('./commands/status.ts')).addStatus],
  ['views', async () => (await import('./commands/query/views-command.ts')).addViews],
  ['completion', async () => (await import('./commands/completion/completion.ts')).addCompletion],
]);

/** Names the subcommands for the program's own help, and for those who mistype one. */
function addSummaries(program: Command): void {
  for (const [name, summary] of Object.entries(summaries)) {
    const command = program.command(name).summary(summary);
    if (name === 'completion') command.argument('<shell>');
    else if (name !== 'query') command.addOption(new Option('--any').hideHelp());
  }
}

/**
 * The command line; only the named subcommand is loaded, so that a question does not load what a pass needs, and none for
 * what names no subcommand. Without words it is whole.
 *
 * @param words what was typed after the program's name; a saved question that follows `query` becomes a subcommand too
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  // Help is about the commands that are named after it.
  const [subcommand, next] = words.filter((word) => word !== 'help');
  const program = new Command('hangarbay')
    .description(packageJson.description)
    .version(`hangarbay ${packageJson.version}`, '-V, --version')
    .exitOverride()
    // What is wrong with a command line is told by the log, as all errors are.
    .configureOutput({ outputError() {} })
    .addHelpText('after', `\n${exitCodeHelp}\nDocumentation: ${packageJson.homepage}\n`);
  if (subcommand === '__complete') {
    (await import('./commands/completion/complete.ts')).addComplete(program, createProgram);
    return program;
  }
  // Asked of no subcommand, and answered without one.
  if (subcommand === '--version' || subcommand === '-V') return program;
  const known = loaders.get(subcommand ?? '');
  if (known !== undefined) (await known())(program, next);
  else if (subcommand !== undefined) addSummaries(program);
  else for (const load of loaders.values()) (await load())(program);
  addHelp(program);
  return program;
}

export const exitCodeHelp = `Exit codes:
  0  done                          10  database not migrated, or newer than this program
  1  unexpected failure            11  another pass holds the lock
  2  bad usage or setting          12  ESI unavailable or limiting us; nothing lost
  3  partial: something was left   13  database or cache unreachable
     for the next pass        130/143  interrupted by SIGINT / SIGTERM
`;

/** The log and the settings are loaded only for those who have something to say: version and help have not. */
async function tellMessage(message: string): Promise<void> {
  const { activeLog } = await import('./commands/options.ts');
  activeLog().error(message);
}

/** Tells what went wrong, and returns the exit code that says so. */
async function tell(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // Help and version are no errors, and help that nobody asked for is message enough.
    if (error.exitCode === 0) return exitCodes.done;
    const message = error.message.replace(/^error: /, '');
    if (error.code !== 'commander.help') await tellMessage(`${message}\n(add --help for what is possible)`);
    return exitCodes.usage;
  }
  const known = error instanceof HangarbayError ? error : storageErrorOf(error);
  if (known !== undefined) {
    await tellMessage(known.message);
    return known.exitCode;
  }
  await tellMessage(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failure;
}
