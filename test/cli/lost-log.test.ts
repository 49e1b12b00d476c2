import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const executable = join(import.meta.dirname, '../../bin/hangarbay.js');

/** Runs the executable in a shell, with a redirection of stderr. */
async function shell(redirection: string, args: readonly string[]): Promise<number | null> {
  const script = `"$@" ${redirection}`;
  const environment = { PATH: process.env.PATH, HOME: '/nonexistent', HANGARBAY_DOWNTIME: 'none' };
  const child = spawn('bash', ['-c', `set -o pipefail; ${script}`, 'bash', process.execPath, executable, ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

/** A full disk, a closed descriptor, a reader that has left, and one that leaves after a line. */
const losses = ['2>/dev/full', '2>&-', '2> >(exec 0<&-)', '2> >(head -n 1 >/dev/null)'].filter(
  (redirection) => !redirection.includes('/dev/full') || existsSync('/dev/full'),
);

describe.each(losses)('a log that cannot be written: %s', (redirection) => {
  it('costs no pass', async () => {
    const esi = await openEsi({ contracts: 20, regions: [10000002] });
    const database = join(temporaryFolder(), 'contracts.db');
    const [first, second] = esi.world.list();
    for (const { contract } of [first, second].flatMap((found) => found ?? [])) {
      const match = { route: 'items', contract_id: contract.contract_id } as const;
      esi.faults.inject({ match, fault: { kind: 'status', status: 400, body: { error: 'odd' } } });
    }
    // Without a contact, the first line comes before any request.
    const code = await shell(redirection, ['aggregate', '-v', '--esi-url', esi.url, '--database-url', database]);
    expect(code).toBe(3);
    const { stdout } = await run(['query', 'runs', '--database-url', database, '--fields', 'outcome,exit_code']);
    expect(JSON.parse(stdout)).toEqual([{ outcome: 'partial', exit_code: 3 }]);
  });

  it('changes no exit code of a question or of a mistake', async () => {
    const database = join(temporaryFolder(), 'contracts.db');
    await run(['migrate', '--database-url', database]);
    expect(await shell(redirection, ['query', '-v', '--database-url', database])).toBe(0);
    expect(await shell(redirection, ['query', '--nonsense'])).toBe(2);
  });
});
