import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backings, newDatabase } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { openMarket } from '../helpers/market.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

describe('a query on a file of SQLite', () => {
  it('that is not there is refused with the command to run, and makes none', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'deeper', 'contracts.db');
    const { code, stdout, stderr } = await run(['query', '--database-url', path]);
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' });
    expect(stderr).toContain(path);
    expect(stderr).toMatch(/Run: hangarbay (aggregate|migrate)/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is not migrated is refused with the command to run, and stays as it is', async () => {
    const path = join(temporaryFolder(), 'contracts.db');
    writeFileSync(path, '');
    for (const args of [['query'], ['query', 'runs'], ['query', '--count']]) {
      const { code, stdout, stderr } = await run([...args, '--database-url', path]);
      expect({ code, stdout }).toEqual({ code: 10, stdout: '' });
      expect(stderr).toContain('Run: hangarbay migrate');
    }
    expect(readFileSync(path)).toHaveLength(0);
  });

  it.each(['query', 'migrate', 'aggregate'])(
    'that is something else is refused with 13 and left alone: %s',
    async (command) => {
      const path = join(temporaryFolder(), 'notes.txt');
      const content = 'buy tritanium\n'.repeat(100);
      writeFileSync(path, content);
      const { code, stdout, stderr } = await run([command, '--database-url', path]);
      expect({ code, stdout }).toEqual({ code: 13, stdout: '' });
      expect(stderr).toContain(path);
      expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('that is a folder is refused with 13', async () => {
    const folder = join(temporaryFolder(), 'folder');
    mkdirSync(folder);
    for (const command of ['query', 'migrate']) {
      const { code, stdout, stderr } = await run([command, '--database-url', folder]);
      expect({ code, stdout }).toEqual({ code: 13, stdout: '' });
      expect(stderr).toContain(folder);
    }
  });
});

describe.each(backings)('migrate on $name', (backing) => {
  it('brings the schema up to date without a word, and may be repeated', async () => {
    const { url } = await newDatabase(backing);
    const quiet = { code: 0, stdout: '', stderr: '' };
    expect(await run(['migrate', '--database-url', url])).toMatchObject(quiet);
    expect(await run(['migrate', '--database-url', url])).toMatchObject(quiet);
    expect(await run(['query', '-q', '--database-url', url])).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
  });

  it('says on stderr what it did when asked to', async () => {
    const { url } = await newDatabase(backing);
    const first = await run(['migrate', '-v', '--log-format', 'pretty', '--database-url', url]);
    expect(first).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/applied 0000_\w+/) });
    const second = await run(['migrate', '-v', '--log-format', 'pretty', '--database-url', url]);
    expect(second).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('up to date') });
  });

  it('--status lists what is pending, then what is applied, and changes nothing', async () => {
    const { url } = await newDatabase(backing);
    const status = () => run(['migrate', '--status', '--database-url', url]);
    const before = await status();
    expect(before).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(pending \d{4}_\w+\n)+$/), stderr: '' });
    expect(await status()).toEqual(before);
    expect(await run(['query', '--database-url', url])).toMatchObject({ code: 10, stdout: '' });
    await run(['migrate', '--database-url', url]);
    const after = await status();
    expect(after).toMatchObject({ code: 0, stdout: before.stdout.replaceAll('pending', 'applied'), stderr: '' });
    expect(await status()).toEqual(after);
  });

  it('two at once both succeed', async () => {
    const { url } = await newDatabase(backing);
    const both = await Promise.all([1, 2].map(() => run(['migrate', '--database-url', url])));
    expect(both).toMatchObject([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
  });

  it('keeps what is stored', async () => {
    const { database } = await openMarket(backing);
    const all = ['query', '--state', 'all', '--limit', '0', '--items', '--database-url', database.url];
    const before = await run(all);
    expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining('Rifter') });
    await run(['migrate', '--database-url', database.url]);
    expect((await run(all)).stdout).toBe(before.stdout);
  });
});

it('migrate --status makes no file of SQLite', async () => {
  const path = join(temporaryFolder(), 'contracts.db');
  await run(['migrate', '--status', '--database-url', path]);
  expect(existsSync(path)).toBe(false);
});
