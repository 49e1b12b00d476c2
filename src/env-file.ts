import { parseEnv } from 'node:util';
import { messageOf } from './errors.ts';
import { readEncodedText } from './files.ts';
import { showControlCharacters } from './visible.ts';

/**
 * Reads env files. If several set a variable, the last one wins.
 *
 * @param known the variables of settings
 * @param problems receives messages about the files
 */
export function readEnvFiles(paths: unknown, known: readonly string[], problems: string[]): NodeJS.ProcessEnv {
  const given = [paths ?? []].flat().map(String);
  return Object.assign({}, ...given.map((path) => readEnvFile(path, known, problems)));
}

function readEnvFile(path: string, known: readonly string[], problems: string[]): NodeJS.ProcessEnv {
  let text: string;
  try {
    text = readEncodedText(path);
  } catch (error) {
    problems.push(`--env-file: cannot read ${path}: ${messageOf(error)}; for example --env-file /etc/hangarbay.env`);
    return {};
  }
  problems.push(...flawsOf(text, known).map((flaw) => `--env-file: ${path}: ${flaw}`));
  const values = withoutEmpty(parseEnv(text));
  for (const [name, value] of Object.entries(values)) {
    // The file may also serve other programs, but a misspelt setting must be reported.
    if (name.startsWith('HANGARBAY_') && !known.includes(name)) {
      const shown = showControlCharacters(name);
      problems.push(`--env-file: ${path} sets ${shown}, which is not a setting; known are ${known.join(', ')}`);
    }
    // The variables of PostgreSQL's own programs are read from the environment.
    if (/^PG[A-Z]+$/.test(name) && value !== undefined) process.env[name] ??= value;
  }
  return values;
}

/** Lines that look like settings and set nothing, and values that end early. */
function flawsOf(text: string, known: readonly string[]): string[] {
  if (text.includes('\0')) return ['it has NUL characters, so it is not a text file; save it as UTF-8'];
  const flaws: string[] = [];
  let quote: string | undefined;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const at = `line ${index + 1}`;
    if (quote !== undefined) {
      if (line.includes(quote)) quote = undefined;
      continue;
    }
    const [, name, value = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      if (!/^\s*(#|$)/.test(line)) flaws.push(`${at} sets nothing; use NAME=value`);
      continue;
    }
    const [opening = ''] = value;
    if (['"', "'", '`'].includes(opening)) {
      if (!value.slice(1).includes(opening)) quote = opening;
    } else if (known.includes(name) && /[^\s#]#/.test(value)) {
      flaws.push(`${at}: the value of ${name} ends at its "#"; put the value in quotation marks`);
    }
  }
  return flaws;
}

/** An empty variable counts as unset. */
export function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
