/** Writes man/hangarbay.1 from the command line: `npm run docs`. CI fails if it is out of date. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { examples, pathOf } from '../src/commands/examples.ts';
import { subcommandsOf } from '../src/commands/help.ts';
import { createProgram, exitCodeHelp } from '../src/commands/program.ts';
import { fieldGroups } from '../src/commands/query/field-help.ts';
import { type Setting, settings } from '../src/config.ts';
import { subjects } from '../src/query/subjects/subjects.ts';

/** Text escaped for roff: no part is a request, and a dash can be copied. */
function roff(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  const ascii = escaped.replaceAll(/[^\x20-\x7e\n]/g, (character) => `\\[u${hex(character)}]`);
  return ascii
    .split('\n')
    .map((line) => line.trimEnd().replace(/^[.']/, '\\&$&'))
    .join('\n');
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

/** One sentence per line, from which roff detects the ends of sentences. */
function paragraph(text: string): string {
  return roff(text.replaceAll('\n', ' ').replaceAll(/([.;:]) (?=[A-Z@])/g, '$1\n'));
}

/** An argument of a request, which may contain blanks. */
function argument(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}

const bold = (text: string) => `\\fB${roff(text)}\\fR`;

function entry(term: string, text: string): string {
  return `.TP\n${term}\n${roff(text)}\n`;
}

function optionEntry({ flags, description, defaultValue }: Option): string {
  const [, names = '', value] = /^([^<[]*?)(?: ([<[].*))?$/.exec(flags) ?? [];
  const term = `${bold(names)}${value === undefined ? '' : ` \\fI${roff(value.replaceAll(/[<>]/g, ''))}\\fR`}`;
  return entry(term, defaultValue === undefined ? description : `${description} (default: ${defaultValue})`);
}

function exampleLines(path: string): string {
  const lines = (examples[path] ?? []).map((line) => roff(`$ ${line}`));
  return `.PP\n.nf\n.RS 4\n${lines.join('\n')}\n.RE\n.fi\n`;
}

const commonFlags = new Set(['--env-file', '--verbose', '--quiet']);

/** Settings have a separate section; they are recognized by the variable in their description. */
const isSetting = ({ description }: Option) => description.includes('(env: HANGARBAY_');

function ownOptions(command: Command): readonly Option[] {
  return command.options.filter((option) => !isSetting(option) && !commonFlags.has(option.long ?? ''));
}

/** The common options of many subcommands, which are shown once above them. */
function sharedOptions(command: Command): readonly Option[] {
  const [first, ...others] = subcommandsOf(command);
  if (first === undefined || others.length === 0) return [];
  return ownOptions(first).filter(({ long }) =>
    others.every((other) => other.options.some((option) => option.long === long)),
  );
}

function commandSection(command: Command): string {
  const path = pathOf(command);
  const above = command.parent === null ? [] : sharedOptions(command.parent);
  const own = ownOptions(command).filter(({ long }) => !above.some((option) => option.long === long));
  const shared = command.parent?.parent === null ? sharedOptions(command) : [];
  const used = command.options.filter(isSetting).map(({ long }) => bold(long ?? ''));
  return [
    `.SS ${argument(`hangarbay ${path}`)}\n${paragraph(sentence(command.description()))}\n`,
    `.PP\n${bold(`hangarbay ${path} ${command.usage()}`)}\n`,
    ...own.map(optionEntry),
    shared.length === 0 ? '' : '.PP\nAll subjects have these:\n',
    ...shared.map(optionEntry),
    used.length === 0 ? '' : `.PP\nSettings: ${used.join(', ')}.\n`,
    command.parent?.name() === 'query' ? fieldLists(command.name()) : '',
    exampleLines(path),
  ].join('');
}

function fieldLists(subjectName: string): string {
  const subject = subjects.find(({ name }) => name === subjectName);
  if (subject === undefined) return '';
  return fieldGroups(subject)
    .flatMap(({ heading, fields }) => [
      `.PP\n${roff(heading)}:\n`,
      ...fields.map(({ name, description }) => entry(bold(name), description)),
    ])
    .join('');
}

function sentence(text: string): string {
  const beginning = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(beginning) ? beginning : `${beginning}.`;
}

function visibleCommands(command: Command): Command[] {
  return subcommandsOf(command).flatMap((child) => [child, ...visibleCommands(child)]);
}

function settingEntry(setting: Setting<unknown>): string {
  const { environment, flag, argument: value, description, fallbackText } = setting;
  const notes = fallbackText === undefined ? '' : ` (default: ${fallbackText})`;
  const name = value.replaceAll(/[<>]/g, '');
  return entry(`${bold(flag)} \\fI${roff(name)}\\fR, ${bold(environment)}`, description + notes);
}

const program = await createProgram();
const commands = visibleCommands(program);
const page = [
  `.\\" Generated by scripts/man.ts from the command line; edit the commands instead.\n`,
  `.TH HANGARBAY 1 "" ${argument(`hangarbay ${packageJson.version}`)} "User Commands"\n.nh\n.ad l\n`,
  `.SH NAME\nhangarbay \\- ${roff(packageJson.description)}\n`,
  `.SH SYNOPSIS\n${bold('hangarbay')} \\fIcommand\\fR [\\fIoptions\\fR]\n`,
  `.SH DESCRIPTION\n${paragraph(
    'Cron runs one pass per invocation. Query the database from the shell, or pipe the answers as JSON.\n' +
      'Data goes to stdout; logs, progress and warnings go to stderr.',
  )}\n`,
  '.SH COMMANDS\n',
  ...commands.map(commandSection),
  `.SH SETTINGS\n${paragraph(
    'A flag takes precedence over the environment, that over the file named with --env-file, and that over the default.',
  )}\n`,
  ...Object.values(settings).map((setting) => settingEntry(setting)),
  ...(commands[0]?.options ?? []).filter(({ long }) => commonFlags.has(long ?? '')).map(optionEntry),
  entry(`${bold('NO_COLOR')}, ${bold('FORCE_COLOR')}, ${bold('TERM=dumb')}`, 'Whether to use colour.'),
  `.SH EXIT STATUS\n.nf\n${roff(exitCodeHelp.split('\n').slice(1).join('\n').trimEnd())}\n.fi\n`,
  `.SH FILES\n`,
  entry('\\fI~/.local/share/hangarbay/hangarbay.db\\fR', 'The database, in $XDG_DATA_HOME.'),
  entry('\\fI~/.config/hangarbay/views.json\\fR', 'Saved views, in $XDG_CONFIG_HOME.'),
  entry('\\fI~/.local/state/hangarbay/\\fR', 'Bookmarks of --since last, in $XDG_STATE_HOME.'),
  `.SH SEE ALSO\n${roff(packageJson.homepage)}\n`,
].join('');

mkdirSync('man', { recursive: true });
writeFileSync('man/hangarbay.1', page);
