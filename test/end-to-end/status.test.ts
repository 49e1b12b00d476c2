import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/query/status/status.ts';
import { backings } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { newReadyUser, newUser, someRegions } from './user.ts';

describe.each(backings)('hangarbay status on $name', (backing) => {
  it('goes from no pass to fresh to stale, and says so by its exit code', async () => {
    const user = await newUser(backing, { plainContracts: 6 });
    expect(await user.run('status')).toMatchObject({ code: 10, stdout: '' });
    await user.run('migrate');
    expect(await user.run('status')).toMatchObject({ code: 1, stdout: expect.stringMatching(/^no pass/), stderr: '' });
    await user.aggregate();
    const fresh = await user.run('status');
    expect(fresh).toMatchObject({ code: 0, stdout: expect.stringMatching(/^fresh: 3 of 3 regions/), stderr: '' });
    await sleep(2_100);
    const stale = await user.run('status', '--max-age', '1s');
    expect(stale).toMatchObject({ code: 3, stdout: expect.stringMatching(/^stale: 3 of 3 regions/), stderr: '' });
  });

  it('is one object with --json, about the regions that aggregate was given', async () => {
    const user = await newReadyUser(backing, { plainContracts: 6 });
    const regions = { ...user.environment, HANGARBAY_REGIONS: 'The Forge,10000043' };
    expect(await run(['aggregate'], regions)).toMatchObject({ code: 0 });
    const ended = await run(['status', '--json'], regions);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const status = JSON.parse(ended.stdout) as Status;
    expect(status).toMatchObject({
      verdict: 'fresh',
      exit_code: 0,
      max_age_seconds: 7_200,
      running: null,
      last_run: { outcome: 'complete', exit_code: 0 },
      regions: [
        { region_id: 10000002, name: 'The Forge', is_fresh: true, contracts_listed: 2 },
        { region_id: 10000043, name: 'Domain', is_fresh: true, contracts_listed: 2 },
      ],
    });
    const all = await user.run('status', '--json');
    expect(all.code).toBe(3);
    expect((JSON.parse(all.stdout) as Status).regions).toHaveLength(someRegions.length);
  });

  it('knows no success while ESI has been down', async () => {
    const user = await newReadyUser(backing);
    user.esi.faults.inject({ fault: { kind: 'status', status: 503 } });
    await user.run('aggregate', '--max-duration', '2s');
    const ended = await user.run('status', '--json');
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ verdict: 'no_successful_pass', runs: [{}] });
  });

  it('refuses what makes no sense', async () => {
    const user = await newReadyUser(backing, { plainContracts: 3 });
    await user.aggregate();
    for (const [args, reason] of [
      [['--max-age', '2'], '--max-age: "2" is not a duration'],
      [['--region', 'The Frge'], 'region "The Frge" is unknown. Did you mean "The Forge"?'],
      [['--verdict'], 'unknown option'],
    ] as const) {
      const ended = await user.run('status', '--log-format', 'pretty', ...args);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(reason);
    }
  });
});
