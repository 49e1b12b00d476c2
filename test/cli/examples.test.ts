import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { examples, pathOf } from '../../src/commands/examples.ts';
import { createProgram } from '../../src/commands/program.ts';
import { openEsi } from '../fake-esi/open-esi.ts';
import { buildUniverse } from '../fake-esi/universe/build.ts';
import { archiveOf } from '../helpers/archive.ts';
import { newMigratedDatabase, sqlite, type TestDatabase } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { contractRow, forge } from '../helpers/esi-rows.ts';
import { compileCache } from '../helpers/executable.ts';
import { serveFiles } from '../helpers/file-server.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { exportOf, zipOf } from '../helpers/static-export.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

/** All subcommands of a command, as in the help. */
function commandsBelow(command: Command): Command[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.filter((child) => child.name() !== 'help').flatMap((child) => [child, ...commandsBelow(child)]);
}

const commands = commandsBelow(await createProgram());

it('there are examples of every command, and of no other', () => {
  expect(Object.keys(examples).toSorted()).toEqual(commands.map(pathOf).toSorted());
});

it.each(commands.map(pathOf))('hangarbay %s --help shows three examples', async (path) => {
  const { stdout } = await run([...path.split(' '), '--help']);
  const whole = stdout.replaceAll(/ \\\n +/g, ' ');
  const shown = whole.split('\n').flatMap((line) => /^ {2}\$ (.*)$/.exec(line)?.[1] ?? []);
  expect(shown).toHaveLength(3);
  expect(shown).toEqual(examples[path]);
});

const lines = Object.entries(examples).flatMap(([path, given]) => given.map((line) => ({ path, line })));

const market = sharedMarket(sqlite);
/** The server of the static data is not to be had in tests; what stands in for it has the same file. */
const zip = await zipOf(exportOf(buildUniverse({ regions: [10000002], syntheticTypes: 0 })));
const zipName = 'eve-online-static-data-3561556-jsonl.zip';
const archive = await archiveOf({
  scrape_start: '2026-03-01T12:00:05Z',
  scrape_end: '2026-03-01T12:04:10Z',
  files: { contracts: [{ ...contractRow({ type: 'courier' }), region_id: forge }], contract_items: [] },
});

it.each(lines)('$line', async ({ path, line }) => {
  const database = await newMigratedDatabase(sqlite);
  copyTo(database);
  const home = temporaryFolder();
  for (const folder of ['bin', '.zfunc', '.config/fish/completions', 'config/hangarbay', 'archives']) {
    mkdirSync(join(home, folder), { recursive: true });
  }
  const executable = join(import.meta.dirname, '../../bin/hangarbay.js');
  writeFileSync(join(home, 'bin/hangarbay'), `#!/bin/sh\nexec "${process.execPath}" "${executable}" "$@"\n`, {
    mode: 0o755,
  });
  const views = { 'cheap-ships': ['contracts', '--ships', '--sort', 'price'] };
  writeFileSync(join(home, 'config/hangarbay/views.json'), JSON.stringify(views));
  const environment = {
    HANGARBAY_DATABASE_URL: database.url,
    HANGARBAY_CONTACT: 'pilot@example.com',
    HANGARBAY_DOWNTIME: 'none',
    HANGARBAY_ESI_URL: '',
  };
  if (['aggregate', 'status', 'doctor'].includes(path)) {
    const esi = await openEsi({ contracts: 4, regions: [10000002, 10000043, 10000030] });
    environment.HANGARBAY_ESI_URL = esi.url;
    // The market is not on this ESI's lists, and a list without any of it would be doubted.
    environment.HANGARBAY_DATABASE_URL = (await newMigratedDatabase(sqlite)).url;
  }
  if (path === 'import dump') {
    for (const file of ['contracts.dump.gz', 'old.dump.gz']) {
      expect(await run(['export', 'dump', join(home, file)], environment)).toMatchObject({ code: 0 });
    }
    environment.HANGARBAY_DATABASE_URL = (await newMigratedDatabase(sqlite)).url;
  }
  // Only then is there anything good to tell.
  if (['status', 'doctor'].includes(path)) expect(await run(['aggregate'], environment)).toMatchObject({ code: 0 });
  writeFileSync(join(home, zipName), zip);
  // Without static data, filters by route print a notice.
  if (path === 'query couriers') {
    expect(await run(['import', 'sde', join(home, zipName)], environment)).toMatchObject({ code: 0 });
  }
  const structure = { structure_id: 1_035_466_617_946, name: 'Perimeter - Tranquility', system_id: 30_000_144 };
  writeFileSync(join(home, 'structures.json'), JSON.stringify([structure]));
  const row = Object.values(structure).join(',');
  writeFileSync(join(home, 'structures.csv'), `structure_id,name,system_id\n${row}\n`);
  for (const path of ['', 'archives/']) writeFileSync(join(home, `${path}public-contracts-latest.v2.tar.bz2`), archive);
  const { url } = await serveFiles({ [`/${zipName}`]: zip, '/archive': Buffer.from(archive) });
  const given = line
    .replace(/import sde(?= --|$)/, `import sde ${url}/${zipName}`)
    .replace(/import everef$/, `import everef ${url}/archive`);
  // Other programs may be missing, and tests must not write outside of their folder.
  const [own = ''] = given.replaceAll('/var/lib/hangarbay', home.replaceAll(' ', '\\ ')).split(' | ');
  const whole = {
    PATH: `${home}/bin:${process.env.PATH}`,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    ...environment,
  };
  const inBash = (script: string) =>
    promisify(execFile)('bash', ['-e', '-c', script], { cwd: home, env: { ...compileCache(), ...whole } });
  if (isOneCommand(own)) {
    // The shell only takes it apart.
    const { stdout } = await inBash(`hangarbay() { printf '%s\\0' "$@"; }; ${own}`);
    expect(await run(stdout.split('\0').slice(0, -1), whole, home)).toMatchObject({ code: 0, stderr: '' });
  } else {
    expect((await inBash(own)).stderr).toBe('');
  }
});

/** Whether a shell does nothing with its streams, and nothing but it. */
const isOneCommand = (line: string) => /^hangarbay [^<>;&|()]*$/.test(line.replaceAll(/"[^"$`]*"/g, ''));

/** The market in a file of the test's own. */
function copyTo({ location: target }: TestDatabase): void {
  const { location: source } = market().database;
  if (source.dialect === 'sqlite' && target.dialect === 'sqlite') copyFileSync(source.path, target.path);
}
