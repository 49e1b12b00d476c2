import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { addAggregate } from '../../src/commands/aggregate.ts';
import { addMigrate } from '../../src/commands/migrate.ts';
import { createProgram } from '../../src/commands/program.ts';
import { addQuery } from '../../src/commands/query/query.ts';
import { readConfig, type SettingName, settings } from '../../src/config.ts';
import { HangarbayError, UsageError } from '../../src/errors.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { flagOf } from '../../src/query/engine/filter.ts';
import type { Subject } from '../../src/query/engine/subject.ts';
import { subjects } from '../../src/query/subjects/subjects.ts';
import { storageErrorOf } from '../../src/store/failures.ts';
import { anyCharacter } from '../helpers/any-character.ts';
import { sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { hostileTexts } from '../helpers/hostile-json.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const names = Object.keys(settings) as SettingName[];

/** Valid arguments and variables of the operating system: no NUL, and whole characters. */
const words = fc
  .oneof(
    hostileTexts,
    fc.string({ unit: anyCharacter, maxLength: 30 }),
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e9',
      '007',
      '99999999999999999999',
      'NaN',
      'Infinity',
      '25m',
      '1.5b',
      'all',
      '--',
      '-',
    ),
    fc.constantFrom(
      'postgres://',
      'postgres://a:%zz@h/d',
      'postgres://h/%',
      'redis://%:%@h',
      'file://x/y',
      'http://[',
      'C:',
    ),
    fc.webUrl(),
    fc.constantFrom('__proto__', 'constructor', 'toString', '/dev/null', '/', '.'),
  )
  .map((text) => text.toWellFormed().replaceAll('\0', ''));

