import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf, UsageError } from '../../errors.ts';
import { fieldNamed, knownFields } from '../../query/engine/fields.ts';
import { flagOf, type Given } from '../../query/engine/filter.ts';
import { withLinks } from '../../query/engine/links.ts';
import type { Question } from '../../query/engine/resolve.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { type FormatName, formatNames } from '../../query/format/format.ts';
import { withHistory } from '../../query/subjects/history.ts';
import { parseCount } from '../../setting-values.ts';
import { type CommonFlags, gathered } from '../options.ts';
import { suggest } from '../suggestions.ts';

/** The flags of a question as commander hands them over; those of filters and lists are under their names: `maxPrice`. */
export interface Flags extends CommonFlags {
  readonly sort?: string;
  readonly desc?: true;
  readonly limit?: string;
  readonly offset?: string;
  /** Each may hold several fields, separated by commas. */
  readonly fields?: readonly string[];
  readonly count?: true;
  readonly format?: FormatName;
  /** False with `--no-header`. */
  readonly header?: boolean;
  readonly bom?: true;
  readonly envelope?: true;
  readonly exact?: true;
  /** False with `--no-chart`. */
  readonly chart?: boolean;
  readonly links?: true;
  /** The name of the view to save the question as. */
  readonly save?: string;
}

/** A command with the flags that make up a question about a subject, and no others. */
export function questionCommand(name: string, subject: Subject): Command {
  const { description: summary, details } = subject;
  const description = details === undefined ? summary : `${summary}\n\n${details}`;
  const command = new Command(name).summary(summary).description(description);
  if (subject.filters.length > 0)
    command.optionsGroup('Filters (all must hold; a repeated one is an alternative, a bound the last):');
  for (const filter of subject.filters) {
    const { name: filterName, argument, choices } = filter;
    const flag = flagOf(filter);
    const standard = filterName === 'state' ? ` (default: ${subject.defaults.state?.join(' and ') ?? 'all'})` : '';
    const option = new Option(argument === undefined ? flag : `${flag} ${argument}`, filter.description + standard);
    if (argument !== undefined) option.argParser(gathered);
    command.addOption(choices === undefined ? option : suggest(option, choices));
  }
  const sort = new Option('--sort <field>', 'sort by a field, ascending; nulls last').argParser(onlyOne);
  const fields = new Option('--fields <list>', fieldsDescription(subject)).argParser(gathered);
  command
    .optionsGroup('Output:')
    .addOption(suggest(sort, Object.keys(subject.columns)))
    .option('--desc', 'sort in descending order')
    .option('--limit <count>', `maximum number of rows, 0 for all (default: ${standardLimit(subject)})`)
    .option('--offset <count>', 'rows to skip', '0')
    .addOption(suggest(fields, knownFields(withHistory(withLinks(subject)))))
    .option('--count', 'print only the number of rows')
    .addOption(
      new Option('--format <format>', 'default: table on a terminal, json otherwise').choices([...formatNames]),
    )
    .option('--no-header', 'omit the column names: table, csv, tsv and markdown')
    .option('--bom', 'begin CSV with a byte-order mark, for Excel')
    .option('--envelope', 'JSON object with freshness: {as_of, prices_as_of, regions, total, rows}')
    .option('--exact', 'exact amounts of ISK in tables');
  if (subject.chart !== undefined)
    command.option('--no-chart', 'omit the chart: in html, and under prices --by day on a terminal');
  if (subject.contract !== undefined)
    command.option('--links', 'add a link to each contract that can be clicked in the game');
  for (const { name: added, description: what } of [...subject.nested, ...(subject.derived ?? [])]) {
    command.option(`--${added}`, what);
  }
  return command;
}

/** Rows at most where nobody says how many. */
function standardLimit({ limit = 50 }: Subject): number {
  return limit;
}

function onlyOne(field: string, sofar: string | undefined): string {
  if (sofar === undefined) return field;
  throw new InvalidArgumentError(`Rows are sorted by one field, and "${sofar}" was named before.`);
}

function fieldsDescription({ nested: [nested] }: Subject): string {
  const path = Object.keys(nested?.columns ?? {}).find((name) => name.endsWith('_name'));
  const paths = path === undefined ? '' : `, also of nested rows: ${nested?.name}.${path}`;
  return `fields to show, separated by commas${paths}`;
}

