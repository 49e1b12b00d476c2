/**
 * Commands in the project's documents, and what they are said to print. A block ```console has commands after `$ `, each
 * with its output as a terminal shows it; a block ```sh has commands without. A command ends with its line, unless the
 * line ends with a backslash.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import type { DocumentsWorld } from './world.ts';

/** A command of a document. */
export interface Command {
  /** Where it stands: the number of its first line, from 1. */
  readonly line: number;
  readonly text: string;
  /** Lines that it is said to print; undefined where nothing is said. */
  readonly output: readonly string[] | undefined;
  /** Line numbers of the output: from, and to but not with. */
  readonly outputLines: readonly [number, number];
}

/** What a command printed, on both streams, and how it ended. */
export interface Ran {
  readonly output: string;
  readonly code: number;
}

export function commandsIn(markdown: string): Command[] {
  const lines = markdown.split('\n');
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const kind = /^```(console|sh)$/.exec(lines[at] ?? '')?.[1];
    if (kind === undefined) continue;
    at += 1;
    while (at < lines.length && lines[at] !== '```') {
      const first = at;
      const words: string[] = [];
      do words.push(lines[at] ?? '');
      while ((lines[at++] ?? '').endsWith('\\'));
      const begin = at;
      if (kind === 'console') while (at < lines.length && !/^(\$ |```$)/.test(lines[at] ?? '')) at += 1;
      const text = words.join('\n').replace(/^\$ /, '');
      if (text.trim() === '' || text.startsWith('#')) continue;
      const output = kind === 'console' ? lines.slice(begin, at) : undefined;
      commands.push({ line: first + 1, text, output, outputLines: [begin, at] });
    }
  }
  return commands;
}

/** Programs that a test can run; a document may name others, which are somebody else's. */
const ours = /^(?:[A-Z_]+=\S+ )*(hangarbay|sqlite3|export [A-Z_]+=)/;

/** Whether a command is run: it is of hangarbay, or of what reads its database. */
export const isRun = ({ text }: Command) => ours.test(text);

/** Between two commands in what the shell prints. */
const mark = '\u001e';

/**
 * Runs commands one after the other in one shell, on a terminal of 100 columns: as somebody would who follows the
 * document, with a database that has seen two passes.
 */
export async function runCommands(
  commands: readonly Command[],
  world: DocumentsWorld,
): Promise<{ readonly home: string; readonly ran: readonly Ran[] }> {
  const home = world.newHome();
  const script = commands.map(({ text }) => `{ ${world.reachable(text)}\n}; printf '${mark}%s${mark}' $?`).join('\n');
  home.write('.script', script);
  const child = spawn('script', ['-qec', 'stty cols 100 -onlcr; exec bash "$HOME/.script"', '/dev/null'], {
    cwd: home.folder,
    env: { ...home.environment, NO_COLOR: '1', TERM: 'dumb' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  await once(child, 'close');
  const parts = shown.split(mark);
  const ran = commands.map((_, index) => ({
    output: stripVTControlCharacters(parts[2 * index] ?? '')
      .replaceAll('\r', '')
      .replaceAll(home.folder, '~'),
    code: Number(parts[2 * index + 1] ?? 255),
  }));
  return { home: home.folder, ran };
}

const masks: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'INSTANT'],
  [/\d{4}-\d\d-\d\d( to \d{4}-\d\d-\d\d| +\d{4}-\d\d-\d\d)?/g, 'DATE'],
  [/\d+(\.\d+)? ?(s|ms|seconds?|minutes?|hours?)\b/g, 'DURATION'],
  [/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'],
  [/http:\/\/127\.0\.0\.1:\d+/g, 'ADDRESS'],
  [/\b\d+(,\d{3})* (bytes|requests)\b/g, 'COUNT'],
];

/** Output with what differs from one run to the next taken out: times, ids, the width that they give to a column. */
export function masked(output: string): string {
  const text = masks.reduce((rest, [pattern, mask]) => rest.replaceAll(pattern, mask), output);
  return text
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .join('\n')
    .trim();
}

/** A shown output may leave lines out, with a line of three dots. */
export function isAsShown(shown: readonly string[], output: string): boolean {
  const parts = masked(shown.join('\n'))
    .split(/^…$/m)
    .map((part) => part.trim());
  const printed = masked(output);
  if (parts.length === 1) return printed === parts[0];
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!printed.startsWith(first) || !printed.endsWith(last)) return false;
  return rest.every((part) => printed.includes(part));
}
