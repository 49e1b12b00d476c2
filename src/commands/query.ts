import { Command, Option } from 'commander';
import { readConfig, type SettingName } from '../config.ts';
import { UsageError } from '../errors.ts';
import { usesColor } from '../log.ts';
import { didYouMean, nearestNames } from '../nearest.ts';
import { type FormatName, formatNames, loadFormat } from '../query/format/format.ts';
import { OutputClosed, write } from '../query/output.ts';
import { count, fieldsOf, type Question, rows } from '../query/run.ts';
import type { Subject } from '../query/subject.ts';
import { createSubjects } from '../query/subjects.ts';
import { parseCount } from '../query/values.ts';
import { openForQuestions } from '../store/open.ts';
import { type Instant, toInstant } from '../time.ts';
import { addSettings, logFor, logSettings } from './options.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

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
    .option('--fields <list>', 'fields to show, separated by commas')
    .option('--count', 'only say how many rows there are')
    .addOption(
      new Option('--format <format>', 'default: table on a terminal, json otherwise').choices([...formatNames]),
    );
  for (const { name, description } of [...subject.nested, ...(subject.derived ?? [])])
    command.option(`--${name}`, description);
  addSettings(command, names);
  return command.action(async (other: string | undefined, flags: Record<string, unknown>) => {
    if (other !== undefined) {
      const known = subjects.map(({ name }) => name);
      const hint = didYouMean(nearestNames(other, known));
      throw new UsageError(`there is no subject "${other}" to query${hint || '.'} Known are: ${known.join(', ')}`);
    }
    await answer(subject, flags, now);
  });
}

async function answer(subject: Subject, flags: Record<string, unknown>, now: Instant): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  logFor(config, flags);
  const formatName = (flags.format as FormatName | undefined) ?? (process.stdout.isTTY ? 'table' : 'json');
  const question = questionOf(subject, flags, formatName);
  const fields = fieldsOf(question);
  const format = await loadFormat(formatName, { subject, fields, color: usesColor(process.stdout) });
  const store = await openForQuestions(config.databaseUrl);
  try {
    await store.read(async (reader) => {
      if (flags.count === true) {
        await write(process.stdout, `${await count(question, reader, now)}\n`);
        return;
      }
      // Nothing is written before the first rows are there, so that a refused question leaves no half answer.
      let begun = false;
      for await (const batch of rows(question, reader, now)) {
        await write(process.stdout, (begun ? '' : format.begin()) + format.rows(batch));
        begun = true;
      }
      await write(process.stdout, (begun ? '' : format.begin()) + format.end());
    });
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  } finally {
    await store.close();
  }
}

function questionOf(subject: Subject, flags: Record<string, unknown>, format: FormatName): Question {
  const filters: Record<string, readonly string[]> = {};
  for (const { flag } of subject.filters) {
    const option = new Option(flag);
    const value = flags[option.attributeName()];
    // `--no-structures` is false when it is given, and true when it is not.
    const isGiven = option.negate ? value === false : value !== undefined;
    if (isGiven) filters[flag.slice(2)] = Array.isArray(value) ? value : [];
  }
  const additions = [...subject.nested, ...(subject.derived ?? [])];
  const nested = additions.map(({ name }) => name).filter((name) => flags[name] === true);
  const chosen = (flags.fields as string | undefined)?.split(',').map((field) => field.trim());
  const standard = format === 'table' ? subject.tableFields : Object.keys(subject.columns);
  return {
    subject,
    filters,
    fields: [...new Set([...(chosen ?? standard), ...nested])],
    sort: flags.sort as string | undefined,
    descending: flags.desc === true,
    limit: parseCount(flags.limit as string, '--limit'),
    offset: parseCount(flags.offset as string, '--offset'),
  };
}

const examples: Readonly<Record<string, string>> = {
  contracts:
    '\nExamples:\n' +
    '  $ hangarbay query --region "The Forge" --ship Rifter --max-price 2m\n' +
    '  $ hangarbay query --ships --sort price --limit 10 --fields contract_id,ship_name,price,system_name\n' +
    '  $ hangarbay query --type courier --state all --limit 0 --format ndjson | jq .reward\n',
  items: '\nExamples:\n  $ hangarbay query items --item Tritanium --region "The Forge" --sort quantity --desc\n',
  ships: '\nExamples:\n  $ hangarbay query ships --group Frigate --sort cheapest\n',
  blueprints:
    '\nExamples:\n  $ hangarbay query blueprints --item "Rifter Blueprint" --me 10 --te 20 --min-runs 5 --sort price-per-run\n',
  couriers:
    '\nExamples:\n  $ hangarbay query couriers --no-structures --max-collateral 1b --sort reward-per-m3 --desc\n',
  prices: '\nExamples:\n  $ hangarbay query prices --item Rifter --by region\n',
  types: '\nExamples:\n  $ hangarbay query types --name rifter\n',
  'market-groups': '\nExamples:\n  $ hangarbay query market-groups --name frigates\n',
  regions: '\nExamples:\n  $ hangarbay query regions --sort contracts_listed --desc\n',
  runs: '\nExamples:\n  $ hangarbay query runs --limit 5\n',
};
