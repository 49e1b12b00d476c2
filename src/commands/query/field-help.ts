import type { Command } from 'commander';
import type { Subject } from '../../query/engine/subject.ts';

/** Fields that belong together. */
export interface FieldGroup {
  readonly heading: string;
  readonly fields: readonly { readonly name: string; readonly description: string }[];
}

/** Every field of a subject, for the help, the man page and the page of fields. */
export function fieldGroups({ columns, contract, nested, derived = [] }: Subject): readonly FieldGroup[] {
  const described = Object.entries(columns).map(([name, { description }]) => ({ name, description }));
  const link = { name: 'link', description: 'a link to the contract that can be clicked in the game' };
  const lists = [...nested, ...derived].map(({ name, description }) => ({
    name,
    description: description.replace(/^add /, ''),
  }));
  const groups = [
    { heading: 'Fields', fields: described },
    {
      heading: 'Shown where they are named, or with their flag',
      fields: [...(contract === undefined ? [] : [link]), ...lists],
    },
    ...nested.map((rows) => ({
      heading: `Fields of ${rows.name}`,
      fields: Object.entries(rows.columns).map(([name, { description }]) => ({
        name: `${rows.name}.${name}`,
        description,
      })),
    })),
    ...derived.map(({ name, values }) => ({
      heading: `What ${name} may say of a contract`,
      fields: Object.entries(values).map(([text, description]) => ({ name: text, description })),
    })),
  ];
  return groups.filter(({ fields }) => fields.length > 0);
}

/** Puts the fields of a subject behind a command's help, wrapped as the rest of it is. */
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
