import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { examples } from '../../src/commands/examples.ts';
import { settings } from '../../src/config.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { knownFields } from '../../src/query/engine/fields.ts';
import { flagOf } from '../../src/query/engine/filter.ts';
import { withLinks } from '../../src/query/engine/links.ts';
import { oddities } from '../../src/query/oddities/oddities.ts';
import { subjects } from '../../src/query/subjects/subjects.ts';
import { subjectNamed } from '../helpers/ask.ts';
import { run } from '../helpers/cli.ts';

/** Runs the help of a command, which is printed on stdout with exit code 0. */
async function help(...args: string[]): Promise<string> {
  const ended = await run(args);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^Usage: hangarbay/);
  expect(ended.stdout).not.toContain('\u001B');
  // Lines are wrapped where the terminal ends.
  return ended.stdout.replaceAll(/\s+/g, ' ');
}

it('the program names its commands, exit codes and documentation', async () => {
  const text = await help('--help');
  for (const command of ['migrate', 'aggregate', 'query', 'status']) expect(text).toContain(command);
  for (const code of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`\\b${code}\\b`));
  expect(text).toMatch(/Documentation: https:/);
  expect(await help('-h')).toBe(text);
  expect(await help('help')).toBe(text);
});

it('aggregate names every setting with its variable and default, and gives examples', async () => {
  const text = await help('aggregate', '--help');
  for (const setting of Object.values(settings)) {
    expect(text).toContain(`${setting.flag} ${setting.argument}`);
    expect(text).toContain(`env: ${setting.environment}`);
    if ('fallbackText' in setting) expect(text).toContain(`default: ${setting.fallbackText}`);
  }
  for (const flag of ['--json', '--env-file', '--quiet', '--verbose']) expect(text).toContain(flag);
  expect(text).toContain('$ hangarbay aggregate');
});

it('migrate names its settings and gives examples', async () => {
  const text = await help('migrate', '--help');
  for (const flag of ['--status', '--database-url', '--env-file', '--log-format']) expect(text).toContain(flag);
  expect(text).not.toContain('--esi-url');
  expect(text).toContain('$ hangarbay migrate');
  expect(await help('help', 'migrate')).toBe(text);
});

it('status names its settings and exit codes, and gives examples', async () => {
  const text = await help('status', '--help');
  for (const flag of ['--max-age', '--json', '--region', '--database-url']) expect(text).toContain(flag);
  expect(text).not.toContain('--esi-url');
  expect(text).toMatch(/0 every region is fresh, 3 one is stale, 1 no pass has succeeded/);
  expect(text).toContain('$ hangarbay status');
});

const subjectNames = subjects.map(({ name }) => name);

it('query names its subjects', async () => {
  const text = await help('query', '--help');
  for (const subject of subjectNames) expect(text).toContain(subject);
});

it.each(subjectNames)('query %s names its filters, its output and its fields, and gives examples', async (name) => {
  const subject = subjectNamed(name);
  const text = await help('query', name, '--help');
  for (const filter of subject.filters) {
    const { choices = [] } = filter;
    expect(text).toContain(flagOf(filter));
    for (const choice of choices) expect(text).toMatch(new RegExp(`\\b${choice}\\b`));
  }
  for (const { name: added } of [...subject.nested, ...(subject.derived ?? [])]) expect(text).toContain(`--${added}`);
  const output = ['--sort', '--desc', '--limit', '--offset', '--fields', '--count', '--format', '--database-url'];
  for (const flag of output) expect(text).toContain(flag);
  for (const [field, { description }] of Object.entries(withLinks(subject).columns)) {
    expect(text).toContain(` ${field} ${description} `);
  }
  for (const field of knownFields(subject)) expect(text).toContain(` ${field} `);
  expect(text).toContain('$ hangarbay query');
});

it.each([[['query', 'items']], [['views', 'remove']], [['completion']]])(
  'help walks the whole path: %j',
  async (path) => {
    expect(await help('help', ...path)).toBe(await help(...path, '--help'));
  },
);

it('help of query knows the subjects', async () => {
  expect(await help('query', 'help', 'items')).toBe(await help('query', 'items', '--help'));
});

it('every oddity has the description of the page of odd contracts', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/odd-contracts.md'), 'utf8');
  const text = await help('query', 'changes', '--help');
  expect(Object.keys(oddities)).toHaveLength(5);
  for (const [name, description] of Object.entries(oddities)) {
    expect(text).toContain(`${name} ${description}`);
    expect(page).toContain(`| \`${name}\` | `);
  }
});

it('the fields are wrapped where the terminal ends', async () => {
  const { stdout } = await run(['query', 'contracts', '--help']);
  const [, fields = ''] = /^Fields: (.*?)^Examples/ms.exec(stdout) ?? [];
  for (const line of fields.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('--version says the version of the package', async () => {
  const path = join(import.meta.dirname, '../../package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  for (const flag of ['--version', '-V']) {
    expect(await run([flag])).toMatchObject({ code: 0, stdout: `hangarbay ${version}\n`, stderr: '' });
  }
});

it('without a command the help goes to stderr, with 2', async () => {
  const ended = await run([]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^Usage: hangarbay/);
});

/** Every path of commands, the program's own help first. */
const paths = ['', ...Object.keys(examples)];

it.each(paths)('hangarbay %s --help fits 80 columns, and no line of a paragraph ends early', async (path) => {
  const { stdout } = await run([...path.split(' ').filter((word) => word !== ''), '--help']);
  const lines = stdout.split('\n');
  // A word that is longer than a line, such as an address, cannot be wrapped.
  expect(lines.filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([]);
  const [, description = ''] = /^Usage: [^\n]*\n\n(.*?)\n\n(?=[A-Z][^\n]*:\n)/s.exec(stdout) ?? [];
  for (const paragraph of description.split('\n\n')) {
    for (const [line, next = ''] of pairs(paragraph.split('\n'))) {
      expect(`${line} ${next.split(' ')[0]}`.length, line).toBeGreaterThan(80);
    }
  }
});

const pairs = (lines: readonly string[]) => lines.slice(0, -1).map((line, index) => [line, lines[index + 1]] as const);
