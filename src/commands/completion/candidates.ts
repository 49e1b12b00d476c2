import type { Command, Option } from 'commander';
import { helpName, subcommandsOf } from '../help.ts';
import { suggestionsFor } from '../suggestions.ts';

/** A possible completion of a word. */
export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** Sources of candidates other than the command line's own tree. */
export interface Sources {
  /** Names in the database for a flag. */
  readonly names: (flag: string, typed: ReadonlyMap<string, string>) => Promise<readonly string[]>;
  /** Names of saved views. */
  readonly views: () => readonly string[];
}

/** Returned instead of candidates when the word is a path. */
export const files = 'files';

/** The context given by the words before the cursor. */
interface Place {
  readonly command: Command;
  readonly operands: readonly string[];
  /** The option whose value comes next. */
  readonly pending: Option | undefined;
  /** Option values so far, by flag. */
  readonly typed: ReadonlyMap<string, string>;
  /** After flags, a command takes no subcommand. */
  readonly hasFlags: boolean;
  /** The words follow `help`: a path to a command, without flags. */
  readonly isHelp: boolean;
}

/**
 * The candidates for the last word, case-insensitive.
 *
 * @param words the words after the program's name; the last is at the cursor, and may be empty
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  sources: Sources,
): Promise<readonly Candidate[] | typeof files> {
  const current = words.at(-1) ?? '';
  const place = placeAfter(program, words.slice(0, -1));
  const [, flag, beginning] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (place.pending !== undefined) return valuesOf(place.pending, current, '', place, sources);
  if (flag !== undefined && beginning !== undefined) {
    const option = optionNamed(flag, place.command);
    return option === undefined ? [] : valuesOf(option, beginning, `${flag}=`, place, sources);
  }
  if (!current.startsWith('-') && isFileDue(place)) return files;
  const all = current.startsWith('-') ? flagsOf(place) : operandsOf(place, sources);
  return all.filter(({ value }) => startsWith(value, current));
}

/** Imports take files. */
function isFileDue({ command, operands, isHelp }: Place): boolean {
  return !isHelp && command.registeredArguments[operands.length]?.name() === 'source';
}

function placeAfter(program: Command, words: readonly string[]): Place {
  let command = program;
  let pending: Option | undefined;
  let hasFlags = false;
  let isHelp = false;
  const operands: string[] = [];
  const typed = new Map<string, string>();
  for (const word of words) {
    if (pending !== undefined) {
      typed.set(pending.long ?? '', word);
      pending = undefined;
    } else if (word.startsWith('-')) {
      const [flag = '', value] = word.split(/=(.*)/s);
      hasFlags = true;
      const option = optionNamed(flag, command);
      if (option?.required && value === undefined) pending = option;
      else if (value !== undefined) typed.set(flag, value);
    } else {
      const subcommand = operands.length === 0 ? command.commands.find((child) => child.name() === word) : undefined;
      if (subcommand === undefined) operands.push(word);
      else if (subcommand.name() === helpName) isHelp = true;
      else command = subcommand;
    }
  }
  return { command, operands, pending, typed, hasFlags, isHelp };
}

/** A command's own options, and those of the default subject, which is the first. */
function optionsOf(command: Command): readonly Option[] {
  const implied = command.name() === 'query' ? (command.commands[0]?.options ?? []) : [];
  return [...command.options, ...implied].filter(({ hidden }) => !hidden);
}

function optionNamed(flag: string, command: Command): Option | undefined {
  return optionsOf(command).find(({ long, short }) => long === flag || short === flag);
}

function flagsOf({ command, isHelp }: Place): readonly Candidate[] {
  const help = { value: '--help', description: 'display help for command' };
  if (isHelp) return [help];
  return [...optionsOf(command).map(({ long, flags, description }) => ({ value: long ?? flags, description })), help];
}

function operandsOf(place: Place, { views }: Sources): readonly Candidate[] {
  const { command, operands, hasFlags, isHelp } = place;
  const below = (commands: readonly Command[]) =>
    commands.map((child) => ({ value: child.name(), description: child.summary() || child.description() }));
  if (isHelp) return operands.length === 0 ? below(subcommandsOf(command)) : [];
  const saved = views().map((name) => ({ value: name, description: 'saved view' }));
  if (command.name() === 'remove') return operands.length === 0 ? saved : [];
  const choices = command.registeredArguments[operands.length]?.argChoices ?? [];
  if (operands.length > 0 || hasFlags) return choices.map((value) => ({ value }));
  const subcommands = below(command.createHelp().visibleCommands(command));
  const asked = command.name() === 'query' ? saved.map(({ value, ...rest }) => ({ value: `@${value}`, ...rest })) : [];
  return [...choices.map((value) => ({ value })), ...subcommands, ...asked];
}

/** @param prefix text before the value in the same word: `--region=` */
async function valuesOf(
  option: Option,
  beginning: string,
  prefix: string,
  { typed }: Place,
  { names }: Sources,
): Promise<readonly Candidate[] | typeof files> {
  const known = suggestionsFor(option) ?? (await names(option.long ?? '', typed));
  if (known.length === 0) return /<(path|url)>/.test(option.flags) ? files : [];
  // In a list, the cursor is in the last part.
  const comma = option.flags.endsWith('<list>') ? beginning.lastIndexOf(',') + 1 : 0;
  const [done, rest] = [beginning.slice(0, comma), beginning.slice(comma)];
  return known.filter((value) => startsWith(value, rest)).map((value) => ({ value: prefix + done + value }));
}

function startsWith(value: string, beginning: string): boolean {
  return value.toLowerCase().startsWith(beginning.toLowerCase());
}
