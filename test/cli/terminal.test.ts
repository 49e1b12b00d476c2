import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { sharedMarket } from '../helpers/shared.ts';

const executable = join(import.meta.dirname, '../../bin/hangarbay.js');

/** Runs the executable in a terminal of its own, made by script(1), and returns all that it shows. */
async function runInTerminal(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const command = [process.execPath, executable, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
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

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('with %j there is no colour', async (environment) => {
    const { database } = market();
    const shown = await runInTerminal(['query', '--database-url', database.url], environment);
    expect(shown).toMatch(/^contract_id +type +title/m);
    expect(shown).not.toContain('\u001B');
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
