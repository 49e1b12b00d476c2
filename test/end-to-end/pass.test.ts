import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { processBackings, sqlite } from '../helpers/backings.ts';
import { newReadyUser, newUser, type Summary, someRegions } from './user.ts';

describe.each(processBackings)('a pass on $name', (backing) => {
  it('stores every contract with all its items, field for field', async () => {
    const user = await newUser(backing, { contracts: 250, pageSize: 80, seed: 11 });
    await user.start('migrate').ended;
    const ended = await user.start('aggregate', '--json').ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const summary: Summary = JSON.parse(ended.stdout);
    expect(summary.outcome).toBe('complete');
    expect(summary.contracts).toMatchObject({ listed: 250, new: 250, stored: 250, deferred: 0 });
    expect(summary.requests.errors).toBe(0);
    await user.expectEverything();
  });

  it('asks nothing at all when it is repeated at once', async () => {
    const user = await newReadyUser(backing, { plainContracts: 40 });
    await user.aggregate();
    user.esi.requests.clear();
    const summary = await user.aggregate();
    expect(user.esi.requests.length).toBe(0);
    expect(summary.regions).toMatchObject({ fresh: someRegions.length, complete: 0 });
  });

  it('asks one conditional question a page after expiry, and the items of new contracts only', async () => {
    const user = await newReadyUser(backing, { plainContracts: 60, pageSize: 20, lifetimes: { list: 1 } });
    const { esi } = user;
    await user.aggregate();
    await sleep(1_100);
    esi.requests.clear();
    const unchanged = await user.aggregate();
    const pages = esi.requests.length;
    expect(esi.requests.count({ route: 'list', conditional: true, status: 304 })).toBe(pages);
    expect(unchanged.requests).toEqual({ total: pages, not_modified: pages, errors: 0 });

    const [completed, expired] = esi.world.list().map(({ contract }) => contract.contract_id);
    esi.world.complete(completed as number);
    esi.world.expire(expired as number);
    const added = esi.world.add({ region_id: 10000043, type: 'item_exchange', items: [{ type_id: 587 }] });
    await sleep(1_100);
    esi.requests.clear();
    const changed = await user.aggregate();
    expect(esi.requests.all({ route: 'items' }).map(({ contract_id }) => contract_id)).toEqual([
      added.contract.contract_id,
    ]);
    expect(changed.contracts).toMatchObject({ new: 1, stored: 1, gone: 2 });
    const states = new Map((await user.contracts('--state', 'all')).map((row) => [row.contract_id, row]));
    expect(states.get(completed as number)).toMatchObject({ state: 'gone', outcome: 'unknown' });
    expect(states.get(added.contract.contract_id)).toMatchObject({ state: 'listed', outcome: null, gone_at: null });
    expect(states.get(expired as number)).toMatchObject({ state: 'gone' });
    await user.expectEverything('listed');
  });

  it('loses one contract alone to a fault, and the next pass heals it', async () => {
    const user = await newReadyUser(backing, { plainContracts: 40 });
    const { esi } = user;
    const victim = esi.world.add({ region_id: 10000002, type: 'item_exchange' }).contract.contract_id;
    const fault = esi.faults.inject({ match: { route: 'items', contract_id: victim }, fault: { kind: 'html' } });
    const summary = await user.aggregate(3);
    expect(summary.contracts).toMatchObject({ stored: 40, deferred: 1 });
    expect((await user.contracts()).map(({ contract_id }) => contract_id)).not.toContain(victim);
    fault.remove();
    esi.requests.clear();
    await user.aggregate();
    expect(esi.requests.count({ route: 'list' })).toBe(0);
    expect(esi.requests.count({ route: 'items' })).toBe(1);
    await user.expectEverything();
  });

  it('prints nothing when it succeeds without a terminal', async () => {
    const user = await newReadyUser(backing, { plainContracts: 5 });
    expect(await user.start('aggregate').ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  it('stops after --max-requests, and the next pass continues', async () => {
    const user = await newReadyUser(backing, { plainContracts: 40 });
    const first = await user.aggregate(3, '--max-requests', '25');
    expect(user.esi.requests.length).toBe(25);
    expect(first.contracts.stored).toBeLessThan(40);
    const second = await user.aggregate();
    expect(second.contracts.stored).toBe(40 - Number(first.contracts.stored));
    expect(user.esi.requests.count({ route: 'items' })).toBe(user.esi.world.list().filter(hasItems).length);
    await user.expectEverything();
  });
});

describe('a pass on the embedded default', () => {
  it('creates and migrates a database that does not exist, and everything comes back after its loss', async () => {
    const user = await newUser(sqlite, { plainContracts: 40 });
    await user.aggregate();
    await user.expectEverything();
    if (user.database.location.dialect !== 'sqlite') throw new Error('the first backing is SQLite');
    rmSync(user.database.location.path);
    const again = await user.aggregate();
    expect(again.contracts.stored).toBe(40);
    await user.expectEverything();
  });
});

function hasItems({ contract }: { readonly contract: { readonly type: string } }): boolean {
  return contract.type === 'item_exchange' || contract.type === 'auction';
}
