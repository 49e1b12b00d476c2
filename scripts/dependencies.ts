/**
 * Writes the tables of docs/security.md: each dependency's installed version and licence, its purpose from
 * docs/architecture.md, and its release date. No package contains that date, so the page keeps it from run to run;
 * `--dates` asks the registry, with npm, for those of new versions.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const page = 'docs/security.md';
const json = <Shape>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as Shape;
const { devDependencies } = json<{ devDependencies: Record<string, string> }>('package.json');
const locked = json<{ packages: Record<string, Package> }>('package-lock.json').packages;
const before = readFileSync(page, 'utf8');
const rowsOf = (markdown: string) => markdown.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

const releases = new Map(rowsOf(before).map(([, name, version, , released]) => [`${name}@${version}`, released]));
const purposes = new Map(
  rowsOf(readFileSync('docs/architecture.md', 'utf8')).flatMap(([, names = '', purpose = '']) =>
    names.split(', ').map((name): [string, string] => [name, purpose]),
  ),
);

function releaseOf(name: string, version: string): string {
  const known = releases.get(`${name}@${version}`);
  if (known !== undefined) return known;
  if (!process.argv.includes('--dates')) throw new Error(`run: node scripts/dependencies.ts --dates (${name} is new)`);
  const times = execFileSync('npm', ['view', `${name}@${version}`, 'time', '--json'], { encoding: 'utf8' });
  const released = (JSON.parse(times) as Record<string, string>)[version];
  if (released === undefined) throw new Error(`the registry has no release date of ${name}@${version}`);
  return released.slice(0, 10);
}

function table(names: readonly string[]): string {
  const lines = names.map((name) => {
    const { version, license } = json<Package>(`node_modules/${name}/package.json`);
    const purpose = purposes.get(name.startsWith('@types/') ? '@types/*' : name);
    if (license === undefined || purpose === undefined) {
      throw new Error(`${name} has no licence in its package, or no line in docs/architecture.md`);
    }
    return `| ${name} | ${version} | ${license} | ${releaseOf(name, version)} | ${purpose} |`;
  });
  return ['| package | version | licence | released | what it is for |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** The packages that the source imports. The bundle contains them, so that users install no dependencies. */
function importedPackages(): string[] {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const specifiers = sources.flatMap((path) =>
    [...readFileSync(join('src', path), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, name = '']) => name),
  );
  return Object.keys(devDependencies).filter((name) =>
    specifiers.some((specifier) => specifier === name || specifier.startsWith(`${name}/`)),
  );
}

/** The lockfile entries of these packages and all their dependencies, resolved like Node does. */
function withDependencies(names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string) => {
    const folder = foldersUp(from).find((candidate) => locked[`${candidate}node_modules/${name}`] !== undefined);
    const path = `${folder}node_modules/${name}`;
    if (folder === undefined || found.has(path)) return;
    found.add(path);
    for (const needed of Object.keys(locked[path]?.dependencies ?? {})) visit(needed, `${path}/`);
  };
  for (const name of names) visit(name, '');
  return [...found];
}

function foldersUp(from: string): string[] {
  const parts = from.split('node_modules/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('node_modules/'));
}

function licences(paths: readonly string[]): string {
  const counts = [...Map.groupBy(paths, (path) => locked[path]?.license ?? 'none given')]
    .map(([license, { length }]): [string, number] => [license, length])
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return `${paths.length} packages: ${counts.map(([license, count]) => `${count} ${license}`).join(', ')}.`;
}

const runtime = importedPackages();
const others = Object.keys(devDependencies).filter((name) => !runtime.includes(name));
const everything = Object.keys(locked).filter((path) => path !== '');
const sections: Readonly<Record<string, string>> = {
  runtime: `${table(runtime)}\n\nWith what they need themselves, ${licences(withDependencies(runtime))}`,
  development: `${table(others)}\n\nWith all of these, on all platforms, ${licences(everything)}`,
};
let after = before;
for (const [name, content] of Object.entries(sections)) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [head, rest] = after.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no marks for ${name}`);
  after = `${head}${begin}\n${content}\n${end}${tail}`;
}
writeFileSync(page, after);
