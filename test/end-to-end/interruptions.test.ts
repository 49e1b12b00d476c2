import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { passBackings, processBackings, readFrom, sqlite } from '../helpers/backings.ts';
import { differences } from '../helpers/expected.ts';
import { newReadyUser, type User } from './user.ts';

/** The database may only differ from the server by missing contracts: none is incomplete. */
async function expectOnlyWholeContracts(user: User): Promise<number> {
  const found = differences(await user.contracts('--state', 'all'), user.esi);
  expect(found.filter((difference) => !Object.hasOwn(difference as object, 'missing'))).toEqual([]);
  return found.length;
}

// A kill may happen between storing contracts and storing the validator, wherever that is kept.
describe.each(passBackings)('a pass on $name that is killed', (backing) => {
  it('leaves whole contracts and no lock, and the next one needs only the lost requests', async () => {
    const user = await newReadyUser(backing, { plainContracts: 120 });
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(40);
    pass.process.kill('SIGKILL');
    expect((await pass.ended).signal).toBe('SIGKILL');
    const missing = await expectOnlyWholeContracts(user);
    expect(missing).toBeGreaterThan(0);

    items.open();
    user.esi.requests.clear();
    await user.aggregate();
    expect(user.esi.requests.count({ route: 'list' })).toBe(0);
    expect(user.esi.requests.count({ route: 'items' })).toBeLessThanOrEqual(missing);
    await user.expectEverything();
    const runs = await user.run('query', 'runs', '--fields', 'outcome,exit_code', '--format', 'json');
    expect(JSON.parse(runs.stdout)).toEqual([
      { outcome: 'complete', exit_code: 0 },
      { outcome: 'interrupted', exit_code: null },
    ]);
  });
});

describe.each(processBackings)('a pass on $name that is disturbed', (backing) => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends in order on %s with exit code %i', async (signal, code) => {
    const user = await newReadyUser(backing, { plainContracts: 120 });
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate', '--json');
    await items.answer(40);
    pass.process.kill(signal);
    const ended = await pass.ended;
    expect(ended.code).toBe(code);
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: 'interrupted', exit_code: code });
    await expectOnlyWholeContracts(user);
    const runs = await user.run('query', 'runs', '--fields', 'outcome,exit_code', '--format', 'json');
    expect(JSON.parse(runs.stdout)).toEqual([{ outcome: 'interrupted', exit_code: code }]);
    items.open();
    await user.aggregate();
    await user.expectEverything();
  });

  it('works alone: a second one at the same time exits with 11 and changes nothing', async () => {
    const user = await newReadyUser(backing, { plainContracts: 120 });
    const items = user.esi.hold({ route: 'items' });
    const first = user.start('aggregate');
    await items.answer(20);
    const second = await user.run('aggregate');
    expect(second.code).toBe(11);
    expect(second.stdout).toBe('');
    expect(second.stderr).toContain('another pass');
    items.open();
    expect((await first.ended).code).toBe(0);
    await user.expectEverything();
    const runs = await user.run('query', 'runs', '--count');
    expect(runs.stdout).toBe('1\n');
  });

  it('answers questions while it runs', async () => {
    const user = await newReadyUser(backing, { plainContracts: 120 });
    const items = user.esi.hold({ route: 'items' });
    const pass = user.start('aggregate');
    await items.answer(30);
    await expectOnlyWholeContracts(user);
    items.open();
    expect((await pass.ended).code).toBe(0);
    await user.expectEverything();
  });
});

it('a pass on SQLite ends cleanly on SIGTERM during a read, which sees one snapshot to the end', async () => {
  const user = await newReadyUser(sqlite, { plainContracts: 120 });
  const items = user.esi.hold({ route: 'items' });
  const pass = user.start('aggregate', '--json');
  await items.answer(40);
  const count = sql`SELECT count(*) AS contracts FROM contracts`;
  await readFrom(user.database, async (reader) => {
    const before = await reader.all(count);
    await items.answer(20);
    await user.stored(50);
    pass.process.kill('SIGTERM');
    const ended = await pass.ended;
    expect(ended.stderr).not.toContain('did not end in time');
    expect(ended.code).toBe(143);
    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: 'interrupted' });
    expect(await reader.all(count)).toEqual(before);
  });
  items.open();
  await user.aggregate();
  await user.expectEverything();
});
