import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf, UsageError } from '../../errors.ts';
import { fieldNamed, knownFields } from '../../query/engine/fields.ts';
import { flagOf, type Given, takesList } from '../../query/engine/filter.ts';
import { givenWith } from '../../query/engine/given.ts';
import { withLinks } from '../../query/engine/links.ts';
import type { Question } from '../../query/engine/resolve.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { type FormatName, formatNames } from '../../query/format/format.ts';
import { withHistory } from '../../query/subjects/history.ts';
import { parseCount } from '../../setting-values.ts';
import { type CommonFlags, gathered } from '../options.ts';
import { suggest } from '../suggestions.ts';

/** The flags of a question as parsed by commander; those of filters and lists under their names: `maxPrice`. */
export interface Flags extends CommonFlags {
  readonly sort?: string;
  readonly desc?: true;
  readonly limit?: string;
  readonly offset?: string;
  /** Each may contain several fields, separated by commas. */
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
  /** The name for the view to save. */
  readonly save?: string;
}

/** A command that has the flags of a question about a subject. */
export function questionCommand(name: string, subject: Subject): Command {
  const { description: summary, details } = subject;
  const description = details === undefined ? summary : `${summary}\n\n${details}`;
  const command = new Command(name).summary(summary).description(description);
  if (subject.filters.length > 0)
    command.optionsGroup('Filters (all must hold; repeat a flag for alternatives; the last bound counts):');
  for (const filter of subject.filters) {
    const { name: filterName, argument, choices } = filter;
    const flag = flagOf(filter);
    const standard = filterName === 'state' ? ` (default: ${subject.defaults.state?.join(' and ') ?? 'all'})` : '';
    const shown = takesList(filter) ? argument?.replace('>', ',...>') : argument;
    const option = new Option(shown === undefined ? flag : `${flag} ${shown}`, filter.description + standard);
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
    command.option('--links', 'add a link to each contract that opens it in the game');
  for (const { name: added, description: what } of [...subject.nested, ...(subject.derived ?? [])]) {
    command.option(`--${added}`, what);
  }
  return command;
}

/** Default maximum of rows. */
function standardLimit({ limit = 50 }: Subject): number {
  return limit;
}

function onlyOne(field: string, sofar: string | undefined): string {
  if (sofar === undefined) return field;
  throw new InvalidArgumentError(`--sort takes one field, and "${sofar}" was already given.`);
}

function fieldsDescription({ nested: [nested] }: Subject): string {
  const path = Object.keys(nested?.columns ?? {}).find((name) => name.endsWith('_name'));
  const paths = path === undefined ? '' : `, or of nested rows: ${nested?.name}.${path}`;
  return `fields to show, separated by commas${paths}`;
}

/** The flags that were typed, without defaults. */
export function typedFlags(command: Command): Flags {
  const flags = Object.entries(command.opts());
  return Object.fromEntries(flags.filter(([name]) => command.getOptionValueSource(name) === 'cli'));
}

/** These flags select the kind of output, so any of them replaces all saved ones. */
const answerFlags = ['format', 'envelope', 'count'];

/** The flags of a saved view with others typed after them. A typed flag replaces all saved values of the same flag. */
export function mergedFlags(saved: Flags, typed: Flags): Flags {
  const replaced = new Set<string>();
  if (answerFlags.some((name) => name in typed)) for (const name of answerFlags) replaced.add(name);
  // The direction belongs to the sort field.
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

/** Whether flags contain an option. Commander's value of `--no-structures` is false if given, otherwise true. */
function isGiven(option: Option, flags: Flags): boolean {
  const value = flags[option.attributeName()];
  return option.negate ? value === false : value !== undefined;
}

/**
 * Parses the words of a command line as flags.
 *
 * @throws {UsageError} when they are not flags of a question about this subject
 */
export function flagsOf(words: readonly string[], subject: Subject): Flags {
  const command = questionCommand(subject.name, subject);
  command.exitOverride().configureOutput({ writeErr() {} });
  try {
    const { operands, unknown } = command.parseOptions([...words]);
    const [stranger] = [...unknown, ...operands];
    if (stranger !== undefined) throw new UsageError(`"${stranger}" is not a flag of query ${subject.name}`);
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

/** The default fields in a table. Prices by day are history themselves. */
function shownFields(subject: Subject, typed: Given): readonly string[] {
  const { tableFields, history } = subject;
  return history === undefined || givenWith(subject, typed).by?.includes('day')
    ? tableFields
    : [...tableFields, 'history'];
}

/** The question that flags describe; its names are not looked up yet. */
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
  // HTML has the link on the contract's id.
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
