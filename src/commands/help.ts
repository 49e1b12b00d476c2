import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { didYouMean, nearestNames } from '../nearest.ts';

export const helpName = 'help';

/** Adds a help subcommand for a path of any depth; commander's supports one level. */
export function addHelp(parent: Command): void {
  parent
    .command(helpName)
    .description('display help for command')
    .argument('[command...]')
    .usage('[command...]')
    .action((path: readonly string[]) => commandAt(parent, path).help());
}

/** The subcommands to show to users. */
export function subcommandsOf(command: Command): readonly Command[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.filter((child) => child.name() !== helpName);
}

/** @throws {UsageError} with the nearest names when the path leads to no command */
function commandAt(root: Command, path: readonly string[]): Command {
  const [word, ...rest] = path;
  if (word === undefined) return root;
  const next = root.commands.find((child) => child.name() === word);
  if (next === undefined) throw unknownCommand(word, root);
  return commandAt(next, rest);
}

function unknownCommand(word: string, parent: Command): UsageError {
  const known = subcommandsOf(parent).map((child) => child.name());
  const hint = didYouMean(nearestNames(word, known));
  const all = known.length === 0 ? '' : ` Commands: ${known.join(', ')}`;
  return new UsageError(`command "${[...pathTo(parent), word].join(' ')}" is unknown${hint || '.'}${all}`);
}

/** The names on the path to a command, including the program's. */
function pathTo(command: Command): string[] {
  return [...(command.parent === null ? [] : pathTo(command.parent)), command.name()];
}
