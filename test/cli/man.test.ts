import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { examples } from '../../src/commands/examples.ts';
import { settings } from '../../src/config.ts';
import { knownFields } from '../../src/query/engine/fields.ts';
import { flagOf } from '../../src/query/engine/filter.ts';
import { withLinks } from '../../src/query/engine/links.ts';
import { oddities } from '../../src/query/oddities/oddities.ts';
import { subjectNamed } from '../helpers/ask.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'man/hangarbay.1'), 'utf8');
/** The text without roff's escapes. */
const text = page
  .replaceAll(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('\\e', '\\')
  .replaceAll('\\(dq', '"');

it('the man page is in the package', () => {
  const { man, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // npm does not link a man page given as a string.
  expect(man).toEqual(['man/hangarbay.1']);
  expect(files).toContain('man');
});

it('the man page names every command with its examples, every setting, every filter and every field', () => {
  for (const [path, lines] of Object.entries(examples)) {
    expect(text).toContain(`.SS "hangarbay ${path}"`);
    for (const line of lines) expect(text).toContain(`$ ${line}\n`);
  }
  for (const { flag, environment } of Object.values(settings))
    expect(text).toMatch(new RegExp(`^${flag} .*, ${environment}$`, 'm'));
  for (const filter of subjectNamed('contracts').filters)
    expect(text).toMatch(new RegExp(`^${flagOf(filter)}( |$)`, 'm'));
  for (const field of knownFields(withLinks(subjectNamed('contracts'))))
    expect(text).toMatch(new RegExp(`\\b${field}\\b`));
  for (const oddity of Object.keys(oddities)) expect(text).toContain(oddity);
  expect(text).toContain('130/143');
});

it('the man page is plain ASCII, and no text of it is taken for a request', () => {
  expect(page).toMatch(/^[\x20-\x7e\n]*$/);
  const requests = page.split('\n').flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []);
  expect([...new Set(requests)].toSorted()).toEqual(
    ['\\"', 'PP', 'RE', 'RS', 'SH', 'SS', 'TH', 'TP', 'ad', 'fi', 'nf', 'nh'].toSorted(),
  );
});
