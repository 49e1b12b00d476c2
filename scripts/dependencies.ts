/**
 * Writes the tables of docs/security.md: each dependency's version and licence as it is installed, what it is for from
 * docs/architecture.md, and the day of its release. That day stands in no package, so it is kept on the page from one
 * run to the next; `--dates` asks the registry, by npm, for those of new versions.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

interface Package {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const page = 'docs/security.md';
const json = <Shape>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as Shape;
const { dependencies, devDependencies } =
  json<Record<'dependencies' | 'devDependencies', Record<string, string>>>('package.json');
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
  if (released === undefined) throw new Error(`the registry does not say when ${name}@${version} was released`);
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

/** What comes along with the packages above, as the lockfile knows it. */
function licences(isInstalled: (entry: Package) => boolean): string {
  const found = Object.entries(locked).filter(([path, entry]) => path !== '' && isInstalled(entry));
  const counts = [...Map.groupBy(found, ([, { license }]) => license ?? 'none given')]
    .map(([license, { length }]): [string, number] => [license, length])
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return `${found.length} packages: ${counts.map(([license, count]) => `${count} ${license}`).join(', ')}.`;
}

const sections: Readonly<Record<string, string>> = {
  runtime: `${table(Object.keys(dependencies))}\n\nWith what they need themselves, ${licences(({ dev, devOptional }) => dev !== true && devOptional !== true)}`,
  development: `${table(Object.keys(devDependencies))}\n\nWith all of these, on all platforms, ${licences(() => true)}`,
};
let after = before;
for (const [name, content] of Object.entries(sections)) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [head, rest] = after.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no place for ${name}`);
  after = `${head}${begin}\n${content}\n${end}${tail}`;
}
writeFileSync(page, after);