/** The flags that were typed; not those that have their defaults. */
export function typedFlags(command: Command): Flags {
  const flags = Object.entries(command.opts());
  return Object.fromEntries(flags.filter(([name]) => command.getOptionValueSource(name) === 'cli'));
}

/** Each says what kind of answer is wanted, so that one of them takes the place of all. */
const answerFlags = ['format', 'envelope', 'count'];

/** A saved question's flags with others typed after them: each replaces all values that were saved of the same flag. */
export function mergedFlags(saved: Flags, typed: Flags): Flags {
  const replaced = new Set<string>();
  if (answerFlags.some((name) => name in typed)) for (const name of answerFlags) replaced.add(name);
  // How a sort goes belongs to the field that is sorted by.
  if ('sort' in typed) replaced.add('desc');
  const kept = Object.entries(saved).filter(([name]) => !replaced.has(name));
  return { ...Object.fromEntries(kept), ...typed };
}

/** Flags as words of a command line, in the order of the options. */
export function wordsOf(options: readonly Option[], flags: Flags): string[] {
  return options.flatMap((option) => {
    const flag = option.long ?? option.flags;
    if (!isGiven(option, flags)) return [];
    const values = [flags[option.attributeName()]].flat();
    return values.flatMap((value) => (typeof value === 'boolean' ? [flag] : [flag, String(value)]));
  });
}

/** Whether flags have an option; commander's value of `--no-structures` is false when it is given, true when it is not. */
function isGiven(option: Option, flags: Flags): boolean {
  const value = flags[option.attributeName()];
  return option.negate ? value === false : value !== undefined;
}

/**
 * The flags that words of a command line stand for.
 *
 * @throws {UsageError} when they are none of a question about this subject
 */
export function flagsOf(words: readonly string[], subject: Subject): Flags {
  const command = questionCommand(subject.name, subject);
  command.exitOverride().configureOutput({ writeErr() {} });
  try {
    const { operands, unknown } = command.parseOptions([...words]);
    const [stranger] = [...unknown, ...operands];
    if (stranger !== undefined) throw new UsageError(`"${stranger}" is no part of a question about ${subject.name}`);
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError(error.message.replace(/^error: /, ''));
    throw error;
  }
  return typedFlags(command);
}

function countOf(text: string, flag: string): number {
  try {
    return parseCount(text, 0);
  } catch (error) {
    throw new UsageError(`${flag}: ${messageOf(error)}`);
  }
}

const isForPeople = (format: FormatName) => format === 'table' || format === 'html';

/** What people see unless they say otherwise. Prices by day are history themselves. */
function shownFields({ tableFields, history }: Subject, { by }: Given): readonly string[] {
  return history === undefined || by?.includes('day') ? tableFields : [...tableFields, 'history'];
}

/** The question that flags make up; what they name is not looked up yet. */
export function questionOf(asked: Subject, flags: Flags, format: FormatName): Question {
  const filters: Record<string, readonly string[]> = {};
  for (const filter of asked.filters) {
    const option = new Option(flagOf(filter));
    if (!isGiven(option, flags)) continue;
    const value = flags[option.attributeName()];
    filters[filter.name] = Array.isArray(value) ? value : [];
  }
  const subject = withHistory(withLinks(asked), filters);
  const additions = [...subject.nested, ...(subject.derived ?? [])];
  const nested = additions.map(({ name }) => name).filter((name) => flags[name] === true);
  const chosen = flags.fields?.flatMap((list) => list.split(',')).map(fieldNamed);
  const fields = chosen ?? (isForPeople(format) ? shownFields(subject, filters) : Object.keys(asked.columns));
  // A page has the link with the contract's id, where it can be copied.
  const isLinked = format === 'html' && subject.contract !== undefined && fields.includes('contract_id');
  const added = [...(flags.links === true || isLinked ? ['link'] : []), ...nested];
  return {
    subject,
    filters,
    fields: [...new Set([...fields, ...added])],
    isGrowing: chosen === undefined,
    sort: flags.sort,
    descending: flags.desc === true,
    limit: flags.limit === undefined ? standardLimit(subject) : countOf(flags.limit, '--limit'),
    offset: countOf(flags.offset ?? '0', '--offset'),
  };
}
