import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'rolldown';
import { expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle.ts';
import { launchProcess } from '../helpers/executable.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const root = join(import.meta.dirname, '../..');

const { output } = await build({ ...bundle, cwd: root, write: false });
const chunks = new Map(output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part]] : [])));

/** Packages in the parts of the program that these modules load eagerly. */
function packagesFor(...modules: string[]): Set<string> {
  const isWanted = (path: string) => modules.includes(relative(root, path));
  const waiting = [...chunks.values()].filter(({ moduleIds }) => moduleIds.some(isWanted)).map((part) => part.fileName);
  const loaded = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (loaded.has(name)) continue;
    loaded.add(name);
    waiting.push(...(chunks.get(name)?.imports ?? []));
  }
  const inputs = [...loaded].flatMap((name) => chunks.get(name)?.moduleIds ?? []);
  expect(inputs.filter(isWanted)).toHaveLength(modules.length);
  return new Set(inputs.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
}

const commandLine = ['commander', 'consola', 'fastest-levenshtein', 'ms'];

it('a question of a SQLite file loads what it needs and nothing else', async () => {
  const answer = [
    'src/cli.ts',
    'src/commands/program.ts',
    'src/commands/query/query.ts',
    'src/store/sqlite/backend.ts',
    'src/query/format/json.ts',
  ];
  expect([...packagesFor(...answer)].toSorted()).toEqual([...commandLine, 'drizzle-orm'].toSorted());
});

it('one of PostgreSQL loads its driver as well', async () => {
  const answer = [
    'src/cli.ts',
    'src/commands/program.ts',
    'src/commands/query/query.ts',
    'src/store/postgres/backend.ts',
    'src/query/format/json.ts',
  ];
  expect([...packagesFor(...answer)].toSorted()).toEqual([...commandLine, 'drizzle-orm', 'postgres'].toSorted());
});

it('the version is printed without any package', async () => {
  expect([...packagesFor('src/cli.ts')]).toEqual([]);
});

it('help of the whole program loads no log, no settings and no subcommand', async () => {
  expect([...packagesFor('src/cli.ts', 'src/commands/program.ts')].toSorted()).toEqual([
    'commander',
    'fastest-levenshtein',
  ]);
});

it('a pass that has nothing to ask loads no HTTP client', async () => {
  const pass = ['src/cli.ts', 'src/commands/program.ts', 'src/commands/aggregate.ts', 'src/store/sqlite/backend.ts'];
  const packages = packagesFor(...pass);
  for (const later of ['ky', 'undici', 'log-update', '@keyv/redis', 'postgres']) expect(packages).not.toContain(later);
});

/** Starts the executable without the compiled code that the tests keep. */
const version = (environment: Readonly<Record<string, string>>) =>
  launchProcess(process.execPath, ['--', join(root, 'bin/hangarbay.js'), '--version'], environment).ended;

it('keeps compiled code for the next start where only the user can write', async () => {
  const home = temporaryFolder();
  expect(await version({ HOME: home })).toMatchObject({ code: 0, stderr: '' });
  const folder = join(home, '.cache/hangarbay');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).not.toEqual([]);

  const caches = temporaryFolder();
  expect(await version({ HOME: home, XDG_CACHE_HOME: caches })).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(caches)).toEqual(['hangarbay']);
});

it('starts without a folder for compiled code, and creates no home', async () => {
  const missing = join(temporaryFolder(), 'missing');
  expect(await version({ HOME: missing })).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(missing)).toBe(false);
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(await version({ HOME: file })).toMatchObject({ code: 0, stderr: '' });
  expect(await version({ XDG_CACHE_HOME: file })).toMatchObject({ code: 0, stderr: '' });
  expect(await version({ HOME: missing, XDG_CACHE_HOME: 'relative' })).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync('relative')).toBe(false);
  expect(await version({ HOME: '' })).toMatchObject({ code: 0, stderr: '' });
});

it('keeps no compiled code where other users can write', async () => {
  const caches = temporaryFolder();
  const folder = join(caches, 'hangarbay');
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  expect(await version({ XDG_CACHE_HOME: caches })).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(folder)).toEqual([]);

  const linked = temporaryFolder();
  symlinkSync(join(linked, 'missing'), join(linked, 'hangarbay'));
  expect(await version({ XDG_CACHE_HOME: linked })).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(linked, 'missing'))).toBe(false);
});
