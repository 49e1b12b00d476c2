import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { messageOf, UsageError } from '../../errors.ts';
import { parseStructures, type Structure } from '../../eve/structures.ts';
import { readEncodedText } from '../../files.ts';
import { findRoutes } from '../../sde/routes.ts';
import { openLocked } from '../../store/open.ts';
import { toInstant } from '../../time.ts';
import { logNewFolder } from '../database/new-folder.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, lockWait, logFor, logSettings, waitOption } from '../options.ts';
import { printJson } from '../output.ts';

const names = ['databaseUrl', ...logSettings] as const satisfies SettingName[];

interface ImportFlags extends CommonFlags {
  readonly allowEmpty?: true;
  readonly json?: true;
  readonly wait: string;
}

export function addImportStructures(parent: Command): void {
  const command = parent
    .command('structures')
    .summary('names and systems of player structures')
    .description(
      'Reads a list of player structures, whose names ESI does not publish: CSV with a header, or a JSON array, with\n' +
        'structure_id, name and system_id. Replaces the structures of the last import: all or nothing.',
    )
    .argument('<source>', 'a file, or - for stdin')
    .option('--allow-empty', 'also accept a list without structures, which removes those of the last import')
    .addOption(waitOption('0'))
    .option('--json', 'print one JSON object');
  addExamples(command, 'import structures');
  addSettings(command, names).action(importStructures);
}

async function importStructures(source: string, flags: ImportFlags): Promise<void> {
  const config = readConfig(names, { flags, environment: process.env });
  const log = logFor(config, flags);
  const wait = lockWait(flags, log);
  const structures = await readStructures(source);
  // For example after a download that failed. The names would go without a word.
  if (structures.length === 0 && flags.allowEmpty !== true) {
    throw new UsageError(`${nameOf(source)}: has no structures; to remove those of the last import: --allow-empty`);
  }
  await logNewFolder(config.databaseUrl, log);
  const { store, close } = await openLocked(config.databaseUrl, wait);
  try {
    await store.replaceStructures(structures, toInstant(new Date()));
    await findRoutes(store);
  } finally {
    await close();
  }
  log.info(`${structures.length} structures imported`);
  if (flags.json === true) printJson({ source, structures: structures.length });
}

/** The source in messages. */
const nameOf = (source: string) => (source === '-' ? 'stdin' : source);

/** @throws {UsageError} when the source is unreadable or a row is malformed */
async function readStructures(source: string): Promise<Structure[]> {
  try {
    return parseStructures(source === '-' ? await text(process.stdin) : readEncodedText(source));
  } catch (error) {
    throw new UsageError(`${nameOf(source)}: ${messageOf(error)}`, { cause: error });
  }
}
