import { type SQL, sql } from 'drizzle-orm';
import type { Summary } from '../../src/aggregate/summary.ts';
import { migrate, openForQueries } from '../../src/store/open.ts';
import { type Ended, launch, type Running } from '../helpers/executable.ts';
import { differences, parseLines } from '../helpers/expected.ts';
import type { ChaosBacking, ChaosDatabase } from './databases.ts';
import type { ChaosWorld } from './world.ts';

/** A user of the built executable, with a database and a server. */
export interface ChaosUser {
  readonly database: ChaosDatabase;
  start(...args: string[]): Running;
  /** Runs a pass to its end. */
  pass(...args: string[]): Promise<Pass>;
  /** How the database differs from the server: all listed contracts, and no contract gone that was never delisted. */
  differences(): Promise<string[]>;
  /** Rows of the ledger that no pass has closed. */
  openRuns(): Promise<number>;
}

export interface Pass {
  readonly code: number | null;
  /** Absent if the pass could not begin, or ended without its summary. */
  readonly summary: Summary | undefined;
  /** What is wrong with the end of the pass, as sentences. */
  readonly problems: readonly string[];
}

export async function newUser(backing: ChaosBacking, world: ChaosWorld): Promise<ChaosUser> {
  const database = await backing.make();
  await migrate(database.location);
  const environment = {
    ...database.environment,
    HANGARBAY_ESI_URL: world.esi.url,
    HANGARBAY_CONTACT: 'pilot@example.com',
    HANGARBAY_LOG_LEVEL: 'warn',
  };
  const start = (...args: string[]) => launch(args, environment);
  return {
    database,
    start,
    pass: async (...args) => judge(await start('aggregate', '--json', ...args).ended),
    async differences() {
      const asked = await start('query', '--state', 'listed', '--items', '--limit', '0', '--format', 'ndjson').ended;
      if (asked.code !== 0) return [`query exited with ${asked.code}: ${asked.stderr}`];
      const found = differences(parseLines(asked.stdout), world.esi).map((difference) => JSON.stringify(difference));
      const waiting = found.length === 0 ? [] : await rowsOf(database, sql`SELECT * FROM contract_backlog`);
      const evidence = waiting.map((row) => `in the backlog: ${JSON.stringify(row)}`);
      return [...found, ...(await falselyGone(database, world)), ...evidence];
    },
    openRuns: async () => (await rowsOf(database, sql`SELECT * FROM runs WHERE finished_at IS NULL`)).length,
  };
}

/** A pass may fail in many ways, but never with an exit code for a defect, or a stack trace. */
function judge({ code, stdout, stderr }: Ended): Pass {
  const problems: string[] = [];
  if (![0, 3, 12].includes(code ?? Number.NaN)) problems.push(`exit code ${code}: ${stderr.slice(0, 500)}`);
  if (/^\s+at .+:\d+:\d+/m.test(stderr)) problems.push(`a stack trace: ${stderr.slice(0, 500)}`);
  return { code, summary: stdout === '' ? undefined : (JSON.parse(stdout) as Summary), problems };
}

async function falselyGone(database: ChaosDatabase, { delisted }: ChaosWorld): Promise<string[]> {
  const gone = await rowsOf<{ contract_id: number }>(
    database,
    sql`SELECT contract_id FROM contract_changes WHERE change = 'gone'`,
  );
  return gone
    .filter(({ contract_id }) => !delisted.has(contract_id))
    .map(({ contract_id }) => `contract ${contract_id} was said to be gone, and never was`);
}

async function rowsOf<Row>({ location }: ChaosDatabase, query: SQL): Promise<Row[]> {
  const store = await openForQueries(location);
  try {
    return await store.read((reader) => reader.all<Row>(query));
  } finally {
    await store.close();
  }
}
