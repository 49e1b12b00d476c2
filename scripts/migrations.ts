/** Lists each dialect's migrations in `drizzle/<dialect>/migrations.json`: their names, times and hashes, oldest first. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

for (const dialect of ['sqlite', 'postgres']) {
  const folder = join(import.meta.dirname, '../drizzle', dialect);
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string; when: number }[];
  };
  const migrations = entries.map(({ tag, when }) => {
    // Like drizzle's hash, of the committed text: Git may check out other line ends.
    const text = readFileSync(join(folder, `${tag}.sql`), 'utf8').replaceAll('\r\n', '\n');
    return { name: tag, createdAt: when, hash: createHash('sha256').update(text).digest('hex') };
  });
  writeFileSync(join(folder, 'migrations.json'), `${JSON.stringify(migrations, null, 2)}\n`);
}
