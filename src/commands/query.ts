import { Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { didYouMean, nearestNames } from '../nearest.ts';
import { formatNames } from '../query/format/format.ts';
import { canLink } from '../query/links.ts';
import type { Subject } from '../query/subject.ts';
import { createSubjects } from '../query/subjects.ts';
import { type Instant, toInstant } from '../time.ts';
import { answer, querySettings } from './answer.ts';
import { addSettings } from './options.ts';

export function addQuery(program: Command): void {
  const now = toInstant(new Date());
  const subjects = createSubjects(now);
  const query = program
    .command('query')
    .summary('ask questions of the database')
    .description('Answers from the database alone; never writes, never calls ESI. Without a subject: contracts.')
    .addHelpText('after', '\nFilters of contracts: hangarbay query contracts --help\n');
  for (const [index, subject] of subjects.entries()) {
    query.addCommand(subjectCommand(subject, subjects, now), { isDefault: index === 0 });
  }
}

function subjectCommand(subject: Subject, subjects: readonly Subject[], now: Instant): Command {
  const command = new Command(subject.name)
    .description(subject.description)
    .addArgument(new Command().createArgument('[other]').argOptional())
    .usage('[options]')
    .exitOverride()
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', `\nFields: ${Object.keys(subject.columns).join(', ')}\n${examples[subject.name] ?? ''}`);
  if (subject.filters.length > 0) command.optionsGroup('Filters (all must hold; a repeated flag is an alternative):');
  for (const { flag, argument, description } of subject.filters) {
    const option = new Option(argument === undefined ? flag : `${flag} ${argument}`, description);
    if (argument !== undefined) option.argParser((value: string, sofar: string[] = []) => [...sofar, value]);
    command.addOption(option);
  }
  command
    .optionsGroup('Output:')
    .option('--sort <field>', 'sort by a field, ascending; nulls last')
    .option('--desc', 'turn the sort round')
    .option('--limit <count>', 'rows at most, 0 for all', '50')
    .option('--offset <count>', 'rows to leave out first', '0')
    .option('--fields <list>', fieldsDescription(subject))
    .option('--count', 'only say how many rows there are')
    .addOption(
      new Option('--format <format>', 'default: table on a terminal, json otherwise').choices([...formatNames]),
    );
  command.option('--envelope', 'JSON with what the rows are as of: {as_of, regions, total, rows}');
  command.option('--exact', 'amounts of ISK to the last digit in tables, too');
  if (canLink(subject)) command.option('--links', 'add a link to each contract that can be clicked in the game');
  for (const { name, description } of subject.nested) command.option(`--${name}`, description);
  addSettings(command, querySettings);
  return command.action(async (other: string | undefined, flags: Record<string, unknown>) => {
    if (other !== undefined) {
      const known = subjects.map(({ name }) => name);
      const hint = didYouMean(nearestNames(other, known));
      throw new UsageError(`there is no subject "${other}" to query${hint || '.'} Known are: ${known.join(', ')}`);
    }
    await answer(subject, flags, now);
  });
}

function fieldsDescription({ nested: [nested] }: Subject): string {
  const path = Object.keys(nested?.columns ?? {}).find((name) => name.endsWith('_name'));
  const paths = path === undefined ? '' : `, also of nested rows: ${nested?.name}.${path}`;
  return `fields to show, separated by commas${paths}`;
}

const examples: Readonly<Record<string, string>> = {
  contracts:
    '\nExamples:\n' +
    '  $ hangarbay query --region "The Forge" --ship Rifter --max-price 2m\n' +
    '  $ hangarbay query --ships --sort price --limit 10 --fields contract_id,ship_name,price,system_name\n' +
    '  $ hangarbay query --type courier --state all --limit 0 --format ndjson | jq .reward\n',
  types: '\nExamples:\n  $ hangarbay query types --name rifter\n',
  'market-groups': '\nExamples:\n  $ hangarbay query market-groups --name frigates\n',
  regions: '\nExamples:\n  $ hangarbay query regions --sort contracts_listed --desc\n',
  runs: '\nExamples:\n  $ hangarbay query runs --limit 5\n',
};
