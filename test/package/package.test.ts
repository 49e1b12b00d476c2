import { execFile } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { openEsi } from '../fake-esi/open-esi.ts';
import { compileCache } from '../helpers/executable.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const root = join(import.meta.dirname, '../..');
const mostBytes = 12_000_000;
const theForge = 10000002;

/** Runs a program in the environment of a user who has just come, with nothing but the Node.js of the tests. */
async function runAs(home: string, command: string, args: readonly string[], environment = {}) {
  const paths = [join(home, 'prefix/bin'), dirname(process.execPath), process.env.PATH];
  const quiet = { npm_config_update_notifier: 'false', npm_config_cache: join(home, 'cache') };
  const env = { HOME: home, PATH: paths.join(delimiter), HANGARBAY_DOWNTIME: 'none', ...quiet, ...environment };
  return promisify(execFile)(command, args, { cwd: root, env, maxBuffer: 10_000_000 });
}

/** The package as `npm publish` would make it from the current build, which other tests use meanwhile. */
async function pack(home: string): Promise<{ tarball: string; files: string[] }> {
  const { stdout } = await runAs(home, 'npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home]);
  const [packed] = Object.values(JSON.parse(stdout)) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack said: ${stdout}`);
  return { tarball: join(home, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** The commands of the README's section on installing. */
function firstCommands(): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, block = ''] = /^## Install$.*?^```sh$(.*?)^```$/ms.exec(readme) ?? [];
  return block.split('\n').flatMap((line) => line.trim() || []);
}

function bytesIn(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.reduce((total, entry) => total + lstatSync(join(folder, entry)).size, 0);
}

it('the package installs without a warning, is small, and does what the README says', async () => {
  const home = temporaryFolder();
  const { tarball } = await pack(home);
  const prefix = join(home, 'prefix');
  // With no network and an empty cache: nothing else is needed.
  const installation = ['install', '--global', '--offline', '--foreground-scripts', '--prefix', prefix, tarball];
  const { stdout, stderr } = await runAs(home, 'npm', installation);
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^\s*added 1 package in/), stderr: '' });
  expect(bytesIn(prefix)).toBeLessThan(mostBytes);
  expect(readFileSync(join(prefix, 'share/man/man1/hangarbay.1'), 'utf8')).toContain('.TH');

  const [install, ...commands] = firstCommands();
  expect(install).toBe('npm install --global hangarbay');
  const esi = await openEsi({ contracts: 30, regions: [theForge] });
  const environment = { HANGARBAY_ESI_URL: esi.url, ...compileCache() };
  const answers: { stdout: string; stderr: string }[] = [];
  for (const command of commands) answers.push(await runAs(home, 'sh', ['-c', command], environment));
  expect(answers).toEqual([
    { stdout: '', stderr: '' },
    { stdout: expect.stringContaining('"ship_name"'), stderr: '' },
  ]);
  const version = await runAs(home, 'hangarbay', ['--version']);
  expect(version.stdout).toBe(`hangarbay ${packageJson.version}\n`);
});

it('the package holds what its documents link to, and nothing that only developers need', async () => {
  const { files } = await pack(temporaryFolder());
  for (const document of files.filter((path) => path.endsWith('.md'))) {
    const text = readFileSync(join(root, document), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      const path = normalize(join(dirname(document), target));
      const isThere = files.some((file) => file === path || file.startsWith(`${path}/`));
      expect({ document, target, isThere }).toEqual({ document, target, isThere: true });
    }
  }
  expect(files.filter((path) => /\.map$|\.ts$|snapshot|^test|(win32|darwin)-.*\.node$/.test(path))).toEqual([]);
  for (const file of ['bash/hangarbay', 'zsh/_hangarbay', 'fish/hangarbay.fish'])
    expect(files).toContain(`dist/completions/${file}`);
  expect(packageJson).toMatchObject({
    bugs: expect.stringContaining('/issues'),
    repository: { type: 'git' },
    man: ['man/hangarbay.1'],
  });
  expect(packageJson).not.toHaveProperty('dependencies');
});
