import type { Command } from 'commander';
import { addExamples } from '../examples.ts';
import { addHelp } from '../help.ts';
import { summaries } from '../summaries.ts';
import { addExportDump } from './dump.ts';
import { addExportEveref } from './everef.ts';
import { addExportParquet } from './parquet.ts';

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .summary(summaries.export)
    .description('Writes the contents of the database as of one moment. Takes no lock: passes and queries continue.');
  addExamples(command, 'export');
  addExportDump(command);
  addExportParquet(command);
  addExportEveref(command);
  addHelp(command);
}
