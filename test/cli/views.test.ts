import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { type Ended, run } from '../helpers/cli.ts';
import { ids } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const market = sharedMarket(sqlite);

/** A user with a configuration of their own. */
function user() {
  const config = temporaryFolder();
  const file = join(config, 'hangarbay', 'views.json');
  const environment = { XDG_CONFIG_HOME: config };
  return {
    config,
    file,
    hangarbay: (...args: string[]) => run(args, { ...environment, HANGARBAY_DATABASE_URL: market().database.url }),
    write(text: string): void {
      mkdirSync(join(config, 'hangarbay'), { recursive: true });
      writeFileSync(file, text);
    },
    environment,
  };
}

/** The ids of the answer, which must have been given. */
function idsIn({ code, stdout, stderr }: Ended): number[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { contract_id: number }[]).map(({ contract_id }) => contract_id);
}

/** The one line on stderr. */
function messageIn(stderr: string): string {
  const { level, message } = JSON.parse(stderr) as { level: string; message: string };
  expect(level).toBe('error');
  return message;
}

/** The message of a mistake: exit code 2, nothing on stdout, a line on stderr. */
function refusalOf({ code, stdout, stderr }: Ended): string {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return messageIn(stderr);
}

describe('a saved question', () => {
  it('is answered when it is saved, and the same when it is asked by its name', async () => {
    const { hangarbay, file } = user();
    const question = [
      'contracts',
      '--ship',
      'Rifter',
      '--max-price',
      '20m',
      '--sort',
      'price',
      '--fields',
      'contract_id',
    ];
    const saved = await hangarbay('query', ...question, '--save', 'cheap-ships');
    expect(idsIn(saved)).toEqual([ids.rifter, ids.pair]);
    expect(await hangarbay('query', '@cheap-ships')).toEqual(saved);
    expect(readFileSync(file, 'utf8')).toBe(
      '{\n  "cheap-ships": ["contracts", "--max-price", "20m", "--ship", "Rifter", ' +
        '"--sort", "price", "--fields", "contract_id"]\n}\n',
    );
  });

  it('takes further flags, which replace its own or add to them', async () => {
    const { hangarbay } = user();
    await hangarbay('query', '--ships', '--max-price', '20m', '--sort', 'price', '--desc', '--save', 'ships');
    const sorted = [ids.pair, ids.rifter, ids.auction];
    expect(idsIn(await hangarbay('query', '@ships'))).toEqual(sorted);
    expect(idsIn(await hangarbay('query', '@ships', '--limit', '2'))).toEqual(sorted.slice(0, 2));
    expect(idsIn(await hangarbay('query', '@ships', '--max-price', '10m'))).toEqual([ids.rifter, ids.auction]);
    expect(idsIn(await hangarbay('query', '@ships', '--max-price', '1', '--max-price', '8.2m'))).toEqual([
      ids.rifter,
      ids.auction,
    ]);
    expect(idsIn(await hangarbay('query', '@ships', '--region', 'The Forge'))).toEqual([ids.pair, ids.rifter]);
    expect(idsIn(await hangarbay('query', '@ships', '--sort', 'contract_id'))).toEqual(sorted.toSorted());
    expect((await hangarbay('query', '@ships', '--count')).stdout).toBe('3\n');
  });

  it('may be about another subject, and may be saved from another one', async () => {
    const { hangarbay, file } = user();
    await hangarbay('query', 'types', '--name', 'rif', '--save', 'rif');
    await hangarbay('query', '@rif', '--fields', 'name', '--save', '@rif-names');
    expect(JSON.parse((await hangarbay('query', '@rif-names')).stdout)).toEqual([
      { name: 'Rifter' },
      { name: 'Rifter Blueprint' },
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      rif: ['types', '--name', 'rif'],
      'rif-names': ['types', '--name', 'rif', '--fields', 'name'],
    });
  });

  it('keeps names with spaces and quotes, but neither the database nor how to log', async () => {
    const { hangarbay, file } = user();
    const odd = `it's a "title"; $(x) \\`;
    await hangarbay(
      'query',
      '--title',
      odd,
      '--region',
      'The Forge',
      '-q',
      '--database-url',
      market().database.url,
      '--save',
      'odd',
    );
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      odd: ['contracts', '--region', 'The Forge', '--title', odd],
    });
    const { stdout } = await hangarbay('views');
    const [, line = ''] = /^@odd {2}hangarbay query (.*)\n$/.exec(stdout) ?? [];
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
    expect(words.split('\0').slice(0, -1)).toEqual(['contracts', '--region', 'The Forge', '--title', odd]);
  });

  it('has help of its own', async () => {
    const { hangarbay } = user();
    await hangarbay('query', 'types', '--save', 'mine');
    const { code, stdout } = await hangarbay('query', '@mine', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('hangarbay query @mine [options]');
    expect(stdout).toContain('--name');
  });

  it('that is refused is not saved', async () => {
    const { hangarbay, file } = user();
    refusalOf(await hangarbay('query', '--ship', 'Riftr', '--save', 'typo'));
    refusalOf(await hangarbay('query', '--sort', 'prise', '--save', 'typo'));
    expect(existsSync(file)).toBe(false);
  });

  it.each(['', '@', '.', '-x', 'a b', '../evil', 'a/b', 'ä', 'x'.repeat(65), '__proto__'])(
    'cannot be named %j',
    async (name) => {
      const { hangarbay, file } = user();
      expect(refusalOf(await hangarbay('query', `--save=${name}`))).toContain('cannot name a view');
      expect(existsSync(file)).toBe(false);
    },
  );

  it.each(['constructor', 'toString', '1', 'A.b_c-d'])('may be named %s', async (name) => {
    const { hangarbay } = user();
    expect(refusalOf(await hangarbay('query', `@${name}`))).toContain(`there is no saved view "${name}"`);
    await hangarbay('query', '--limit', '1', '--save', name);
    expect(idsIn(await hangarbay('query', `@${name}`))).toHaveLength(1);
  });
});

