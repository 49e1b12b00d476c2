import { describe, expect, it } from 'vitest';
import { backings, newMigratedDatabase, openTestStore, sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { listed, sweepOf } from '../helpers/esi-rows.ts';
import { recordAlone, storeListed } from '../helpers/stored.ts';

const noon = '2026-03-01T12:00:00Z';

describe('hangarbay prune', () => {
  it.each(backings)('counts with --dry-run, removes, and says so in status, on $name', async (backing) => {
    const { store, close, database } = await openTestStore(backing);
    await storeListed(store, noon, [listed(1), listed(2)]);
    await recordAlone(store, sweepOf('2026-03-01T12:30:00Z', [listed(2)]));
    await close();
    const environment = { HANGARBAY_DATABASE_URL: database.url };
    const args = ['prune', '--gone-before', '1d', '--json'];
    const counts = { contracts: 1, items: 1, bids: 0 };
    for (const dry_run of [true, true, false]) {
      const ended = await run(dry_run ? [...args, '--dry-run'] : [...args, '--vacuum'], environment);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const told = JSON.parse(ended.stdout) as { gone_before: string };
      expect(told).toMatchObject({ dry_run, keep_sold: false, ...counts });
      const { pruned_before } = JSON.parse((await run(['status', '--json'], environment)).stdout) as {
        pruned_before: string | null;
      };
      expect(pruned_before).toBe(dry_run ? null : told.gone_before);
    }
    expect((await run(['status'], environment)).stdout).toMatch(/history: contracts gone before .* pruned/);
    expect(JSON.parse((await run(args, environment)).stdout)).toMatchObject({ contracts: 0, items: 0, bids: 0 });
  });

  it('refuses to guess how old is old', async () => {
    const environment = { HANGARBAY_DATABASE_URL: (await newMigratedDatabase(sqlite)).url };
    for (const [args, problem] of [
      [[], '--gone-before'],
      [['--gone-before', '90'], 'neither a duration nor an instant'],
      [['--gone-before', 'yesterday'], 'neither a duration nor an instant'],
      [['--gone-before', '2999-01-01'], 'in the future'],
    ] as const) {
      const ended = await run(['prune', ...args], environment);
      expect(ended, args.join(' ')).toMatchObject({ code: 2, stderr: expect.stringContaining(problem), stdout: '' });
    }
  });

  it('waits for no pass that is under way', async () => {
    const { database } = await openTestStore(sqlite);
    const ended = await run(['prune', '--gone-before', '1d'], { HANGARBAY_DATABASE_URL: database.url });
    expect(ended.code).toBe(11);
  });
});
