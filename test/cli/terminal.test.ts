import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { inHours } from '../helpers/contracts.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { change } from '../helpers/tables.ts';
import { types } from '../helpers/universe.ts';

const executable = join(import.meta.dirname, '../../bin/hangarbay.js');

/** Runs the executable in a terminal made by script(1), and returns its whole output. */
async function runInTerminal(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  columns = 200,
): Promise<string> {
  const command = [process.execPath, executable, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols ${columns} && ${command}`, '/dev/null'], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return shown.replaceAll('\r\n', '\n');
}

describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
  const market = sharedMarket(sqlite);

  it('contracts are a table with a coloured head, what players wrote made visible', async () => {
    const { database } = market();
    const shown = await runInTerminal(['query', '--database-url', database.url], {});
    expect(shown).toContain('\u001B[1mcontract_id\u001B[22m');
    expect(shown).toContain('Fleet_pack\\u001b[31m');
    expect(shown).not.toContain('\u001B[31m');
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('%j disables colour', async (environment) => {
    const { database } = market();
    const shown = await runInTerminal(['query', '--database-url', database.url], environment);
    expect(shown).toMatch(/^contract_id +type +title/m);
    expect(shown).not.toContain('\u001B');
  });

  it.each([200, 120, 80, 40])('of %d columns no line of a table is wider', async (columns) => {
    const { database } = market();
    const shown = await runInTerminal(
      ['query', '--state', 'all', '--items', '--database-url', database.url],
      { NO_COLOR: '1' },
      columns,
    );
    const lines = shown.trimEnd().split('\n');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.length).toBeGreaterThanOrEqual(14);
  });

  it('of 80 columns has room for what a flag asks for', async () => {
    const { database } = market();
    const ask = ['query', '--bids', '--flags', '--items', '--database-url', database.url];
    const shown = (await runInTerminal(ask, { NO_COLOR: '1' }, 80)).trimEnd();
    expect(shown).toMatch(/^ +id +type .* items +bids +flags$/m);
    expect(shown).toMatch(/^too narrow for: [a-z_,\s]*date_expired$/m);
    const typed = ['query', '--fields', 'date_expired,date_issued,last_seen_at,items,price', '--items'];
    const others = await runInTerminal([...typed, '--database-url', database.url], { NO_COLOR: '1' }, 70);
    expect(others).toMatch(/^too narrow for: items, price$/m);
  });

  it('that does not know its width shows the whole table', async () => {
    const { database } = market();
    const shown = await runInTerminal(['query', '--database-url', database.url], { NO_COLOR: '1' }, 0);
    expect(shown).toMatch(/^contract_id +type +title .* date_expired$/m);
    expect(shown).not.toContain('too narrow');
  });

  it('money is in short, and exact where that is asked for', async () => {
    const { database } = market();
    const ask = ['query', '--id', '104', '--fields', 'price,reward', '--database-url', database.url];
    expect(await runInTerminal(ask, {})).toBe(
      '\u001B[1mprice\u001B[22m  \u001B[1mreward\u001B[22m\n 1.5b       \u001B[2m–\u001B[22m\n',
    );
    expect(await runInTerminal([...ask, '--exact'], { NO_COLOR: '1' })).toContain('\n1,500,000,000.00\n');
  });

  it('JSON is JSON where it is asked for', async () => {
    const { database } = market();
    const shown = await runInTerminal(
      ['query', '--format', 'json', '--limit', '1', '--database-url', database.url],
      {},
    );
    expect(JSON.parse(shown)).toHaveLength(1);
  });
});

const evil = '👩‍🚀 \u009B5m \u001B[31mred \u001B]8;;http://example.com\u0007click \u202Eturned\u200B\u2028 \u{E0041}';

describe.skipIf(process.platform !== 'linux')('prices on a terminal', () => {
  const priced = [1, 2, 3, 4].map((n) => ({
    contract_id: n,
    isGone: n > 1,
    row: { price: n * 1_000_000, issuer_id: 90000000 + n },
    items: [{ type_id: types.rifter }],
  }));
  const market = sharedMarket(sqlite, priced);
  beforeAll(async () => {
    const moves = [2, 3, 4].map(
      (n) => `UPDATE contracts SET gone_at = '${inHours(-24 * n).slice(0, 10)}T12:00:00Z' WHERE contract_id = ${n}`,
    );
    await change(market().database, moves.join(';'));
  });
  const ask = (...args: string[]) =>
    runInTerminal(['query', ...args, '--database-url', market().database.url], { NO_COLOR: '1' }, 80);

  it('by day have a chart under the table, unless disabled', async () => {
    const asked = ['prices', '--item', 'Rifter', '--by', 'day'];
    const [shown, plain] = [await ask(...asked), await ask(...asked, '--no-chart')];
    expect(shown.startsWith(plain)).toBe(true);
    const chart = shown.slice(plain.length).trimEnd().split('\n');
    expect(chart[1]).toBe('Rifter: median ● and quartiles │, in ISK; contracts of a day, 1 at most');
    // The latest at the right: 1, 2, 3 and 4 million, from below.
    const dots = chart.flatMap((line) => (line.includes('●') && !line.includes('median') ? [line.indexOf('●')] : []));
    expect(dots).toEqual(dots.toSorted((a, b) => a - b));
    expect(dots).toHaveLength(4);
    expect(shown).toMatch(/^ +4m ┤●$/m);
    for (const line of chart) expect(stringWidth(line)).toBeLessThanOrEqual(80);
  });

  it('are a sparkline, and no column without history', async () => {
    expect(await ask('ships', '--fields', 'ship_name,history')).toMatch(/^Rifter +█▅▁$/m);
    expect(await ask('prices', '--item', 'Rifter')).toMatch(/ +history\n.*█▅▁$/m);
    expect(await ask('ships', '--region', 'Domain', '--state', 'all')).not.toContain('history');
    expect(await ask('prices', '--item', 'Rifter', '--by', 'region,DAY')).not.toContain('history');
  });
});

describe.skipIf(process.platform !== 'linux')('what players wrote', () => {
  const market = sharedMarket(sqlite, [{ contract_id: 1, row: { title: evil } }]);
  const ask = (format: string) => [
    ...['query', '--fields', 'title', '--format', format],
    ...['--database-url', market().database.url],
  ];

  it.each(['table', 'csv', 'json', 'ndjson'])('is not obeyed by a terminal in %s', async (format) => {
    const shown = await runInTerminal(ask(format), { NO_COLOR: '1' });
    expect(shown).toContain('\\u009b5m');
    expect(shown).toContain('👩‍🚀');
    expect(shown.replaceAll(/\r?\n|👩‍🚀/gu, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('is the same text in JSON on a terminal', async () => {
    expect(JSON.parse(await runInTerminal(ask('json'), {}))).toEqual([{ title: evil }]);
    expect(JSON.parse(await runInTerminal(ask('ndjson'), {}))).toEqual({ title: evil });
  });

  it('goes into a pipe as it came', async () => {
    expect((await run(ask('json'))).stdout).toBe(`[\n${JSON.stringify({ title: evil })}\n]\n`);
    expect((await run(ask('ndjson'))).stdout).toBe(`${JSON.stringify({ title: evil })}\n`);
    expect((await run(ask('csv'))).stdout).toBe(`title\r\n"${evil}"\r\n`);
  });
});
