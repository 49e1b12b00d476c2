import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { examples, pathOf } from '../../src/commands/examples.ts';
import { createProgram } from '../../src/commands/program.ts';
import { openEsi } from '../fake-esi/open-esi.ts';
import { buildUniverse } from '../fake-esi/universe/build.ts';
import { archiveOf } from '../helpers/archive.ts';
import { newMigratedDatabase, sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { compileCache } from '../helpers/executable.ts';
import { serveFiles } from '../helpers/file-server.ts';
import { openMarket } from '../helpers/market.ts';
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

it.each(lines)('$line', async ({ path, line }) => {
  const { database } = await openMarket(sqlite);
  const home = temporaryFolder();
  for (const folder of ['bin', '.zfunc', '.config/fish/completions', 'config/hangarbay']) {
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
  // The server of static data is not available in tests; a stand-in serves the same file.
  const zip = await zipOf(exportOf(buildUniverse({ regions: [10000002], syntheticTypes: 0 })));
  const file = 'eve-online-static-data-3561556-jsonl.zip';
  writeFileSync(join(home, file), zip);
  const structure = { structure_id: 1_035_466_617_946, name: 'Perimeter - Tranquility', system_id: 30_000_144 };
  writeFileSync(join(home, 'structures.json'), JSON.stringify([structure]));
  const row = Object.values(structure).join(',');
  writeFileSync(join(home, 'structures.csv'), `structure_id,name,system_id\n${row}\n`);
  const archive = await archiveOf({
    scrape_start: '2026-03-01T12:00:05Z',
    scrape_end: '2026-03-01T12:04:10Z',
    files: { contracts: [], contract_items: [] },
  });
  mkdirSync(join(home, 'archives'));
  for (const path of ['', 'archives/']) writeFileSync(join(home, `${path}public-contracts-latest.v2.tar.bz2`), archive);
  const { url } = await serveFiles({ [`/${file}`]: zip, '/archive': Buffer.from(archive) });
  const given = line
    .replace(/import sde(?= --|$)/, `import sde ${url}/${file}`)
    .replace(/import everef$/, `import everef ${url}/archive`);
  // Other programs may be missing, and tests must not write outside of their folder.
  const [own = ''] = given.replaceAll('/var/lib/hangarbay', home.replaceAll(' ', '\\ ')).split(' | ');
  const { stderr } = await promisify(execFile)('bash', ['-e', '-c', own], {
    cwd: home,
    env: {
      PATH: `${home}/bin:${process.env.PATH}`,
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      ...compileCache(),
      ...environment,
    },
  });
  expect(stderr).toBe('');
});
