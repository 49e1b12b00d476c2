import type { Command } from 'commander';
import { addExamples } from '../examples.ts';
import { addHelp } from '../help.ts';
import { summaries } from '../summaries.ts';
import { addImportDump } from './dump.ts';
import { addImportEveref } from './everef.ts';
import { addImportSde } from './sde.ts';
import { addImportStructures } from './structures.ts';

export function addImport(program: Command): void {
  const command = program
    .command('import')
    .summary(summaries.import)
    .description('Imports data from sources other than ESI. Takes the lock of the database.');
  addExamples(command, 'import');
  addImportSde(command);
  addImportStructures(command);
  addImportEveref(command);
  addImportDump(command);
  addHelp(command);
}