describe('the list of saved questions', () => {
  it('is empty at first, and nothing is made by looking', async () => {
    const { hangarbay, config } = user();
    expect(await hangarbay('views')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect((await hangarbay('views', '-v')).stderr).toContain('--save NAME');
    expect(readdirSync(config)).toEqual([]);
  });

  it('has a line each; one that is saved again is replaced, one that is removed is gone', async () => {
    const { hangarbay, config } = user();
    await hangarbay('query', '--ships', '--save', 'a');
    await hangarbay('query', 'types', '--save', 'longer');
    await hangarbay('query', 'runs', '--limit', '3', '--save', 'a');
    expect((await hangarbay('views')).stdout).toBe(
      '@a       hangarbay query runs --limit 3\n@longer  hangarbay query types\n',
    );
    expect(await hangarbay('views', 'remove', '@a')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect((await hangarbay('views')).stdout).toBe('@longer  hangarbay query types\n');
    expect(await hangarbay('views', 'remove', 'longer')).toMatchObject({ code: 0 });
    expect((await hangarbay('views')).stdout).toBe('');
    expect(readdirSync(join(config, 'hangarbay'))).toEqual(['views.json']);
  });

  it('obeys nothing that is saved or written in the file', async () => {
    const { hangarbay, write } = user();
    write(JSON.stringify({ '\u001b]0;x\u0007': ['types'], a: ['contracts', '--title', '\u001b[2J\u202E\nb'] }));
    expect((await hangarbay('views')).stdout).toBe(
      '@\\u001b]0;x\\u0007  hangarbay query types\n' +
        `@a${' '.repeat(15)}  hangarbay query contracts --title $'\\x1b[2J\\xe2\\x80\\xae\\x0ab'\n`,
    );
  });

  it('says which name may have been meant', async () => {
    const { hangarbay } = user();
    await hangarbay('query', '--ships', '--save', 'cheap-ships');
    expect(refusalOf(await hangarbay('query', '@cheap-ship'))).toContain('did you mean "cheap-ships"?');
    expect(refusalOf(await hangarbay('views', 'remove', 'cheap'))).toContain('did you mean "cheap-ships"?');
    expect(refusalOf(await hangarbay('query', '--limit', '1', '@cheap-ships'))).toContain('query @cheap-ships, then');
  });
});

describe('the file of saved questions', () => {
  it.each([
    ['{', 'JSON'],
    ['[]', 'it is no object'],
    ['null', 'it is no object'],
    ['{"a": "contracts"}', '"a" is no list of words'],
    ['{"a": []}', '"a" is no list of words'],
    ['{"a": ["contracts", 5]}', '"a" is no list of words'],
  ])('that holds %s is refused with its path, and not touched', async (text, problem) => {
    const { hangarbay, file, write } = user();
    write(text);
    for (const args of [['query', '@a'], ['views'], ['views', 'remove', 'a'], ['query', '--save', 'b']]) {
      const message = refusalOf(await hangarbay(...args));
      expect(message).toContain(file);
      expect(message).toContain(problem);
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
    // Who asks for no view is not bothered.
    expect((await hangarbay('query')).code).toBe(0);
  });

  it.each([
    [['contract'], 'there is no subject "contract"'],
    [['contracts', '--shps'], '"--shps" is no part of a question about contracts'],
    [['contracts', 'types'], '"types" is no part'],
    [['contracts', '--max-price'], '--max-price <amount>'],
    [['contracts', '--format', 'xml'], 'xml'],
    [['contracts', '--database-url', 'x'], '"--database-url" is no part'],
    [['types', '--ships'], '"--ships" is no part of a question about types'],
  ])('may be edited; with %j in it the view is named', async (words, problem) => {
    const { hangarbay, write } = user();
    write(JSON.stringify({ edited: words, fine: ['contracts', '--limit', '1'] }));
    const message = refusalOf(await hangarbay('query', '@edited'));
    expect(message).toContain('the saved view "edited" cannot be asked');
    expect(message).toContain(problem);
    expect(idsIn(await hangarbay('query', '@fine'))).toHaveLength(1);
  });

  it('is for the eyes of its owner, unless they say otherwise', async () => {
    const { environment, file, config } = user();
    const executable = join(import.meta.dirname, '../../bin/hangarbay.js');
    const save = (umask: string, name: string) =>
      execFileSync(
        'sh',
        ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, executable, 'query', '--save', name],
        {
          env: { PATH: process.env.PATH, ...environment, HANGARBAY_DATABASE_URL: market().database.url },
        },
      );
    save('000', 'a');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(config, 'hangarbay')).mode & 0o777).toBe(0o700);
    chmodSync(file, 0o644);
    save('077', 'b');
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it('may be a link, which stays', async () => {
    const { hangarbay, file, write, config } = user();
    write('{}');
    const kept = join(config, 'kept.json');
    execFileSync('mv', [file, kept]);
    symlinkSync(kept, file);
    await hangarbay('query', '--ships', '--save', 'a');
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual({ a: ['contracts', '--ships'] });
  });

  it('that is a link to nothing is told, and left alone', async () => {
    const { hangarbay, file, config } = user();
    mkdirSync(dirname(file));
    symlinkSync(join(config, 'not', 'mounted'), file);
    for (const args of [['views'], ['query', '@a'], ['query', '--save', 'a']]) {
      expect(refusalOf(await hangarbay(...args))).toContain('symbolic link that leads nowhere');
    }
    expect(readlinkSync(file)).toBe(join(config, 'not', 'mounted'));
  });

  it('may begin with a byte-order mark, as some editors have it', async () => {
    const { hangarbay, file, write } = user();
    write('\uFEFF{"a": ["contracts", "--ships"]}');
    expect((await hangarbay('views')).stdout).toBe('@a  hangarbay query contracts --ships\n');
    await hangarbay('query', 'types', '--save', 'b');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: ['contracts', '--ships'], b: ['types'] });
  });

  it('is in the home directory where XDG_CONFIG_HOME is not set, or relative', async () => {
    const home = temporaryFolder();
    for (const [index, variables] of [{}, { XDG_CONFIG_HOME: 'relative' }, { XDG_CONFIG_HOME: '' }].entries()) {
      const environment = { ...variables, HOME: home, HANGARBAY_DATABASE_URL: market().database.url };
      expect((await run(['query', '--save', `view${index}`], environment)).code).toBe(0);
    }
    const text = readFileSync(join(home, '.config/hangarbay/views.json'), 'utf8');
    expect(Object.keys(JSON.parse(text))).toEqual(['view0', 'view1', 'view2']);
    expect(existsSync('relative')).toBe(false);
  });

  it('that cannot be written is a failure, told in a line', async () => {
    const { config, hangarbay } = user();
    writeFileSync(join(config, 'hangarbay'), 'a file where a folder is due');
    const ended = await hangarbay('query', '--save', 'a');
    expect(ended.stdout).toBe('');
    expect(ended.code).not.toBe(0);
    expect(messageIn(ended.stderr)).toMatch(/^cannot (read|write) the saved views /);
  });
});