describe('any value of any setting', () => {
  it.each(names)('%s is read, or refused in a line that names it and shows a good one', (name) => {
    const { flag, environment } = settings[name];
    const property = flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    fc.assert(
      fc.property(words, fc.boolean(), (word, isFlag) => {
        const raw = isFlag
          ? { flags: { [property]: word }, environment: {} }
          : { flags: {}, environment: { [environment]: word } };
        try {
          readConfig([name], raw);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          const { message } = error as UsageError;
          expect(message).toContain(isFlag ? `${flag}: ` : `${environment}: `);
          expect(message).toContain(isFlag ? `; for example ${flag} ` : `; for example ${environment}=`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('in an env file, whatever else is in it', () => {
    const path = join(temporaryFolder(), 'hangarbay.env');
    const name = fc.oneof(fc.constantFrom(...names.map((each) => settings[each].environment)), words);
    const line = fc
      .tuple(name, fc.constantFrom('=', ' = ', '="', "='", ''), hostileTexts)
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        writeFileSync(path, lines.join('\n'));
        try {
          readConfig(names, { flags: { envFile: path }, environment: {} });
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          for (const said of (error as UsageError).message.split('\n')) expect(said).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(names)('the example of %s is a good one', (name) => {
    const { environment, example } = settings[name];
    expect(() => readConfig([name], { flags: {}, environment: { [environment]: example } })).not.toThrow();
  });

  it.each(['databaseUrl', 'cacheUrl', 'esiUrl'] as const)(
    'a password in %s is in no message, however it is written',
    (name) => {
      const secrets = fc.constantFrom(
        'hunter2',
        'hunter2%zz',
        'hunter2%40',
        'hunter2@',
        'hunter2/x',
        'hunter2#',
        'hunter2 ',
      );
      const schemes = fc.constantFrom(
        'postgres',
        'postgresql',
        'redis',
        'rediss',
        'http',
        'mysql',
        'sqlite',
        'file',
        '',
      );
      const hosts = fc.constantFrom('h', 'h:port', '[', '', 'h:99999', '%zz', 'a b');
      fc.assert(
        fc.property(schemes, secrets, hosts, fc.constantFrom('://', ':', '//', ':/'), (scheme, secret, host, colon) => {
          const text = `${scheme}${colon}user:${secret}@${host}/d?password=${secret}`;
          try {
            readConfig([name], { flags: {}, environment: { [settings[name].environment]: text } });
          } catch (error) {
            expect((error as Error).message).not.toContain('hunter2');
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});

/** Parses a command line like the program, without output. */
async function parse(args: readonly string[]): Promise<unknown> {
  const program = new Command('hangarbay').exitOverride();
  for (const add of [addMigrate, addAggregate, addQuery]) add(program);
  return parseQuietly(program, args);
}

async function parseQuietly(program: Command, args: readonly string[]): Promise<unknown> {
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr() {}, writeOut() {} });
    command.commands.forEach(quiet);
  };
  quiet(program);
  return program.parseAsync(['node', 'hangarbay', ...args]).catch((error: unknown) => error);
}

const flagsOf = (subject: Subject) => [
  ...subject.filters.map(flagOf),
  ...subject.nested.map(({ name }) => `--${name}`),
  ...['--sort', '--desc', '--limit', '--offset', '--fields', '--count', '--format', '--env-file'],
];

describe('any command line', () => {
  const market = sharedMarket(sqlite);

  it('of query answers, or is refused with its own message and exit code', async () => {
    const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const seen = new Set<string>();
    try {
      const lines = fc.constantFrom(...subjects).chain((subject) => {
        const flag = fc.constantFrom(...flagsOf(subject));
        const part = fc.oneof(
          fc.tuple(flag, words).map((both): string[] => both),
          flag.map((one) => [one]),
          fc.tuple(flag, words).map(([one, word]) => [`${one}=${word}`]),
          fc.tuple(fc.constantFrom('--limit', '--offset'), fc.nat()).map(([one, count]) => [one, String(count)]),
          words.map((word) => [word]),
        );
        return fc.array(part, { maxLength: 4 }).map((parts) => ['query', subject.name, ...parts.flat()]);
      });
      await fc.assert(
        fc.asyncProperty(lines, async (line) => {
          const outcome = await parse([...line, '--database-url', market().database.url]);
          seen.add(outcome instanceof Error ? outcome.name : 'answer');
          if (!(outcome instanceof Error) || outcome instanceof CommanderError) return;
          const told = outcome instanceof HangarbayError ? outcome : storageErrorOf(outcome);
          expect(told, outcome.stack).toBeDefined();
          expect(told?.message).not.toBe('');
          expect(told?.exitCode).not.toBe(exitCodes.failure);
        }),
        { numRuns: 600 },
      );
    } finally {
      output.mockRestore();
      errors.mockRestore();
    }
    expect([...seen].sort()).toEqual(['CommanderError', 'UsageError', 'answer']);
  });

  it('whose first word is not a subcommand is refused as such, whatever the word means elsewhere', async () => {
    const meant = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty', 'migrate ', 'QUERY', '@mine'];
    const first = fc.oneof(fc.constantFrom(...meant), words).filter((word) => !word.startsWith('-'));
    const after = fc.oneof(fc.constant('@'), words);
    await fc.assert(
      fc.asyncProperty(first, after, async (word, next) => {
        const outcome = await createProgram([word, next]).then((program) => parseQuietly(program, [word, next]));
        expect(outcome).toMatchObject({ code: 'commander.unknownCommand' });
      }),
      { numRuns: 100 },
    );
  });

  it('of the executable, a sample: no stack trace, no exit code 1', async () => {
    // No folder can be created inside a file, not even by root.
    const nowhere = join(import.meta.filename, 'contracts.db');
    const flags = [
      ...names.map((name) => settings[name].flag),
      '--env-file',
      '--json',
      '--status',
      '-v',
      '-q',
      '--nonsense',
    ];
    const lines = fc.tuple(
      fc.constantFrom('migrate', 'aggregate', 'query', 'query runs', 'querry', 'constructor', '__proto__', ''),
      fc.array(fc.tuple(fc.constantFrom(...flags), words), { maxLength: 3 }),
      fc.array(fc.tuple(fc.constantFrom(...names), words), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(lines, async ([command, typed, variables]) => {
        const environment = Object.fromEntries(variables.map(([name, word]) => [settings[name].environment, word]));
        const args = [
          ...command.split(' '),
          ...typed.flat(),
          '--esi-url',
          'http://127.0.0.1:1',
          '--database-url',
          nowhere,
        ];
        const { code, stderr } = await run(args, environment);
        expect([0, 2, 10, 11, 12, 13], stderr).toContain(code);
        expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
        if (code !== 0) expect(stderr).not.toBe('');
      }),
      { numRuns: 25 },
    );
  });
});
