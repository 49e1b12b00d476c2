import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of the test's own, with a space in its name as users have it; it is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hangarbay test '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
