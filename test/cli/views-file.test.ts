import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteClient from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { ids } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { idsIn, messageIn, refusalOf, userOf } from './views-user.ts';

const market = sharedMarket(sqlite);
const user = () => userOf(market);

describe('the file of saved questions', () => {
  it.each([
    ['{', 'JSON'],
    ['[]', 'not an object'],
    ['null', 'not an object'],
  ])('that holds %s is refused with its path, and not touched', async (text, problem) => {
    const { hangarbay, file, write } = user();
    write(text);
    for (const args of [['query', '@a'], ['views'], ['views', 'remove', 'a'], ['query', '--save', 'b']]) {
      const message = refusalOf(await hangarbay(...args));
      expect(message).toContain(file);
      expect(message).toContain(problem);
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
    // Commands without a view do not read the file.
    expect((await hangarbay('query')).code).toBe(0);
  });

  it.each([['contracts'], [[]], [['contracts', 5]], [null], [{ words: ['contracts'] }]])(
    'may have a malformed entry, %j, which is reported when it is used or listed, and affects no others',
    async (entry) => {
      const { hangarbay, file, write } = user();
      write(JSON.stringify({ a: ['contracts', '--id', String(ids.rifter)], b: entry, 'my view': ['types'] }));
      expect(idsIn(await hangarbay('query', '@a'))).toEqual([ids.rifter]);
      const refused = refusalOf(await hangarbay('query', '@b'));
      for (const text of ['"b"', file, 'is not a list of words such as']) expect(refused).toContain(text);

      const { code, stdout, stderr } = await hangarbay('views');
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: `@a        hangarbay query contracts --id ${ids.rifter}\n@my view  hangarbay query types\n`,
      });
      expect(JSON.parse(stderr)).toMatchObject({ level: 'warn', msg: expect.stringContaining('"b"') });

      await hangarbay('query', 'runs', '--save', 'c');
      expect(await hangarbay('views', 'remove', 'a')).toMatchObject({ code: 0 });
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ b: entry, 'my view': ['types'], c: ['runs'] });
      expect(await hangarbay('views', 'remove', '@b')).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'my view': ['types'], c: ['runs'] });
    },
  );

  it('may have names that cannot be asked, which can be removed as they stand', async () => {
    const { hangarbay, file, write } = user();
    write(JSON.stringify({ 'my view': ['types'], '@': ['types'], a: ['types'], '@a': ['types'], __proto: ['types'] }));
    for (const name of ['my view', '@', '@a', '__proto']) {
      expect(await hangarbay('views', 'remove', name)).toMatchObject({ code: 0, stderr: '' });
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: ['types'] });
    expect(refusalOf(await hangarbay('views', 'remove', 'my view'))).toContain('view "my view" is unknown');
  });

  it.each([
    [['contract'], 'subject "contract" is unknown'],
    [['contracts', '--shps'], '"--shps" is not a flag of query contracts'],
    [['contracts', 'types'], '"types" is not a flag'],
    [['contracts', '--max-price'], '--max-price <amount>'],
    [['contracts', '--format', 'xml'], 'xml'],
    [['contracts', '--database-url', 'x'], '"--database-url" is not a flag'],
    [['types', '--ships'], '"--ships" is not a flag of query types'],
  ])('may be edited; with %j in it the view is named', async (words, problem) => {
    const { hangarbay, write } = user();
    write(JSON.stringify({ edited: words, fine: ['contracts', '--limit', '1'] }));
    const message = refusalOf(await hangarbay('query', '@edited'));
    expect(message).toContain('the saved view "edited" is invalid');
    expect(message).toContain(problem);
    expect(idsIn(await hangarbay('query', '@fine'))).toHaveLength(1);
  });

  it('loses nothing when many save and remove at once', async () => {
    const { hangarbay, file } = user();
    await hangarbay('query', '--limit', '1', '--save', 'old');
    const names = Array.from({ length: 8 }, (_, index) => `view${index}`);
    const saves = names.map((name) => hangarbay('query', '--limit', '1', '--save', name));
    const ended = await Promise.all([...saves, hangarbay('views', 'remove', 'old')]);
    for (const { code, stderr } of ended) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8'))).toSorted()).toEqual(names);
  });

  it('that another process is writing to is waited for, and not for ever', async () => {
    const { hangarbay, file, write } = user();
    write('{}');
    const holder = new SqliteClient(`${file}.lock`);
    onTestFinished(() => {
      holder.close();
    });
    holder.exec('BEGIN EXCLUSIVE');
    const { code, stdout, stderr } = await hangarbay('query', '--save', 'a');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(messageIn(stderr)).toContain(`cannot write the saved views to ${file}`);
    expect(readFileSync(file, 'utf8')).toBe('{}');
    holder.close();
    expect(await hangarbay('query', '--save', 'a')).toMatchObject({ code: 0 });
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

  it('that is a dangling link is an error, and left alone', async () => {
    const { hangarbay, file, config } = user();
    mkdirSync(dirname(file));
    symlinkSync(join(config, 'not', 'mounted'), file);
    for (const args of [['views'], ['query', '@a'], ['query', '--save', 'a']]) {
      expect(refusalOf(await hangarbay(...args))).toContain('dangling symbolic link');
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

  it('that cannot be written is a failure with a one-line message', async () => {
    const { config, hangarbay } = user();
    writeFileSync(join(config, 'hangarbay'), 'a file where a folder is due');
    const ended = await hangarbay('query', '--save', 'a');
    expect(ended.stdout).toBe('');
    expect(ended.code).not.toBe(0);
    expect(messageIn(ended.stderr)).toMatch(/^cannot (read|write) the saved views /);
  });
});
