import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { backings } from '../helpers/backings.ts';
import { domain, forge } from '../helpers/esi-rows.ts';
import { openBench } from '../helpers/pass.ts';
import { rowsOf } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const wormholes = 11_000_001;
const day = 86_400_000;

describe.each(backings)('regions, on $name', (backing) => {
  async function open() {
    const bench = await openBench(backing, { regions: [forge, domain, wormholes] });
    const sweptBy = async (...regions: string[]) => {
      bench.esi.requests.clear();
      await bench.pass({ regions });
      const rows = await rowsOf(bench.database, 'region_sweeps', 'region_id');
      return [...new Set(rows.map(({ region_id }) => region_id))];
    };
    return { ...bench, sweptBy };
  }

  test.each([
    ['all of known space', ['all'], [forge, domain]],
    ['a name in any case', ['the forge'], [forge]],
    ['whole words of only one name', ['forge'], [forge]],
    ['an id, of a wormhole too', [String(wormholes)], [wormholes]],
    ['several, each once', ['Domain', String(domain), 'THE FORGE'], [forge, domain]],
    ['all and another', ['ALL', String(wormholes)], [forge, domain, wormholes]],
  ])('are swept by %s', async (_what, given, swept) => {
    const { sweptBy } = await open();
    expect(await sweptBy(...given)).toEqual(swept);
  });

  test('by id or by "all" cost one question, and none within a day', async () => {
    const { esi, sweptBy } = await open();
    await sweptBy('all');
    expect(esi.requests.count({ route: 'regions' })).toBe(1);
    await sweptBy('all');
    expect(esi.requests.count({ route: 'regions' })).toBe(0);
    advance(2 * day);
    await sweptBy('all');
    expect(esi.requests.count({ route: 'regions' })).toBe(1);
  });

  test('that do not exist are a mistake, with the nearest names, and the ledger says so', async () => {
    const { pass, esi, database } = await open();
    const refused: unknown = await pass({ regions: ['The Froge'] }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused).toMatchObject({
      exitCode: exitCodes.usage,
      message: expect.stringMatching(/"The Froge".*The Forge/),
    });
    await expect(pass({ regions: ['10000099'] })).rejects.toBeInstanceOf(UsageError);
    expect(esi.requests.count({ route: 'list' })).toBe(0);
    const runs = await rowsOf(database, 'runs', 'run_id');
    expect(runs.map(({ outcome, exit_code }) => [outcome, exit_code])).toEqual([
      ['failed', exitCodes.usage],
      ['failed', exitCodes.usage],
    ]);
  });

  test('whose names could not be had because of a fault are not called unknown', async () => {
    const { esi, pass } = await open();
    esi.faults.inject({ match: { route: 'region' }, fault: { kind: 'status', status: 502 } });
    const summary = await pass({ regions: ['The Forge'] });
    expect(summary).toMatchObject({ outcome: 'unavailable', exit_code: exitCodes.unavailable });
    expect(summary.left.join()).toContain('"The Forge" cannot be looked up');
  });

  test('that are known are used when their list cannot be fetched again', async () => {
    const { esi, pass, log } = await open();
    await pass({ regions: ['all'] });
    advance(2 * day);
    esi.faults.inject({ match: { route: 'regions' }, fault: { kind: 'body', value: { regions: 'none' } } });
    expect(await pass({ regions: ['all'] })).toMatchObject({ outcome: 'complete', regions: { complete: 2 } });
    expect(log.join('')).toMatch(/using the stored regions/);
  });

  test.each(['html', 'empty'] as const)('that were never known end the pass as unavailable (%s)', async (kind) => {
    const { esi, pass } = await open();
    esi.faults.inject({ match: { route: 'regions' }, fault: { kind } });
    expect(await pass({ regions: ['all'] })).toMatchObject({ exit_code: exitCodes.unavailable });
  });
});
