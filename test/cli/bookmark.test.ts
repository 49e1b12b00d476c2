import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backings } from '../helpers/backings.ts';
import { start } from '../helpers/cli.ts';
import { fill, inHours, runId } from '../helpers/contracts.ts';
import { runCounts } from '../helpers/ledger-rows.ts';
import { change } from '../helpers/tables.ts';
import { newReader } from './bookmark-reader.ts';

describe.each(backings)('query changes --since last on $name', (backing) => {
  it('tells nothing the first time, then what has happened since the last call, once', async () => {
    const { appear, told, remembered, folder } = await newReader(backing);
    await appear(1, 2);
    expect(await told()).toEqual([]);
    await appear(3, 4);
    expect(await told()).toEqual([3, 4]);
    expect(await told()).toEqual([]);
    await appear(5);
    expect(await told()).toEqual([5]);
    expect(await told('--since', '0')).toEqual([1, 2, 3, 4, 5]);
    expect(remembered()).toEqual({
      cursor: expect.any(Number),
      run_id: runId,
      contract_id: 5,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(1);
  });

  it('with --limit continues after the last returned row', async () => {
    const { appear, told } = await newReader(backing);
    await appear(1);
    await told();
    await appear(2, 3, 4, 5, 6);
    expect(await told('--limit', '2')).toEqual([2, 3]);
    expect(await told('--limit', '2')).toEqual([4, 5]);
    expect(await told('--limit', '2')).toEqual([6]);
    expect(await told('--limit', '2')).toEqual([]);
  });

  it('does not tell later what a filter left out', async () => {
    const { appear, told } = await newReader(backing);
    await told();
    await appear(1, 2, 3);
    expect(await told('--id', '2')).toEqual([2]);
    expect(await told()).toEqual([]);
  });

  it('has a separate place for each name', async () => {
    const { appear, told, remembered } = await newReader(backing);
    await appear(1);
    await told();
    await told('--since', 'last:discord');
    await appear(2);
    expect(await told('--since', 'last:discord')).toEqual([2]);
    expect(await told()).toEqual([2]);
    expect(remembered('.discord')).toEqual(remembered());
  });

  it('stays where it is when the rows are only counted', async () => {
    const { appear, told, changes } = await newReader(backing);
    await told();
    await appear(1, 2);
    expect(await changes('--since', 'last', '--count')).toMatchObject({ code: 0, stdout: '2\n', stderr: '' });
    expect(await told()).toEqual([1, 2]);
  });

  it('stays where it is when the pipe is closed before the last byte', async () => {
    const { store, told, args, environment, remembered } = await newReader(backing);
    await told();
    const before = remembered();
    const titled = (contract_id: number) => ({ contract_id, row: { title: 'x'.repeat(10_000) } });
    await fill(
      store,
      Array.from({ length: 150 }, (_, index) => titled(index + 1)),
    );
    const running = start([...args, '--since', 'last'], environment);
    const { stdout } = running.process;
    if (stdout === null) throw new Error('stdout is no pipe');
    await once(stdout, 'data');
    stdout.destroy();
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(remembered()).toEqual(before);
    expect(await told()).toHaveLength(150);
    expect(await told()).toEqual([]);
  });

  it('starts again, and says so, when the database is older than the bookmark', async () => {
    const { store, appear, told, changes, folder } = await newReader(backing);
    await appear(1);
    await told();
    writeFileSync(join(folder, `changes-${store.identity}.json`), '{"cursor":4711}\n');
    const ended = await changes('--since', 'last');
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toMatch(/4711.*restored/);
    await appear(2);
    expect(await told()).toEqual([2]);
  });

  it('tells the changes since the bookmark, and says so, when an older copy was restored', async () => {
    const { appear, told, changes, restore, appearLater } = await newReader(backing);
    await appear(1, 2);
    await told();
    await told('--since', 'last:discord');
    await appear(3, 4);
    expect(await told()).toEqual([3, 4]);
    expect(await told('--since', 'last:discord', '--limit', '1')).toEqual([3]);
    await restore(3, 4);
    await appearLater(5, 6, 7);
    for (const name of ['last', 'last:discord']) {
      const counted = await changes('--since', name, '--count');
      expect(counted).toMatchObject({ code: 0, stdout: '3\n', stderr: expect.stringContaining('restored') });
      const ended = await changes('--since', name, '--fields', 'contract_id');
      expect(ended).toMatchObject({ code: 0, stdout: [5, 6, 7].map((id) => `{"contract_id":${id}}\n`).join('') });
      expect(ended.stderr).toMatch(/does not have.*restored from an older copy.*the changes after \d{4}-/);
      expect(await told('--since', name)).toEqual([]);
    }
    await appear(8);
    expect(await told()).toEqual([8]);
  });

  it('tells the changes since the bookmark also when the restored copy has not caught up with it', async () => {
    const { appear, told, changes, restore, appearLater } = await newReader(backing);
    await appear(1);
    await told();
    await appear(2, 3, 4);
    expect(await told()).toEqual([2, 3, 4]);
    await restore(2, 3, 4);
    await appearLater(5);
    const ended = await changes('--since', 'last', '--fields', 'contract_id');
    expect(ended).toMatchObject({ code: 0, stdout: '{"contract_id":5}\n' });
    expect(ended.stderr).toMatch(/the newest change.*restored from an older copy.*the changes after \d{4}-/);
    expect(await told()).toEqual([]);
  });

  it('goes on after a change that was pruned', async () => {
    const { store, database, appear, told, restore, appearLater, changes } = await newReader(backing);
    const run = { run_id: runId, started_at: inHours(-2), host: 'here', process_id: 1, version: '1' };
    await store.openRun(run);
    const end = { finished_at: inHours(-1), outcome: 'complete', exit_code: 0, error: null } as const;
    await store.closeRun({ run_id: runId, ...end, counts: runCounts });
    await told();
    await appear(1, 2, 3);
    expect(await told('--limit', '2')).toEqual([1, 2]);
    await change(database, 'DELETE FROM contract_changes WHERE contract_id = 2');
    expect(await told()).toEqual([3]);
    // Of a pass that a restored database does not know, the change is not pruned.
    await restore(3);
    await appearLater(4, 5, 6);
    await change(database, 'DELETE FROM contract_changes WHERE contract_id IN (4)');
    await change(database, `DELETE FROM runs WHERE run_id = '${runId}'`);
    const ended = await changes('--since', 'last', '--fields', 'contract_id');
    expect(ended).toMatchObject({ code: 0, stdout: '{"contract_id":5}\n{"contract_id":6}\n' });
    expect(ended.stderr).toContain('restored from an older copy');
  });

  it('goes on from a bookmark of an earlier version, which has the cursor only', async () => {
    const { appear, told, remembered, rewrite } = await newReader(backing);
    await appear(1);
    await told();
    const { cursor } = remembered();
    await appear(2);
    rewrite(`{"cursor":${cursor}}\n`);
    expect(await told()).toEqual([2]);
    expect(remembered()).toMatchObject({ run_id: runId, contract_id: 2 });
  });

  it('tells a bid with its amount', async () => {
    const { store, told, changes } = await newReader(backing);
    await told();
    const bids = [{ bid_id: 9, amount: 12.5, date_bid: inHours(-2) }];
    await fill(store, [{ contract_id: 1, row: { type: 'auction', price: 5 }, items: [{ type_id: 34 }], bids }]);
    const fields = ['--fields', 'change,contract_id,price,amount'];
    const { stdout } = await changes('--since', 'last', '--change', 'bid', ...fields);
    expect(JSON.parse(stdout)).toEqual({ change: 'bid', contract_id: 1, price: 5, amount: 12.5 });
  });
});
