import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../../src/store/sqlite/lock.ts';

/** Run with the path of a database: holds its lock until it is killed. */
const [path = ''] = process.argv.slice(2);

const lock = await acquireLock(path, 0);
process.stdout.write('locked\n');
await sleep(60_000);
// Unreferenced objects may be collected, and the lock with them.
lock.release();
