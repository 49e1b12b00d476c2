import { Command, CommanderError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { addHelp } from './help.ts';
import { type SubcommandName, summaries } from './summaries.ts';
import { versionText } from './version.ts';

/**
 * Runs a command line.
 *
 * @throws {CommanderError} when the command line is invalid
 */
export async function run(argv: readonly string[]): Promise<void> {
  const words = argv.slice(2);
  const program = await createProgram(words.length === 0 ? ['--help'] : words);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    // Help and version count as success.
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
  }
}

type AddCommand = (program: Command, words?: readonly string[]) => void;

/** Loaders of the subcommands. A map, because an object would also have `constructor` and the like. */
const loaders: ReadonlyMap<string, () => Promise<AddCommand>> = new Map<SubcommandName, () => Promise<AddCommand>>([
  ['migrate', async () => (await import('./migrate.ts')).addMigrate],
  ['aggregate', async () => (await import('./aggregate.ts')).addAggregate],
  ['query', async () => (await import('./query/query.ts')).addQuery],
  ['import', async () => (await import('./import/import.ts')).addImport],
  ['export', async () => (await import('./export/export.ts')).addExport],
  ['report', async () => (await import('./report/report.ts')).addReport],
  ['prune', async () => (await import('./prune.ts')).addPrune],
  ['status', async () => (await import('./status.ts')).addStatus],
  ['doctor', async () => (await import('./doctor/doctor.ts')).addDoctor],
  ['views', async () => (await import('./query/views-command.ts')).addViews],
  ['completion', async () => (await import('./completion/completion.ts')).addCompletion],
]);

/** Adds the subcommands' summaries for the program's own help and for suggestions. */
function addSummaries(program: Command): void {
  for (const [name, summary] of Object.entries(summaries)) {
    const command = program.command(name).summary(summary);
    if (name === 'completion') command.argument('<shell>');
    if (name === 'report') command.argument('[views...]');
    if (!['completion', 'query', 'import', 'export'].includes(name)) command.addOption(new Option('--any').hideHelp());
  }
}

/**
 * The command line. Only the subcommand in use is loaded, so that a query does not load the code of a pass. Without
 * words, all subcommands are loaded.
 *
 * @param words the words after the program's name; a saved view that follows `query` becomes a subcommand too
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  // Help is about the commands that follow it.
  const [subcommand, ...rest] = words.filter((word) => word !== 'help');
  const program = new Command('hangarbay')
    .description(packageJson.description)
    .version(versionText, '-V, --version')
    .exitOverride()
    .configureHelp({ commandDescription: (command) => asParagraphs(command.description()) })
    // Errors of the command line go to the log like all others.
    .configureOutput({ outputError() {} })
    .addHelpText('after', `\n${exitCodeHelp}\nDocumentation: ${packageJson.homepage}\n`);
  if (subcommand === '__complete') {
    (await import('./completion/complete.ts')).addComplete(program, createProgram);
    return program;
  }
  const known = loaders.get(subcommand ?? '');
  if (known !== undefined) (await known())(program, rest);
  else if (subcommand !== undefined) addSummaries(program);
  else for (const load of loaders.values()) (await load())(program);
  addHelp(program);
  return program;
}

/** Joins the lines of a paragraph, so that they wrap at the terminal's width; empty lines stay. */
const asParagraphs = (text: string) => text.replaceAll(/(?<!\n)\n(?!\n)/g, ' ');

export const exitCodeHelp = `Exit codes:
        0  done
        1  unexpected failure
        2  bad usage or setting
        3  partial: something was left for the next pass
       10  database not migrated, or newer than this program
       11  another pass holds the lock
       12  ESI unavailable or limiting us; nothing lost
       13  database or cache unreachable
  130/143  interrupted by SIGINT / SIGTERM
`;
