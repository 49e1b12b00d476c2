import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, type Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addQuery } from '../../src/commands/query/query.ts';
import { questionCommand } from '../../src/commands/query/question.ts';
import { suggestionsFor } from '../../src/commands/suggestions.ts';
import { subjects } from '../../src/query/subjects/subjects.ts';
import { sqlite } from '../helpers/backings.ts';
import { samples as filterSamples } from '../helpers/oracle.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { makeFolder, temporaryFolder } from '../helpers/temporary.ts';

const market = sharedMarket(sqlite);

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fit = join(folder, 'a fit.txt');
writeFileSync(fit, '[Rifter, a fit]\n');

/** A value for each flag with characters that need escaping, by its argument's name. */
const samples: Readonly<Record<string, string>> = {
  '<amount>': '1.5m',
  '<bound>': 'maxRange>=1',
  '<contract id>': '101',
  '<count>': '2',
  '<duration>': '3d',
  '<duration or instant>': '2026-03-01T10:00:00Z',
  '<number>': '1',
  '<path>': fit,
  '<text>': `it's "-x" $(y) \\`,
  '<when>': '0',
};
/** Names of the ends of couriers; the oracle's samples have those of other filters. */
const ends: Readonly<Record<string, string>> = {
  'end-region': 'Domain',
  'end-system': 'Amarr',
  'end-location': 'Amarr VIII',
};

/** The words of a command line for an option. */
function wordsFor(option: Option): string[] {
  const flag = option.long ?? option.flags;
  if (!option.required) return [flag];
  const argument = /<.*>/.exec(option.flags)?.[0] ?? '';
  const name = flag.replace(/^--/, '');
  const named = ends[name] ?? (name === 'item' ? 'Rifter' : filterSamples[name]?.[0]);
  return [flag, suggestionsFor(option)?.[0] ?? samples[argument] ?? named ?? 'Rifter'];
}

const flags = subjects.flatMap((subject) =>
  questionCommand(subject.name, subject).options.map((option) => {
    const flag = option.long ?? option.flags;
    // Prices need an item, and --desc needs --sort.
    const item = subject.name === 'prices' && flag !== '--item' ? ['--item', 'Rifter'] : [];
    const sort = flag === '--desc' ? ['--sort', Object.keys(subject.columns)[0] ?? ''] : [];
    // These flags require a format with a header.
    const format = ['--bom', '--no-header'].includes(flag) ? ['--format', 'csv'] : [];
    return { subject: subject.name, flag, words: [...item, ...sort, ...format, ...wordsFor(option)] };
  }),
);

/** The output of `hangarbay query` on stdout. */
async function answerTo(...words: readonly string[]): Promise<string> {
  const program = new Command('hangarbay').exitOverride();
  addQuery(program, words.slice(0, 1));
  let text = '';
  const output = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(['node', 'hangarbay', 'query', ...words]);
  } finally {
    output.mockRestore();
  }
  return text;
}

describe('a question is saved with', () => {
  beforeAll(() => {
    vi.stubEnv('HANGARBAY_DATABASE_URL', market().database.url);
    vi.stubEnv('HANGARBAY_LOG_LEVEL', 'error');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it.each(flags)(
    '$flag of $subject, and answered the same when it is asked by its name',
    async ({ subject, flag, words }) => {
      vi.stubEnv('XDG_CONFIG_HOME', temporaryFolder());
      vi.stubEnv('XDG_STATE_HOME', temporaryFolder());
      const answer = await answerTo(subject, ...words, '--save', 'mine');
      // Without rows, there is nothing else than the header.
      if (flag !== '--no-header') expect(answer).not.toBe('');
      expect(await answerTo('@mine')).toBe(answer);
    },
  );
});
