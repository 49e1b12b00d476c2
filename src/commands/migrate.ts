import type { Command } from 'commander';
import { readConfig, type SettingName } from '../config.ts';
import { migrate, migrationStatus } from '../store/open.ts';
import { logNewFolder } from './database/new-folder.ts';
import { addExamples } from './examples.ts';
import { addSettings, type CommonFlags, lockWait, logFor, logSettings, waitOption } from './options.ts';
import { summaries } from './summaries.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

interface MigrateFlags extends CommonFlags {
  readonly status?: true;
  readonly wait: string;
}

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .summary(summaries.migrate)
    .description('Brings the schema of the database up to date. Safe to repeat, and after a crash.')
    .addOption(waitOption('30s'))
    .option('--status', 'list the applied and pending migrations, change nothing');
  addExamples(command, 'migrate');
  addSettings(command, names).action(async (flags: MigrateFlags) => {
    const config = readConfig(names, { flags, environment: process.env });
    const log = logFor(config, flags);
    if (flags.status === true) {
      const { applied, pending } = await migrationStatus(config.databaseUrl);
      for (const { name } of applied) process.stdout.write(`applied ${name}\n`);
      for (const { name } of pending) process.stdout.write(`pending ${name}\n`);
      return;
    }
    await logNewFolder(config.databaseUrl, log);
    const { applied, pending } = await migrate(config.databaseUrl, lockWait(flags, log));
    for (const { name } of pending) log.info(`applied ${name}`);
    if (pending.length === 0) log.info(`up to date: ${applied.length} migrations applied`);
  });
}
