import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';

import { ids } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';

import { idsIn, refusalOf, userOf } from './views-user.ts';

const market = sharedMarket(sqlite);
const user = () => userOf(market);

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

  it('saved with one kind of answer is answered with another when that is typed', async () => {
    const { hangarbay } = user();
    const said = async (...args: string[]) => {
      const { code, stdout, stderr } = await hangarbay('query', ...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    };
    const question = ['--id', String(ids.rifter), '--fields', 'contract_id'];
    await said(...question, '--count', '--save', 'counted');
    await said(...question, '--format', 'csv', '--save', 'sheet');
    await said(...question, '--format', 'json', '--envelope', '--save', 'enveloped');
    const json = `[\n{"contract_id":${ids.rifter}}\n]\n`;
    const csv = `contract_id\r\n${ids.rifter}\r\n`;
    expect(await said('@counted', '--format', 'csv')).toBe(csv);
    expect(JSON.parse(await said('@counted', '--envelope'))).toMatchObject({ total: 1 });
    expect(await said('@sheet', '--count')).toBe('1\n');
    expect(JSON.parse(await said('@sheet', '--envelope'))).toMatchObject({ total: 1 });
    expect(await said('@enveloped', '--count')).toBe('1\n');
    expect(JSON.parse(await said('@enveloped', '--format', 'json'))).toEqual(JSON.parse(json));
    expect(JSON.parse(await said('@enveloped', '--limit', '1'))).toMatchObject({ total: 1 });
    // Two conflicting flags on one command line are still an error.
    expect(refusalOf(await hangarbay('query', '@sheet', '--envelope', '--count'))).toContain('omit --count');
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

  it('has its own help', async () => {
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
      expect(refusalOf(await hangarbay('query', `--save=${name}`))).toContain('is not a valid name of a view');
      expect(existsSync(file)).toBe(false);
    },
  );

  it.each(['constructor', 'toString', '1', 'A.b_c-d'])('may be named %s', async (name) => {
    const { hangarbay } = user();
    expect(refusalOf(await hangarbay('query', `@${name}`))).toContain(`view "${name}" is unknown`);
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
    expect(readdirSync(join(config, 'hangarbay'))).toEqual(['views.json', 'views.json.lock']);
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
    expect(refusalOf(await hangarbay('query', '@cheap-ship'))).toContain('Did you mean "cheap-ships"?');
    expect(refusalOf(await hangarbay('views', 'remove', 'cheap'))).toContain('Did you mean "cheap-ships"?');
    expect(refusalOf(await hangarbay('query', '--limit', '1', '@cheap-ships'))).toContain('query @cheap-ships, then');
  });
});
