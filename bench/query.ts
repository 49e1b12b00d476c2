/**
 * How long the database takes to answer the README's questions, over 50,000 listed contracts and 1,000,000 that are
 * gone: `npm run bench:query`. PostgreSQL is a private server, or the one HANGARBAY_TEST_POSTGRES_URL names.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { DatabaseLocation } from '../src/config.ts';
import { type Question, rows } from '../src/query/run.ts';
import { createSubjects } from '../src/query/subjects.ts';
import { migrate, openForQuestions } from '../src/store/open.ts';
import type { Reader } from '../src/store/store.ts';
import { toInstant } from '../src/time.ts';
import { startPostgres } from '../test/helpers/postgres-server.ts';
import { fillHistory } from './history.ts';

const size = { listed: Number(process.argv[2] ?? 50_000), gone: Number(process.argv[3] ?? 1_000_000) };
const repetitions = 5;

type Given = Partial<Omit<Question, 'subject'>> & { readonly subject?: string };

/** The README's questions, and some that are asked of every market. */
const questions: Readonly<Record<string, Given>> = {
  'without filters': {},
  '--region "The Forge" --ship Rifter --max-price 2m': {
    filters: { region: ['The Forge'], ship: ['Rifter'], 'max-price': ['2m'] },
  },
  '--title 10/20 --sort price --limit 20': { filters: { title: ['10/20'] }, sort: 'price', limit: 20 },
  '--item Tritanium --state all --items': {
    filters: { item: ['Tritanium'], state: ['all'] },
    fields: ['contract_id', 'items'],
  },
  '--type courier --limit 0': { filters: { type: ['courier'] }, limit: 0 },
  '--ships --fields …': { filters: { ships: [] }, fields: ['contract_id', 'ship_name', 'price', 'system_name'] },
  '--ships --sort price --limit 10': { filters: { ships: [] }, sort: 'price', limit: 10 },
  '--search rifter': { filters: { search: ['rifter'] } },
  '--bpc --min-me 10 --min-te 20 --sort price': {
    filters: { bpc: [], 'min-me': ['10'], 'min-te': ['20'] },
    sort: 'price',
  },
  '--market-group 5 --no-flagged': { filters: { 'market-group': ['5'], 'no-flagged': [] } },
  '--issuer "Issuer 77" --state all': { filters: { issuer: ['Issuer 77'], state: ['all'] } },
  '--gone-since 2h': { filters: { 'gone-since': ['2h'] } },
  'items --item Tritanium --region "The Forge" --sort quantity --desc': {
    subject: 'items',
    filters: { item: ['Tritanium'], region: ['The Forge'] },
    sort: 'quantity',
    descending: true,
  },
  'ships --group Frigate --sort cheapest': { subject: 'ships', filters: { group: ['Frigate'] }, sort: 'cheapest' },
  'blueprints --item "Rifter Blueprint" --me 10 --te 20 --sort price-per-run': {
    subject: 'blueprints',
    filters: { item: ['Rifter Blueprint'], me: ['10'], te: ['20'], 'min-runs': ['5'] },
    sort: 'price-per-run',
  },
  'couriers --no-structures --sort reward-per-m3 --desc': {
    subject: 'couriers',
    filters: { 'no-structures': [] },
    sort: 'reward-per-m3',
    descending: true,
  },
  'prices --item Rifter --by region': { subject: 'prices', filters: { item: ['Rifter'], by: ['region'] } },
  'types --name rifter': { subject: 'types', filters: { name: ['rifter'] } },
  'regions --sort contracts_listed --desc': { subject: 'regions', sort: 'contracts_listed', descending: true },
  'runs --limit 5': { subject: 'runs', limit: 5 },
};

const now = toInstant(new Date());

async function answer({ subject = 'contracts', ...given }: Given, reader: Reader): Promise<number> {
  const found = createSubjects(now).find(({ name }) => name === subject);
  if (found === undefined) throw new Error(`there is no subject ${subject}`);
  const question = { filters: {}, descending: false, limit: 50, offset: 0, ...given, subject: found };
  let total = 0;
  for await (const batch of rows(question, reader, now)) total += batch.length;
  return total;
}

async function measure(name: string, location: DatabaseLocation): Promise<void> {
  const begun = performance.now();
  await migrate(location);
  await fillHistory(location, size);
  print(`${name}, filled in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  const store = await openForQuestions(location);
  for (const [text, question] of Object.entries(questions)) {
    const times: number[] = [];
    let found = 0;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const start = performance.now();
      found = await store.read((reader) => answer(question, reader));
      times.push(performance.now() - start);
    }
    const [fastest = 0] = times.toSorted((a, b) => a - b);
    const median = times.toSorted((a, b) => a - b)[Math.floor(repetitions / 2)] ?? 0;
    print(`${median.toFixed(1).padStart(8)} ms  (fastest ${fastest.toFixed(1)})  ${text}: ${found} rows`);
  }
  await store.close();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

print(`${size.listed} contracts listed, ${size.gone} gone, ${cpus().length} cores, Node ${process.version}`);
const folder = mkdtempSync(join(tmpdir(), 'hangarbay-bench-'));
await measure('SQLite', { dialect: 'sqlite', path: join(folder, 'bench.db') });
rmSync(folder, { recursive: true });

const given = process.env.HANGARBAY_TEST_POSTGRES_URL;
const server = given === undefined ? await startPostgres({ durable: true }) : undefined;
const url = new URL(given ?? server?.url ?? '');
const admin = postgres(url.href, { max: 1, onnotice: () => {} });
await admin`DROP DATABASE IF EXISTS hangarbay_bench`;
await admin`CREATE DATABASE hangarbay_bench`;
const [version] = await admin<{ server_version: string }[]>`SHOW server_version`;
url.pathname = 'hangarbay_bench';
await measure(`PostgreSQL ${version?.server_version}`, { dialect: 'postgres', url: url.href });
await admin`DROP DATABASE hangarbay_bench WITH (FORCE)`;
await admin.end();
await server?.stop();
