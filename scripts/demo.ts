/**
 * Demonstrates the main use without ESI: a stand-in ESI with a few hundred contracts, a temporary database, and the
 * built program.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'hangarbay demo '));
// In a thread, because this one is blocked while a command runs.
const esi = new Worker(join(root, 'test/fake-esi/main.ts'), { argv: ['--contracts', '400'], stdout: true });
const environment = {
  ...process.env,
  HANGARBAY_DATABASE_URL: `sqlite:${join(folder, 'demo.db')}`,
  HANGARBAY_CONTACT: 'demo@example.com',
  HANGARBAY_DOWNTIME: 'none',
  HANGARBAY_LOG_LEVEL: 'info',
  HANGARBAY_LOG_FORMAT: 'pretty',
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function hangarbay(...args: string[]): void {
  const typed = args.map((arg) => (/[^\w./:,-]/.test(arg) ? `"${arg}"` : arg)).join(' ');
  say(`\n$ hangarbay ${typed}`);
  const { status, error } = spawnSync(process.execPath, [join(root, 'bin/hangarbay.js'), ...args], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`hangarbay ${typed} exited with ${status}`);
}

try {
  const [line] = await once(esi.stdout, 'data');
  Object.assign(environment, { HANGARBAY_ESI_URL: String(line).trim() });
  say(`A stand-in ESI with 400 public contracts listens at ${String(line).trim()}.`);
  hangarbay('migrate');
  hangarbay('aggregate');
  say('\nA second pass sends no requests, because no list has expired yet:');
  hangarbay('aggregate');
  say('\nThe cheapest ships:');
  const fields = ['contract_id', 'ship_name', 'price', 'system_name', 'title', 'date_expired'].join(',');
  hangarbay('query', '--ships', '--sort', 'price', '--limit', '8', '--fields', fields, '--format', 'table');
  say('\nThe contracts of one region, as JSON for a pipe:');
  hangarbay(
    'query',
    '--region',
    'Domain',
    '--limit',
    '2',
    '--fields',
    'contract_id,type,price,items',
    '--format',
    'json',
  );
  say('\nThe ledger of passes:');
  hangarbay('query', 'runs', '--format', 'table');
  say('\nThe same against the live ESI: npx hangarbay aggregate --region "The Forge"');
} finally {
  await esi.terminate();
  rmSync(folder, { recursive: true, force: true });
}
