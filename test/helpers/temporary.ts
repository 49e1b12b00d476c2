import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder, with a space in its name as users have it. */
export function makeFolder(prefix = 'hangarbay test '): string {
  return mkdtempSync(join(tmpdir(), prefix));
}

/** A folder of the test's own; it is gone after the test. */
export function temporaryFolder(prefix?: string): string {
  const folder = makeFolder(prefix);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
