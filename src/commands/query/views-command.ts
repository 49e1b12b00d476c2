import type { Command } from 'commander';
import { readConfig, type SettingName } from '../../config.ts';
import { showControlCharacters } from '../../visible.ts';
import { shellQuoted } from '../completion/shell-words.ts';
import { addExamples } from '../examples.ts';
import { addSettings, type CommonFlags, logFor, logSettings } from '../options.ts';
import { summaries } from '../summaries.ts';
import { isWords, notWords, readViews, removeView, viewsPath } from './views.ts';

const names = [...logSettings] as const satisfies SettingName[];

export function addViews(program: Command): void {
  const views = program
    .command('views')
    .summary(summaries.views)
    .description(
      'Lists the questions that were saved with --save, each with the command line it stands for. They are kept in\n' +
        'hangarbay/views.json in the XDG configuration directory, a file that may be edited.',
    );
  addExamples(views, 'views');
  addSettings(views, names).action((flags: CommonFlags) => {
    const log = logFor(readConfig(names, { flags, environment: process.env }), flags);
    const saved = [...readViews()];
    if (saved.length === 0) log.info(`no views in ${viewsPath()}; to save one: hangarbay query … --save NAME`);
    // A file that was edited by hand may hold any name.
    const shown = saved.flatMap(([name, entry]) =>
      isWords(entry) ? [{ name: showControlCharacters(name), words: entry }] : [],
    );
    const width = Math.max(...shown.map(({ name }) => name.length));
    for (const { name, words } of shown) {
      process.stdout.write(`@${name.padEnd(width)}  hangarbay query ${words.map(shellQuoted).join(' ')}\n`);
    }
    // What stands on stdout can be asked.
    for (const [name, entry] of saved) if (!isWords(entry)) log.warn(`${notWords(name)}; mend it, or remove it`);
  });
  const remove = views
    .command('remove')
    .summary('remove a saved question')
    .description('Removes a saved question.')
    .argument('<name>', 'with its @ or without');
  addExamples(remove, 'views remove');
  addSettings(remove, names).action(async (name: string, flags: CommonFlags) => {
    const log = logFor(readConfig(names, { flags, environment: process.env }), flags);
    await removeView(name);
    log.info(`removed ${name}`);
  });
}
