import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLog, type LogOptions, usesColor, withFields } from '../src/log.ts';

/** A log whose lines are kept instead of written. */
function openLog(options: LogOptions & { isTTY?: boolean } = {}) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  Object.assign(stream, { isTTY: options.isTTY ?? false });
  const log = createLog({ ...options, stream: stream as NodeJS.WriteStream });
  return { log, lines: () => written.join('').split('\n').slice(0, -1) };
}

function writeAll(log: ReturnType<typeof createLog>): void {
  log.error('an error');
  log.warn('a warning');
  log.info('an info');
  log.debug('a detail');
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('levels', () => {
  it.each([
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ] as const)('%s shows itself and what is worse', (level, count) => {
    const { log, lines } = openLog({ level, format: 'pretty' });
    writeAll(log);
    expect(lines().map((line) => line.trim().replace(/^(error:|warning:|·) /, ''))).toEqual(
      ['an error', 'a warning', 'an info', 'a detail'].slice(0, count),
    );
  });

  it('a terminal sees infos, anything else only warnings', () => {
    const terminal = openLog({ isTTY: true });
    const journal = openLog({ isTTY: false });
    writeAll(terminal.log);
    writeAll(journal.log);
    expect(terminal.lines()).toHaveLength(3);
    expect(journal.lines()).toHaveLength(2);
  });
});

it.each(['pretty', 'json'] as const)('a password in a URL is left out, and nothing else: %s', (format) => {
  const { log, lines } = openLog({ format });
  log.warn('cannot reach postgres://a:b@c@host/d?password=e&x=1, ask pilot@example.com', { url: 'redis://:b@host' });
  expect(lines()[0]).toContain('cannot reach postgres://…@host/d?password=…&x=1, ask pilot@example.com');
  if (format === 'json') expect(lines()[0]).toContain('redis://…@host');
  log.warn('cannot reach redis+sentinel://a:b@host/m?sentinel_username=c&sentinel_password=d');
  expect(lines()[1]).toContain('redis+sentinel://…@host/m?sentinel_username=c&sentinel_password=…');
});

describe('formats', () => {
  it('a terminal gets lines for people, anything else JSON', () => {
    const terminal = openLog({ isTTY: true });
    const journal = openLog({ isTTY: false });
    terminal.log.warn('look');
    journal.log.warn('look');
    expect(terminal.lines()[0]).toContain('look');
    expect(() => JSON.parse(terminal.lines()[0] ?? '')).toThrow();
    expect(JSON.parse(journal.lines()[0] ?? '')).toMatchObject({ level: 'warn', msg: 'look' });
  });

  it('JSON has the time, the level, the message and the fields, a line an event', () => {
    const { log, lines } = openLog({ format: 'json', level: 'info' });
    log.info('two\nlines "quoted"', { region_id: 10000002, pages: [1, 2], none: null });
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(lines()[0] ?? '')).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      msg: 'two\nlines "quoted"',
      region_id: 10000002,
      pages: [1, 2],
      none: null,
    });
  });

  it('fields of a whole log are on each of its lines, and yield to those of the line', () => {
    const { log, lines } = openLog({ format: 'json', level: 'warn' });
    const ofRun = withFields(log, { run_id: 'one', region_id: 1 });
    ofRun.warn('first');
    ofRun.warn('second', { region_id: 2 });
    ofRun.info('not shown');
    log.warn('third');
    expect(lines().map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'first', run_id: 'one', region_id: 1 },
      { msg: 'second', run_id: 'one', region_id: 2 },
      { msg: 'third' },
    ]);
    expect(lines()[2]).not.toContain('run_id');
  });

  it('lines for people have no fields: their words say it all', () => {
    const { log, lines } = openLog({ format: 'pretty', level: 'info' });
    withFields(log, { run_id: 'one' }).warn('region 1 is slow', { region_id: 1 });
    expect(lines()).toEqual(['warning: region 1 is slow']);
  });

  it('lines for people show control characters instead of obeying them', () => {
    const { log, lines } = openLog({ format: 'pretty', level: 'info' });
    log.error('title \u001B[2J\u009B31m\u0007');
    expect(lines()).toEqual(['error: title \\u001b[2J\\u009b31m\\u0007']);
  });

  it('equal lines are separate events', () => {
    const { log, lines } = openLog({ format: 'json', level: 'info' });
    for (let count = 0; count < 20; count += 1) log.warn('again');
    expect(lines()).toHaveLength(20);
  });

  it('makes room before each line', () => {
    const beforeLine = vi.fn();
    const { log } = openLog({ format: 'json', level: 'warn', beforeLine });
    log.warn('one');
    log.info('not shown');
    log.error('two');
    expect(beforeLine).toHaveBeenCalledTimes(2);
  });
});

describe('colour', () => {
  const terminal = { isTTY: true };
  const file = { isTTY: false };

  it.each([
    [{}, true, false],
    [{ NO_COLOR: '1' }, false, false],
    [{ FORCE_COLOR: '1' }, true, true],
    [{ FORCE_COLOR: '0' }, false, false],
    [{ TERM: 'dumb' }, false, false],
    [{ TERM: 'dumb', FORCE_COLOR: '1' }, true, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
    [{ NO_COLOR: '' }, true, false],
  ])('with %j a terminal has it: %s, a file: %s', (environment, onTerminal, inFile) => {
    for (const [name, value] of Object.entries({ NO_COLOR: '', FORCE_COLOR: '', TERM: 'xterm', ...environment })) {
      vi.stubEnv(name, value);
    }
    expect(usesColor(terminal)).toBe(onTerminal);
    expect(usesColor(file)).toBe(inFile);
  });

  it('is in lines for people only', () => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('FORCE_COLOR', '1');
    const people = openLog({ format: 'pretty' });
    const machines = openLog({ format: 'json' });
    people.log.error('look');
    machines.log.error('look');
    expect(people.lines()[0]).toContain('\u001B[');
    expect(machines.lines()[0]).not.toContain('\u001B');
  });
});
