import { Argument, type Command } from 'commander';
import { addExamples } from '../examples.ts';
import { summaries } from '../summaries.ts';
import { completionScripts, type Shell } from './completion-scripts.ts';

const shells = Object.keys(completionScripts);

export function addCompletion(program: Command): void {
  const command = program
    .command('completion')
    .summary(summaries.completion)
    .description(
      'Prints a script for shell completion of subcommands, subjects, flags and their values, including names of regions,\n' +
        'ships and market groups from the database.',
    )
    .addArgument(new Argument('<shell>', 'shell to complete for').choices(shells))
    .action((shell: Shell) => {
      process.stdout.write(completionScripts[shell]);
    });
  addExamples(command, 'completion');
}
