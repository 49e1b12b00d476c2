/** Writes docs/configuration.md from the settings themselves: `npm run docs`. CI fails when it was forgotten. */
import { writeFileSync } from 'node:fs';
import { type Setting, settings } from '../src/config.ts';

function section(setting: Setting<unknown>): string {
  const { environment, flag, argument, description, example, repeatable, mayBeInFile, choices, fallbackText } = setting;
  const facts = [
    `| flag | \`${flag} ${argument}\`${repeatable === true ? ', repeatable' : ''} |`,
    `| environment | \`${environment}\`${repeatable === true ? ', separated by commas' : ''} |`,
    ...(mayBeInFile === true ? [`| from a file | \`${environment}_FILE\` names a file that holds the value |`] : []),
    ...(choices === undefined ? [] : [`| values | ${choices.map((choice) => `\`${choice}\``).join(', ')} |`]),
    `| default | ${fallbackText ?? 'none'} |`,
    `| example | \`${environment}=${/[^\w:/.,@-]/.test(example) ? `"${example}"` : example}\` |`,
  ];
  return `## ${environment}\n\n| | |\n|---|---|\n| meaning | ${description} |\n${facts.join('\n')}\n`;
}

const page = [
  '<!-- Made by scripts/configuration.ts from the settings; changes belong there. -->\n',
  '# Configuration\n',
  `A flag takes precedence over the environment, the environment over the file of \`--env-file\`, and that file over the default.
A bad value names the setting, the problem and a valid example, and exits with 2.

An env file has one \`NAME=VALUE\` a line, in UTF-8 or UTF-16. It may set \`PGPASSWORD\` and the other \`PG…\` variables. Several
\`--env-file\` add up. With \`npx\` write \`npx -- hangarbay query --env-file PATH\`: without the two dashes the Node.js that runs
npx takes the flag for its own.

\`HTTPS_PROXY\`, \`HTTP_PROXY\` and \`NO_PROXY\` apply to requests to ESI. \`NO_COLOR\`, \`FORCE_COLOR\`, \`TERM=dumb\` and
\`COLUMNS\` apply to output. \`-v\` is \`--log-level debug\`, \`-q\` is \`--log-level error\`.\n`,
  ...Object.values(settings).map((setting) => section(setting)),
].join('\n');

writeFileSync('docs/configuration.md', page);
