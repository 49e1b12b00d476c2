import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { didYouMean, nearestNames } from '../nearest.ts';

export const helpName = 'help';

/** Gives a command a subcommand that shows the help of those below it, however deep; commander's knows one level. */
export function addHelp(parent: Command): void {
  parent
    .command(helpName)
    .description('display help for command')
    .argument('[command...]')
    .usage('[command...]')
    .action((path: readonly string[]) => commandAt(parent, path).help());
}

/** The subcommands that a person may want to know of. */
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
  const all = known.length === 0 ? '' : ` Known are: ${known.join(', ')}`;
  return new UsageError(`there is no command "${[...pathTo(parent), word].join(' ')}"${hint || '.'}${all}`);
}

/** The names that lead to a command, the program's among them. */
function pathTo(command: Command): string[] {
  return [...(command.parent === null ? [] : pathTo(command.parent)), command.name()];
}
