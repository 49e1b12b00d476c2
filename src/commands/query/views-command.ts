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
      'Lists the views that were saved with --save, each with its command line. They are stored in hangarbay/views.json in\n' +
        'the XDG configuration directory, which may be edited.',
    );
  addExamples(views, 'views');
  addSettings(views, names).action((flags: CommonFlags) => {
    const log = logFor(readConfig(names, { flags, environment: process.env }), flags);
    const saved = [...readViews()];
    if (saved.length === 0) log.info(`no views in ${viewsPath()}; save one with: hangarbay query … --save NAME`);
    // A file that was edited by hand may have any name.
    const shown = saved.flatMap(([name, entry]) =>
      isWords(entry) ? [{ name: showControlCharacters(name), words: entry }] : [],
    );
    const width = Math.max(...shown.map(({ name }) => name.length));
    for (const { name, words } of shown) {
      process.stdout.write(`@${name.padEnd(width)}  hangarbay query ${words.map(shellQuoted).join(' ')}\n`);
    }
    // stdout has valid views only.
    for (const [name, entry] of saved) if (!isWords(entry)) log.warn(`${notWords(name)}. Fix it, or remove it`);
  });
  const remove = views
    .command('remove')
    .summary('remove a saved view')
    .description('Removes a saved view.')
    .argument('<name>', 'name of the view, with or without @');
  addExamples(remove, 'views remove');
  addSettings(remove, names).action(async (name: string, flags: CommonFlags) => {
    const log = logFor(readConfig(names, { flags, environment: process.env }), flags);
    await removeView(name);
    log.info(`removed ${name}`);
  });
}
