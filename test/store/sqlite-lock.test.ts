import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LockedError, StorageError } from '../../src/errors.ts';
import { migrate, migrationStatus, openLocked } from '../../src/store/open.ts';
import { acquireLock } from '../../src/store/sqlite/lock.ts';
import { databaseAt } from '../helpers/backings.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const newPath = () => join(temporaryFolder(), 'contracts.db');

test('the lock is free as soon as its holder is killed', async () => {
  const path = newPath();
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'lock-holder.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await once(holder.stdout, 'data');
  await expect(acquireLock(path, 0)).rejects.toBeInstanceOf(LockedError);
  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;
  const lock = await acquireLock(path, 0);
  lock.release();
});

test('migrating waits for the pass that holds the lock', async () => {
  const path = newPath();
  const { location } = databaseAt(path);
  const lock = await acquireLock(path, 0);
  const migrated = migrate(location);
  expect((await migrationStatus(location)).applied).toEqual([]);
  lock.release();
  expect((await migrated).pending.length).toBeGreaterThan(0);
});

test('a lock that cannot be taken because of the disk says so', async () => {
  const path = newPath();
  mkdirSync(`${path}.lock`);
  await expect(acquireLock(path, 0)).rejects.toBeInstanceOf(StorageError);
});

test('a folder that cannot be made says so, with the path', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const { location } = databaseAt(join(folder, 'file', 'contracts.db'));
  const refused: unknown = await openLocked(location).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StorageError);
  expect(refused).toMatchObject({ message: expect.stringContaining(join('file', 'contracts.db')) });
});

test('the lock of one database is not that of a neighbour', async () => {
  const folder = temporaryFolder();
  const first = await acquireLock(join(folder, 'a.db'), 0);
  const second = await acquireLock(join(folder, 'b.db'), 0);
  first.release();
  second.release();
});
