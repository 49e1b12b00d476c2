import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { StandInEsi } from '../fake-esi/types.ts';
import type { Ended } from '../helpers/cli.ts';
import { differences, parseLines } from '../helpers/expected.ts';
import { openUnprivileged } from '../helpers/unprivileged.ts';

const forge = 10000002;
const unprivileged = openUnprivileged();
afterAll(() => unprivileged.close());

/** A user who is subject to permissions, with a stand-in ESI and a database in a separate folder. */
async function newUser(contracts = 20) {
  const esi = await openEsi({ regions: [forge] });
  for (let count = 0; count < contracts; count += 1) {
    const title = `${'x'.repeat(200)} ${count}`;
    esi.world.add({ region_id: forge, type: 'item_exchange', title, items: [{ type_id: 587 }] });
  }
  const folder = join(unprivileged.folder, String(Math.random()).slice(2));
  const path = join(folder, 'data', 'contracts.db');
  const environment = {
    HANGARBAY_ESI_URL: esi.url,
    HANGARBAY_CONTACT: 'pilot@example.com',
    HANGARBAY_DATABASE_URL: path,
    HANGARBAY_REGIONS: String(forge),
  };
  const user = {
    esi,
    path,
    run: (...args: string[]) => unprivileged.runOn(args, environment),
    runAfter: (first: string, ...args: string[]) => unprivileged.run(first, args, environment),
    async aggregate() {
      expect(await user.run('aggregate')).toMatchObject({ code: 0, stdout: '', stderr: nothingElse });
    },
    /** One more pass must make the database equal to the server. */
    async expectHealed() {
      await user.aggregate();
      expect(await lost(user, esi)).toEqual([]);
    },
  };
  return user;
}

/** The only allowed message is about creating the database's folder. */
const nothingElse = expect.stringMatching(/^(?:\{.*creating the folder .*\}\n)?$/);

async function lost(user: { run(...args: string[]): Promise<Ended> }, esi: StandInEsi) {
  const answer = await user.run('query', '--items', '--limit', '0', '--state', 'all', '--format', 'ndjson');
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  return differences(parseLines(answer.stdout), esi);
}

function expectTold(
  { code, stdout, stderr }: Ended,
  expectedCode: number,
  ...texts: readonly (string | RegExp)[]
): void {
  expect({ code, stdout, stderr }).toEqual({ code: expectedCode, stdout: '', stderr: expect.any(String) });
  for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
  expect(stderr).not.toMatch(/\\n {4}at /);
  for (const text of texts) expect(stderr).toMatch(text);
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('what is created', () => {
  it.each([
    ['022', '600', '700'],
    ['027', '600', '700'],
    ['000', '600', '700'],
    ['0177', '600', '600'],
  ])('under umask %s is for the eyes of its owner: files %s, folders %s', async (umask, file, folder) => {
    const user = await newUser(300);
    // A folder without x would lead nowhere.
    if (umask === '0177') mkdirSync(dirname(user.path), { recursive: true });
    if (umask === '0177') chmodSync(dirname(user.path), 0o777);
    if (umask === '0177') chmodSync(dirname(dirname(user.path)), 0o777);
    const seen = new Map<string, string>();
    const look = () => {
      for (const name of existsSync(dirname(user.path)) ? readdirSync(dirname(user.path)) : []) {
        try {
          seen.set(name, modeOf(join(dirname(user.path), name)));
        } catch {
          // Gone since it was listed.
        }
      }
    };
    const timer = setInterval(look, 2);
    onTestFinished(() => clearInterval(timer));
    const { code, stderr } = await user.runAfter(`umask ${umask}`, 'aggregate');
    expect({ code, stderr }).toEqual({ code: 0, stderr: nothingElse });
    look();
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['contracts.db', 'contracts.db.lock', 'contracts.db-wal']));
    for (const [name, mode] of seen) expect(mode, name).toBe(file);
    if (umask !== '0177') expect(modeOf(dirname(user.path))).toBe(folder);
  });

  it('keeps the rights that its owner has given it', async () => {
    const user = await newUser();
    await user.aggregate();
    chmodSync(user.path, 0o640);
    user.esi.world.regenerate();
    await user.aggregate();
    await user.run('migrate');
    expect(modeOf(user.path)).toBe('640');
  });
});

