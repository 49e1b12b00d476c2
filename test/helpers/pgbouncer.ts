import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

/** Like PostgreSQL it does not run as root; this user exists on every Unix and owns nothing. */
const nobody = 65_534;

/** Whether Debian's `pgbouncer`, or another, is on the path. */
export function hasPgBouncer(): boolean {
  return spawnSync('pgbouncer', ['--version']).status === 0;
}

/**
 * Starts a PgBouncer with its default settings, which is gone after the test.
 *
 * @param server URL of the server behind it
 * @returns URL of the same database through it
 */
export async function startPgBouncer(
  server: string,
  mode: 'session' | 'transaction' | 'statement',
  settings: readonly string[] = [],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-pgbouncer-'));
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o755);
  const url = new URL(server);
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users');
  writeFileSync(users, `"${url.username}" "${url.password}"\n`);
  const lines = [
    '[databases]',
    `* = host=${url.hostname} port=${url.port || 5432}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = trust',
    `auth_file = ${users}`,
    `pool_mode = ${mode}`,
    ...settings,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const pooler = spawn('pgbouncer', [file], { ...user, stdio: ['ignore', 'ignore', 'pipe'] });
  const killAtExit = () => pooler.kill('SIGKILL');
  process.once('exit', killAtExit);
  onTestFinished(async () => {
    process.removeListener('exit', killAtExit);
    if (pooler.exitCode === null) {
      const ended = once(pooler, 'exit');
      pooler.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  let said = '';
  for await (const text of pooler.stderr) {
    said += text;
    if (said.includes('process up')) break;
  }
  if (!said.includes('process up')) throw new Error(`pgbouncer ended: ${said}`);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
