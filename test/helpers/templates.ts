import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { migrate } from '../../src/store/open.ts';

/** A migrated SQLite file with nothing in it, for the tests to copy. */
export async function makeSqliteTemplate(): Promise<{ path: string; drop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay-template-'));
  const path = join(folder, 'template.db');
  const flags = { databaseUrl: `sqlite:${path}` };
  await migrate(readConfig(['databaseUrl'], { flags, environment: {} }).databaseUrl);
  return { path, drop: () => rmSync(folder, { recursive: true, force: true }) };
}
