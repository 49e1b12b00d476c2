import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';
import { freePort } from './free-port.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** The process, to be stopped and continued. */
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** Lines of its configuration. */
  readonly settings?: readonly string[];
  /** Makes it speak TLS alone. */
  readonly certificates?: Certificates | undefined;
  /** Makes it a Sentinel. */
  readonly isSentinel?: boolean;
}

/** Whether Debian's `redis-server`, or another, is on the path. */
export const hasRedisServer = () => hasProgram('redis-server', '--version');

/** Whether a program is on the path; it is asked for its version. */
export function hasProgram(name: string, word: string): boolean {
  return spawnSync(name, [word]).status === 0;
}

/** Starts a private Redis that keeps nothing on disk. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const { settings = [], certificates, isSentinel = false } = options;
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-redis-'));
  const port = await freePort();
  const file = join(folder, 'redis.conf');
  const place = [`port ${certificates === undefined ? port : 0}`, 'bind 127.0.0.1', `dir ${folder}`];
  const tls = certificates === undefined ? [] : [`tls-port ${port}`, ...tlsSettings(certificates)];
  // By default a master waits five seconds for further replicas before it sends its data to the first.
  const persistence = isSentinel ? [] : ['save ""', 'appendonly no', 'repl-diskless-sync-delay 0'];
  writeFileSync(file, [...place, ...tls, ...persistence, ...settings, ''].join('\n'));
  const server = spawn('redis-server', [file, ...(isSentinel ? ['--sentinel'] : [])], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // A run that is interrupted leaves no server behind.
  const killAtExit = () => server.kill('SIGKILL');
  process.once('exit', killAtExit);
  await ready(server);
  return {
    url: `${certificates === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    port,
    process: server,
    async stop() {
      process.removeListener('exit', killAtExit);
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tlsSettings({ ca, server }: Certificates): string[] {
  const files = [`tls-ca-cert-file ${ca}`, `tls-cert-file ${server.certificate}`, `tls-key-file ${server.key}`];
  return [...files, 'tls-replication yes', 'tls-cluster yes'];
}

/** Redis says on stdout that it is ready, and why it is not. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/Ready to accept connections|Sentinel ID is/.test(said)) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
  });
}

/** Whether something listens at a Redis URL. */
export async function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 6379), hostname);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
