import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Packages in the parts of the program that are loaded for these modules, and whatever those load at once. */
async function packagesFor(...modules: string[]): Promise<Set<string>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    external: ['better-sqlite3'],
    metafile: true,
    write: false,
  });
  const outputs = new Map(Object.entries(metafile.outputs));
  const waiting = [...outputs.keys()].filter((name) => modules.includes(outputs.get(name)?.entryPoint ?? ''));
  expect(waiting).toHaveLength(modules.length);
  const loaded = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (loaded.has(name)) continue;
    loaded.add(name);
    const imports = outputs.get(name)?.imports ?? [];
    waiting.push(...imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path));
  }
  const inputs = [...loaded].flatMap((name) => Object.keys(outputs.get(name)?.inputs ?? {}));
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
  expect([...(await packagesFor(...answer))].toSorted()).toEqual([...commandLine, 'drizzle-orm'].toSorted());
});

it('one of PostgreSQL loads its driver as well', async () => {
  const answer = [
    'src/cli.ts',
    'src/commands/program.ts',
    'src/commands/query/query.ts',
    'src/store/postgres/backend.ts',
    'src/query/format/json.ts',
  ];
  expect([...(await packagesFor(...answer))].toSorted()).toEqual(
    [...commandLine, 'drizzle-orm', 'postgres'].toSorted(),
  );
});

it('the version is printed without any package', async () => {
  expect([...(await packagesFor('src/cli.ts'))]).toEqual([]);
});

it('help of the whole program loads no log, no settings and no subcommand', async () => {
  expect([...(await packagesFor('src/cli.ts', 'src/commands/program.ts'))].toSorted()).toEqual([
    'commander',
    'fastest-levenshtein',
  ]);
});

it('a pass that has nothing to ask loads no HTTP client', async () => {
  const pass = ['src/cli.ts', 'src/commands/program.ts', 'src/commands/aggregate.ts', 'src/store/sqlite/backend.ts'];
  const packages = await packagesFor(...pass);
  for (const later of ['ky', 'undici', 'log-update', '@keyv/redis', 'postgres']) expect(packages).not.toContain(later);
});