describe.skipIf(unprivileged.runAsMember === undefined)('a database shared with a group (needs root)', () => {
  async function newOwner() {
    const user = await newUser();
    await user.aggregate();
    chmodSync(dirname(dirname(user.path)), 0o755);
    const asMember = (...args: string[]) =>
      unprivileged.runAsMember?.(args, { HANGARBAY_DATABASE_URL: user.path, HANGARBAY_ESI_URL: user.esi.url });
    return { ...user, asMember };
  }

  it('answers its members, whoever used it last, and still gets passes', async () => {
    const owner = await newOwner();
    chmodSync(owner.path, 0o660);
    chmodSync(dirname(owner.path), 0o2770);
    for (let time = 0; time < 3; time += 1) {
      expect(await owner.asMember('query', '--count')).toMatchObject({ code: 0, stdout: '20\n', stderr: '' });
      expect(await owner.run('query', '--count')).toMatchObject({ code: 0, stdout: '20\n', stderr: '' });
      owner.esi.world.regenerate();
      owner.esi.clock.advance(3_600_000);
      if (time < 2) await owner.aggregate();
    }
    await owner.expectHealed();
    expect([owner.path, dirname(owner.path)].map(modeOf)).toEqual(['660', '770']);
  });

  it("gives nothing to anyone before its owner has shared it, and has no passes but its owner's", async () => {
    const owner = await newOwner();
    expect(await owner.asMember('query', '--count')).toMatchObject({ code: 13, stdout: '' });
    chmodSync(owner.path, 0o660);
    chmodSync(dirname(owner.path), 0o2770);
    expect(await owner.asMember('aggregate', '-q')).toMatchObject({ code: 13, stdout: '' });
  });
});

describe('a disk fault exits with 13, and after it one more pass restores everything', () => {
  it.each(['aggregate', 'migrate'])('a folder that may not be written to: %s', async (command) => {
    const user = await newUser();
    mkdirSync(dirname(user.path), { recursive: true });
    chmodSync(dirname(user.path), 0o555);
    expectTold(await user.run(command), 13, /contracts\.db/, /permission denied/);
    chmodSync(dirname(user.path), 0o777);
    await user.expectHealed();
  });

  it.each(['aggregate', 'migrate'])('a folder that may not be made: %s', async (command) => {
    const user = await newUser();
    mkdirSync(dirname(dirname(user.path)));
    chmodSync(dirname(dirname(user.path)), 0o555);
    expectTold(await user.run(command), 13, /cannot create the folder/);
    chmodSync(dirname(dirname(user.path)), 0o777);
    await user.expectHealed();
  });

  it('a file that may not be written to', async () => {
    const user = await newUser();
    await user.aggregate();
    chmodSync(user.path, 0o444);
    expectTold(await user.run('aggregate'), 13, /readonly|read-only|permission/, /permissions/);
    // Nothing is pending, so there is nothing to write.
    expect(await user.run('migrate')).toMatchObject({ code: 0, stderr: '' });
    // SQLite gave the files beside it the same rights.
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(user.path + suffix)) chmodSync(user.path + suffix, 0o600);
    }
    await user.expectHealed();
  });

  it('a file, or a folder, that may not be read', async () => {
    const user = await newUser();
    await user.aggregate();
    for (const place of [user.path, dirname(user.path)]) {
      const { mode } = statSync(place);
      chmodSync(place, 0);
      for (const command of ['query', 'aggregate', 'migrate']) {
        expectTold(await user.run(command), 13, /contracts\.db/);
      }
      chmodSync(place, mode);
    }
    await user.expectHealed();
  });

  it('a read-only folder is not a fault for queries', async () => {
    const user = await newUser();
    await user.aggregate();
    chmodSync(user.path, 0o440);
    chmodSync(dirname(user.path), 0o550);
    expect(await user.run('query', '--count')).toMatchObject({ code: 0, stdout: '20\n' });
    expectTold(await user.run('aggregate'), 13, /contracts\.db/);
    chmodSync(user.path, 0o600);
    chmodSync(dirname(user.path), 0o700);
    await user.expectHealed();
  });

  it('a symbolic link that leads nowhere, which is not replaced', async () => {
    const user = await newUser();
    mkdirSync(dirname(user.path), { recursive: true });
    chmodSync(dirname(user.path), 0o777);
    const target = join(dirname(user.path), 'mounted');
    symlinkSync(join(target, 'contracts.db'), user.path);
    for (const command of ['query', 'aggregate', 'migrate']) {
      expectTold(await user.run(command), 13, /dangling symbolic link/);
    }
    expect(readdirSync(dirname(user.path))).toEqual(['contracts.db']);
    mkdirSync(target);
    chmodSync(target, 0o777);
    rmSync(user.path);
    await user.expectHealed();
  });

  it.each([
    ['while the database is made', 40, false],
    ['while contracts are stored', 400, true],
  ])('a disk that is full, %s', async (_, kibibytes, isMigrated) => {
    const user = await newUser(400);
    if (isMigrated) expect((await user.run('migrate')).code).toBe(0);
    // No file may grow beyond it, as on a disk without room.
    expectTold(await user.runAfter(`ulimit -f ${kibibytes}`, 'aggregate'), 13, /disk/);
    if (isMigrated) {
      const found = await lost(user, user.esi);
      expect(found.filter((difference) => !Object.hasOwn(difference as object, 'missing'))).toEqual([]);
      expect(found.length).toBeGreaterThan(0);
    }
    await user.expectHealed();
  });
});
