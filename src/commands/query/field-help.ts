import type { Command } from 'commander';
import type { Subject } from '../../query/engine/subject.ts';

/** Fields that belong together, and what they are. */
interface FieldGroup {
  readonly heading: string;
  readonly fields: readonly string[];
}

/** Every field of a subject, for the help and the man page. */
export function fieldGroups({ columns, contract, nested, derived = [] }: Subject): readonly FieldGroup[] {
  const links = contract === undefined ? [] : ['link'];
  const added = [...links, ...[...nested, ...derived].map(({ name }) => name)];
  const groups = [
    { heading: 'Fields', fields: Object.keys(columns) },
    { heading: 'Shown where they are named, or with their flag', fields: added },
    ...nested.map((rows) => ({
      heading: `Fields of ${rows.name}`,
      fields: Object.keys(rows.columns).map((name) => `${rows.name}.${name}`),
    })),
  ];
  return groups.filter(({ fields }) => fields.length > 0);
}

/** What stands above the texts that a list of a contract may have. */
export function valuesHeading(name: string): string {
  return `What ${name} may say of a contract`;
}

/** Puts the fields of a subject behind a command's help, wrapped as the rest of it is. */
export function addFields(command: Command, subject: Subject): Command {
  return command.addHelpText('after', () => {
    const width = command.configureOutput().getOutHelpWidth?.() ?? 80;
    const help = Object.assign(command.createHelp(), { helpWidth: width });
    const lines = fieldGroups(subject).map(({ heading, fields }) =>
      help.boxWrap(`${heading}: ${fields.join(', ')}`, width),
    );
    for (const { name, values } of subject.derived ?? []) {
      const longest = Math.max(...Object.keys(values).map(({ length }) => length));
      const items = Object.entries(values).map(([text, meaning]) => help.formatItem(text, longest, meaning, help));
      lines.push(`${valuesHeading(name)}:`, ...items);
    }
    return `\n${lines.join('\n')}`;
  });
}
