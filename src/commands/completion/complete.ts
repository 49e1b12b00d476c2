import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { openForQueries } from '../../store/open.ts';
import { isViewName, readViews } from '../query/views.ts';
import { type Candidate, candidatesFor, files, type Sources } from './candidates.ts';
import { hasNames, namesFor } from './completions.ts';
import { quoteFor, splitLine, unquote } from './shell-words.ts';

/** The shell waits for the completion, so an unresponsive server is abandoned soon. */
const patienceMilliseconds = 1_500;

/**
 * The hidden command that the shells' scripts run at every Tab: `__complete bash LINE WORD` (the line up to the cursor,
 * and the part of it that bash will replace), `__complete zsh|fish WORDS…`. Prints one candidate per line, followed by
 * a tab and its description except for bash; `:files` for a path.
 *
 * @param createProgram builds the command line as far as these words need it
 */
export function addComplete(program: Command, createProgram: (words: readonly string[]) => Promise<Command>): void {
  program
    .command('__complete', { hidden: true })
    .argument('<shell>')
    .argument('[words...]')
    .action(async (shell: string, words: readonly string[]) => {
      const [line = '', replaced = ''] = words;
      const bash = splitLine(line);
      const typed = shell === 'bash' ? bash.words.slice(1) : [...words.slice(0, -1), unquote(words.at(-1) ?? '')];
      // The word at the cursor is incomplete, so it selects no command.
      const tree = await createProgram(typed.slice(0, -1));
      const candidates = await candidatesFor(tree, typed, sources);
      if (candidates === files) {
        process.stdout.write(':files\n');
        return;
      }
      const begun = (typed.at(-1) ?? '').length - unquote(replaced).length;
      const text = ({ value, description }: Candidate) =>
        shell === 'bash' ? quoteFor(value.slice(begun), bash.quote) : description ? `${value}\t${description}` : value;
      process.stdout.write(candidates.map((candidate) => `${text(candidate)}\n`).join(''));
    });
}

const sources: Sources = {
  async names(flag, typed) {
    if (!hasNames(flag)) return [];
    // A completion never shows errors of the database.
    return Promise.race([knownNames(flag, typed).catch(() => []), sleep(patienceMilliseconds, [], { ref: false })]);
  },
  views() {
    try {
      return [...readViews().keys()].filter(isViewName);
    } catch {
      return [];
    }
  },
};

async function knownNames(flag: string, typed: ReadonlyMap<string, string>): Promise<string[]> {
  const flags = { databaseUrl: typed.get('--database-url'), envFile: typed.get('--env-file') };
  const { databaseUrl } = readConfig(['databaseUrl'], { flags, environment: process.env });
  const store = await openForQueries(databaseUrl);
  try {
    return await store.read((reader) => namesFor(flag, reader, typed));
  } finally {
    await store.close();
  }
}
