import type { Migration } from '../../src/store/migrations.ts';
import { withMigrations } from '../../src/store/sqlite/migrate.ts';

/** Run with the path of a database: dies, as by `kill -9`, in the middle of its next migration. */
const [path = ''] = process.argv.slice(2);

function* statements(): Generator<string> {
  yield 'CREATE TABLE half_way (id integer)';
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment; nothing more is done.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}

const migration = { name: '9999_killed', statements: statements(), hash: 'killed', createdAt: 9e15 };
await withMigrations(path, 'write', (target) => target.apply(migration as unknown as Migration));
