import type { Command } from 'commander';
import type { Column, ColumnKind } from '../../query/engine/column.ts';
import { withLinks } from '../../query/engine/links.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { withHistory } from '../../query/subjects/history.ts';

/** A group of fields in the help. */
export interface FieldGroup {
  readonly heading: string;
  readonly fields: readonly DescribedField[];
}

interface DescribedField {
  readonly name: string;
  /** Absent for a field that is not a column. */
  readonly kind?: ColumnKind;
  readonly description: string;
}

/** All fields of a subject, for the help, the man page and the page of fields. */
export function fieldGroups(subject: Subject): readonly FieldGroup[] {
  const { nested, derived = [] } = subject;
  const { link, history, ...shown } = withHistory(withLinks(subject)).columns;
  const lists = [...nested, ...derived].map(({ name, description }) => ({
    name,
    description: description.replace(/^add /, ''),
  }));
  const groups = [
    { heading: 'Fields', fields: described(shown) },
    {
      heading: 'Shown if selected with --fields, or with their flag',
      fields: [
        ...(link === undefined ? [] : described({ link })),
        ...(history === undefined ? [] : described({ history })),
        ...lists,
      ],
    },
    ...nested.map((rows) => ({
      heading: `Fields of ${rows.name}`,
      fields: described(rows.columns).map((field) => ({ ...field, name: `${rows.name}.${field.name}` })),
    })),
    ...derived.map(({ name, values }) => ({
      heading: `Values of ${name}`,
      fields: Object.entries(values).map(([text, description]) => ({ name: text, description })),
    })),
  ];
  return groups.filter(({ fields }) => fields.length > 0);
}

function described(columns: Readonly<Record<string, Column>>): DescribedField[] {
  return Object.entries(columns).map(([name, { kind, description }]) => ({ name, kind, description }));
}

/** Adds the fields of a subject to the end of a command's help, wrapped like the rest. */
export function addFields(command: Command, subject: Subject): Command {
  return command.addHelpText('after', () => {
    const helpWidth = command.configureOutput().getOutHelpWidth?.() ?? 80;
    const help = Object.assign(command.createHelp(), { helpWidth });
    return fieldGroups(subject)
      .map(({ heading, fields }) => {
        const longest = Math.max(...fields.map(({ name }) => name.length));
        const items = fields.map(({ name, description }) => help.formatItem(name, longest, description, help));
        return `\n${heading}:\n${items.join('\n')}`;
      })
      .join('\n');
  });
}
