import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databaseAt } from '../helpers/backings.ts';
import { type Host, noNetworks, openNetwork } from '../helpers/network.ts';
import { startPostgres } from '../helpers/postgres-server.ts';
import { whyInHurry } from '../helpers/thorough.ts';
import { newUser } from './user.ts';

const missing = noNetworks();
const reason = missing === undefined ? whyInHurry : ` (skipped: ${missing})`;
const program = join(import.meta.dirname, '../../bin/hangarbay.js');

describe.skipIf(reason !== '')(`a host that is cut off in mid-pass${reason}`, () => {
  it.each([
    ['a cable is pulled', (host: Host) => host.unplug(), () => {}, [12, 13]],
    [
      'a switch drops everything for a while',
      (host: Host) => host.port('off'),
      (host: Host) => host.port('on'),
      // It takes the lock again and goes on, unless it has given up before.
      [0, 3, 12, 13],
    ],
  ] as const)('loses the lock to another host within 90 seconds: %s', async (_, cut, restore, codes) => {
    const network = openNetwork();
    const [first, second] = [network.addHost(), network.addHost()];
    const server = await startPostgres({ network: network.range });
    onTestFinished(() => server.stop());
    const user = await newUser(
      { name: 'PostgreSQL', makeDatabase: async () => ({ database: databaseAt(server.url), drop: async () => {} }) },
      { plainContracts: 300, latencyMilliseconds: 200 },
    );
    await user.run('migrate');
    const esi = await network.forward(Number(new URL(user.esi.url).port));
    const environment = {
      ...user.environment,
      HANGARBAY_DATABASE_URL: server.url.replace('127.0.0.1', network.address),
      HANGARBAY_ESI_URL: `http://${network.address}:${esi}`,
    };
    const pass = first.start(process.execPath, [program, 'aggregate'], environment);
    while (user.esi.requests.count({ route: 'items' }) < 60) await sleep(5);
    cut(first);
    const pulled = Date.now();
    const taken = await second.start(process.execPath, [program, 'aggregate', '--wait', '100s'], environment).ended;
    expect(taken).toMatchObject({ code: 0, stdout: '' });
    const seconds = (Date.now() - pulled) / 1_000;
    expect(seconds).toBeLessThan(90);
    restore(first);
    const ended = await pass.ended;
    expect(codes).toContain(ended.code);
    // What it says of itself is in the ledger; a pass that gave up was closed by the next one.
    const runs = JSON.parse((await user.run('query', 'runs', '--fields', 'started_at,outcome,exit_code')).stdout);
    const [own] = runs.toSorted((a: { started_at: string }, b: { started_at: string }) =>
      a.started_at < b.started_at ? -1 : 1,
    );
    expect(own).toMatchObject(
      ended.code === 12 || ended.code === 13 ? { outcome: 'interrupted' } : { exit_code: ended.code },
    );
    await user.expectEverything();
    expect((await user.run('query', 'changes', '--change', 'gone', '--count')).stdout).toBe('0\n');
  });
});
