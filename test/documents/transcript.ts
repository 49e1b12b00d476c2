/**
 * Commands in the project's documents, and their documented output. A block ```console has commands after `$ `, each
 * with its output as a terminal shows it; a block ```sh has commands only. A command ends with its line, unless the
 * line ends with a backslash.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import type { DocumentsWorld } from './world.ts';

/** A command of a document. */
export interface Command {
  /** The number of its first line, from 1. */
  readonly line: number;
  readonly text: string;
  /** The documented output; undefined without one. */
  readonly output: readonly string[] | undefined;
  /** Line numbers of the output: from, inclusive, to, exclusive. */
  readonly outputLines: readonly [number, number];
}

/** A command's output on both streams, and its exit code. */
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

/** Programs that a test can run; other programs in documents are skipped. */
const ours = /^(?:[A-Z_]+=\S+ )*(hangarbay|sqlite3|export [A-Z_]+=)/;

/** Whether a command is run: hangarbay, or programs that read its database. */
export const isRun = ({ text }: Command) => ours.test(text);

/** Separates the outputs of commands. */
const mark = '\u001e';

/**
 * Runs commands one after another in one shell, on a terminal of 100 columns, like a reader of the document, with a
 * database after two passes.
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

/** Output without the parts that differ between runs: times, ids, and the widths of their columns. */
export function masked(output: string): string {
  const text = masks.reduce((rest, [pattern, mask]) => rest.replaceAll(pattern, mask), output);
  return text
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .join('\n')
    .trim();
}

/** A documented output may omit lines, with a line of three dots. */
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
