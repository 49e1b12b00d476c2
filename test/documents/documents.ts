import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The documents for users and contributors, as paths from the project's folder. */
export function documents(): string[] {
  const pages = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', 'bench/README.md', ...pages.map((file) => `docs/${file}`)];
}
