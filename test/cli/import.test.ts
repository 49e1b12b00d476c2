import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildUniverse } from '../fake-esi/universe/build.ts';
import { backings, newMigratedDatabase, openTestStore, sqlite } from '../helpers/backings.ts';
import { run, start } from '../helpers/cli.ts';
import { build, exportOf, releaseDate, zipOf } from '../helpers/static-export.ts';
import { rowsFrom } from '../helpers/tables.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const zip = await zipOf(exportOf(buildUniverse({ regions: [10_000_002], syntheticTypes: 0 })));

function exportFile(): string {
  const path = join(temporaryFolder(), 'export.zip');
  writeFileSync(path, zip);
  return path;
}

describe('hangarbay import sde', () => {
  it('makes a database that is not there yet, says what it did, and status shows the build', async () => {
    const environment = { HANGARBAY_DATABASE_URL: join(temporaryFolder(), 'new.db') };
    const source = exportFile();
    const imported = await run(['import', 'sde', source, '--json'], environment);
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(imported.stdout)).toMatchObject({ source, outcome: 'imported', build, released_at: releaseDate });
    const status = await run(['status', '--json'], environment);
    expect(JSON.parse(status.stdout)).toMatchObject({ static_data: { build, released_at: releaseDate } });
    expect((await run(['status'], environment)).stdout).toContain(`static data: build ${build} of ${releaseDate}`);
  });

  it('prints nothing from cron', async () => {
    const { url } = await newMigratedDatabase(sqlite);
    const ended = await run(['import', 'sde', exportFile()], { HANGARBAY_DATABASE_URL: url });
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it.each(backings)('exits with 11 during a pass, on $name', async (backing) => {
    const { database } = await openTestStore(backing);
    const ended = await run(['import', 'sde', exportFile()], { HANGARBAY_DATABASE_URL: database.url });
    expect(ended.code).toBe(11);
  });

  it('ends at a signal, though the server is silent, and has changed nothing', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { url } = await newMigratedDatabase(sqlite);
    const environment = { HANGARBAY_DATABASE_URL: url };
    const running = start(['import', 'sde', `http://127.0.0.1:${port}/export.zip`], environment);
    const [socket] = await once(server, 'connection');
    onTestFinished(() => socket.destroy());
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({
      code: 143,
      stderr: expect.stringContaining('ending the import; nothing was changed'),
    });
    expect(JSON.parse((await run(['status', '--json'], environment)).stdout)).toMatchObject({ static_data: null });
  });

  it('says what is wrong with its source', async () => {
    const environment = { HANGARBAY_DATABASE_URL: (await newMigratedDatabase(sqlite)).url };
    const missing = await run(['import', 'sde', '/no/such.zip'], environment);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot read /no/such.zip') });
    const kind = await run(['import', 'sdf'], environment);
    expect(kind).toMatchObject({ code: 2, stderr: expect.stringContaining('sde') });
  });
});

describe('hangarbay import structures', () => {
  const list = 'structure_id,name,system_id\n1035466617946,Perimeter - Tranquility,30000144\n';
  const count = sql`SELECT count(*) AS total FROM locations WHERE name = 'Perimeter - Tranquility'`;

  it.each([
    ['', 'is empty'],
    ['<!DOCTYPE html>\n<title>502</title>\n', 'is HTML or XML'],
    ['id,title\n', 'lacks the columns structure_id and name'],
    ['structure_id,name\n', 'has no structures; to remove those of the last import: --allow-empty'],
    ['[]', 'has no structures; to remove those of the last import: --allow-empty'],
  ])('keeps the last list if the next one is %j', async (text, problem) => {
    const database = await newMigratedDatabase(sqlite);
    const environment = { HANGARBAY_DATABASE_URL: database.url };
    const path = join(temporaryFolder(), 'list.csv');
    writeFileSync(path, list);
    expect(await run(['import', 'structures', path], environment)).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(path, text);
    const refused = await run(['import', 'structures', path], environment);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(`${path}: ${problem}`);
    expect(await rowsFrom(database, count)).toEqual([{ total: 1 }]);
  });

  it('removes the last list if that is asked for', async () => {
    const database = await newMigratedDatabase(sqlite);
    const environment = { HANGARBAY_DATABASE_URL: database.url };
    const path = join(temporaryFolder(), 'list.csv');
    writeFileSync(path, list);
    expect(await run(['import', 'structures', path], environment)).toMatchObject({ code: 0 });
    writeFileSync(path, '[]');
    expect(await run(['import', 'structures', path, '--allow-empty'], environment)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await rowsFrom(database, count)).toEqual([{ total: 0 }]);
    writeFileSync(path, '');
    expect(await run(['import', 'structures', path, '--allow-empty'], environment)).toMatchObject({ code: 2 });
  });
});
