/** Writes docs/fields.md from the subjects themselves: `npm run docs`. CI fails when it was forgotten. */
import { writeFileSync } from 'node:fs';
import { fieldGroups } from '../src/commands/query/field-help.ts';
import type { Subject } from '../src/query/engine/subject.ts';
import { subjects } from '../src/query/subjects/subjects.ts';

/** What the fields of each kind are in JSON. */
const kinds = `| kind | in JSON |
|---|---|
| id | a number |
| number | a number |
| ISK | a number, exact |
| text | a string |
| boolean | \`true\` or \`false\` |
| instant | a string, in UTC: \`2026-11-23T05:00:00Z\` |
| link | a string |
| list | an array of strings |
| series | an array of objects, a day each: \`{"day":"2026-11-23","median":8200000,"contracts":3}\` |
`;

/** A text within a cell of a table. */
const cell = (text: string) => text.replaceAll('|', '\\|');

function section(subject: Subject): string {
  const groups = fieldGroups(subject).map(({ heading, fields }) => {
    const rows = fields.map(({ name, kind, description }) => {
      const kindName = kind === 'isk' ? 'ISK' : (kind ?? '');
      return `| \`${name}\` | ${kindName} | ${cell(description)} |\n`;
    });
    return `${heading}:\n\n| name | kind | description |\n|---|---|---|\n${rows.join('')}`;
  });
  return `## ${subject.name}\n\n${sentence(subject.description)}\n\n${groups.join('\n')}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const page = [
  '<!-- Made by scripts/fields.ts from the subjects; changes belong there. -->\n',
  '# Fields\n',
  'The fields of every subject of `hangarbay query`, as `--fields` and `--sort` take them. A field is null where its value\nis unknown.\n',
  kinds,
  ...subjects.map(section),
].join('\n');

writeFileSync('docs/fields.md', page);
