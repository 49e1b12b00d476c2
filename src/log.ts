import { fstatSync } from 'node:fs';
import { type ConsolaInstance, createConsola, type InputLogObject, type LogObject } from 'consola/basic';
import type { LogFormat, LogLevel } from './config.ts';
import { showControlCharacters } from './visible.ts';

/**
 * Messages for people and journals, always on stderr because stdout is for data. In `log.info(message, fields?)` the
 * message is complete, and the fields repeat values for searching.
 */
export type Log = ConsolaInstance;

/** Plain values by name, only in JSON lines. */
export type Fields = Readonly<Record<string, unknown>>;

const consolaLevels: Record<LogLevel, number> = { error: 0, warn: 1, info: 3, debug: 4 };

export interface LogOptions {
  readonly level?: LogLevel | undefined;
  readonly format?: LogFormat | undefined;
  readonly stream?: NodeJS.WriteStream;
  /** Called with each written line. */
  readonly onLine?: (line: string) => void;
  /** Called before a line is written, so that a progress line can be removed. */
  readonly beforeLine?: () => void;
}

/** Opens the log: `info` and `pretty` on a terminal; otherwise (cron, a journal, a pipe) `warn` and `json`. */
export function createLog(options: LogOptions = {}): Log {
  const stream = options.stream ?? process.stderr;
  const level = options.level ?? (stream.isTTY ? 'info' : 'warn');
  const write = writers[options.format ?? usualFormat(stream)];
  return createConsola({
    level: consolaLevels[level],
    // Consola joins equal lines by default, but each line is a separate event.
    throttle: 0,
    reporters: [
      {
        log(entry) {
          options.beforeLine?.();
          const line = write(entry, stream);
          options.onLine?.(line);
          writeOrLose(stream, `${line}\n`);
        },
      },
    ],
  });
}

const writers = { pretty: prettyLine, json: jsonLine, journal: journalLine } as const;

function usualFormat(stream: NodeJS.WriteStream): LogFormat {
  if (stream.isTTY) return 'pretty';
  return stream === process.stderr && isJournal() ? 'journal' : 'json';
}

/** Whether stderr is connected to the journal by systemd, and not redirected by a shell. */
function isJournal(): boolean {
  const { JOURNAL_STREAM: expected } = process.env;
  if (!expected) return false;
  try {
    const { dev, ino } = fstatSync(2);
    return expected === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/**
 * A full disk or a closed pipe loses log lines but fails no pass. Writes to a file are synchronous and throw; a pipe
 * emits an error, which the program handles.
 */
function writeOrLose(stream: NodeJS.WriteStream, line: string): void {
  try {
    stream.write(line);
  } catch {}
}

/** The same log, with these fields on each line. */
export function withFields(log: Log, fields: Fields): Log {
  const defaults: InputLogObject & { readonly fields: Fields } = { fields };
  return log.withDefaults(defaults);
}

/** Whether to use colour on a stream, by NO_COLOR, FORCE_COLOR and TERM. */
export function usesColor(stream: { isTTY?: boolean | undefined }): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0';
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

function prettyLine(entry: LogObject, stream: NodeJS.WriteStream): string {
  const mark = marks[entry.type] ?? marks.info;
  const label = usesColor(stream) ? `\u001B[${mark.color}m${mark.text}\u001B[0m` : mark.text;
  return [label, showControlCharacters(messageIn(entry), { keepLineBreaks: true })].join(' ');
}

const info = { text: '·', color: 36 };
const marks: Record<string, { text: string; color: number }> & { info: typeof info } = {
  info,
  error: { text: 'error:', color: 31 },
  warn: { text: 'warning:', color: 33 },
  debug: { text: '  ', color: 90 },
};

/** Syslog priorities, as sd-daemon(3) reads them from the beginning of a line. */
const priorities: Readonly<Record<string, number>> = { error: 3, warn: 4, info: 6, debug: 7 };

/** A line for the journal, which stores time and priority itself. */
function journalLine(entry: LogObject): string {
  const priority = `<${priorities[entry.type] ?? 6}>`;
  const text = showControlCharacters(messageIn(entry), { keepLineBreaks: true });
  return priority + text.replaceAll('\n', `\n${priority}`);
}

function jsonLine(entry: LogObject): string {
  return JSON.stringify({
    time: entry.date.toISOString(),
    level: entry.type,
    msg: messageIn(entry),
    ...fieldsIn(entry),
  });
}

function messageIn({ args: [message] }: LogObject): string {
  return withoutPasswords(String(message));
}

/** The fields of the log, then those of the line. */
function fieldsIn({ fields: common, args: [, own] }: LogObject): Fields {
  const fields = Object.entries({ ...(common as Fields | undefined), ...(own as Fields | undefined) });
  return Object.fromEntries(
    fields.map(([name, value]) => [name, typeof value === 'string' ? withoutPasswords(value) : value]),
  );
}

/** Our messages contain no URLs, but they repeat misplaced arguments and drivers' messages, which may. */
function withoutPasswords(text: string): string {
  return text.replaceAll(/:\/\/\S*@/g, '://…@').replaceAll(/([?&]\w*password=)[^\s&]*/gi, '$1…');
}
