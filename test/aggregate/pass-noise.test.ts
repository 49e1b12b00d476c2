import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { backings } from '../helpers/backings.ts';
import { domain, forge } from '../helpers/esi-rows.ts';
import { addExchange, addExchanges, listRequests, openBench } from '../helpers/pass.ts';
import { contractsIn } from '../helpers/tables.ts';
import { advance } from '../helpers/time.ts';

const hour = 3_600_000;
const warningsIn = (log: readonly string[]) =>
  log.map((line) => JSON.parse(line) as { level: string; msg: string }).filter(({ level }) => level === 'warn');

describe.each(backings)('a contract whose items never come, on $name', (backing) => {
  test('makes a pass partial three times, and none in which it is not due', async () => {
    const { esi, pass, log } = await openBench(backing);
    const [hurt = 0] = addExchanges(esi, 2);
    const lists = esi.faults.inject({
      match: { route: 'items', contract_id: hurt },
      fault: { kind: 'status', status: 403, body: { error: 'Forbidden' } },
    });
    const codes: number[] = [];
    const news: boolean[] = [];
    // Not due, in the third pass: two failures ago is less than five minutes.
    for (const wait of [0, 0, 0, hour, hour, 24 * hour, 24 * hour]) {
      advance(wait);
      const summary = await pass();
      codes.push(summary.exit_code);
      news.push(summary.is_news);
      expect(summary.contracts.deferred).toBe(1);
      expect(summary.left).toEqual(summary.exit_code === exitCodes.partial ? ['1 contracts in the backlog'] : []);
    }
    expect(codes).toEqual([3, 3, 0, 3, 0, 0, 0]);
    // Cron would mail each warning.
    expect(warningsIn(log)).toHaveLength(1);
    expect(news).toEqual([true, false, false, false, false, false, false]);
    lists.remove();
  });
});

describe.each(backings)('a region that ESI does not know, on $name', (backing) => {
  test('is reported once a day', async () => {
    const { esi, pass, log } = await openBench(backing, { regions: [forge, domain] });
    addExchange(esi);
    const regions = [String(forge), String(domain)];
    const body = { error: 'Region not found' };
    const fault = esi.faults.inject({
      match: { route: 'list', region_id: domain },
      fault: { kind: 'status', status: 404, body },
    });
    const codes: number[] = [];
    for (const wait of [0, hour, hour, 23 * hour, hour]) {
      advance(wait);
      const summary = await pass({ regions });
      codes.push(summary.exit_code);
      expect(summary.regions).toMatchObject({ failed: 1 });
    }
    expect(codes).toEqual([3, 0, 0, 3, 0]);
    expect(warningsIn(log).map(({ msg }) => msg)).toEqual(
      Array.from({ length: 2 }, () => `region ${domain} is failed: page 1: 404 Region not found`),
    );
    fault.remove();
  });
});

describe.each(backings)('lists that fail in many regions, on $name', (backing) => {
  const regions = Array.from({ length: 12 }, (_, index) => 10_000_001 + index);
  const given = { regions: regions.map(String) };

  test('are one warning a day for one reason, whichever regions it is', async () => {
    const { esi, pass, log } = await openBench(backing, { regions });
    addExchange(esi, { region_id: 10_000_001 });
    const failing = async (ids: readonly number[]) => {
      const fault = { kind: 'status', status: 500 } as const;
      const faults = ids.map((region_id) => esi.faults.inject({ match: { route: 'list', region_id }, fault }));
      const { left, exit_code } = await pass(given);
      for (const each of faults) each.remove();
      advance(hour);
      return { left: left.length, exit_code };
    };
    expect(await failing(regions.slice(1, 4))).toEqual({ left: 1, exit_code: exitCodes.partial });
    expect(warningsIn(log).map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^3 regions are failed, first region 1000000[234]: page 1: .*500/),
    ]);
    expect(await failing(regions.slice(5, 8))).toEqual({ left: 1, exit_code: exitCodes.partial });
    expect(warningsIn(log)).toHaveLength(1);
  });

  test('are one warning per reason, and a status is a reason', async () => {
    const { esi, pass, log } = await openBench(backing, { regions });
    const statuses = [403, 403, 500, 500, 500] as const;
    for (const [index, status] of statuses.entries()) {
      const match = { route: 'list', region_id: regions[index] ?? 0 } as const;
      esi.faults.inject({ match, fault: { kind: 'status', status, body: { error: 'No' } } });
    }
    await pass(given);
    const warnings = warningsIn(log).map(({ msg }) => /^(\d+) regions.*\b(403|500)\b/.exec(msg)?.slice(1));
    expect(warnings.toSorted()).toEqual([
      ['2', '403'],
      ['3', '500'],
    ]);
  });

  test('during an outage are reported by the end of the pass alone', async () => {
    const { esi, pass, log } = await openBench(backing, { regions });
    addExchange(esi, { region_id: 10_000_001 });
    await pass(given);
    esi.faults.inject({ match: { route: 'any' }, fault: { kind: 'status', status: 503 } });
    const news: boolean[] = [];
    for (let count = 0; count < 3; count += 1) {
      advance(hour);
      const summary = await pass(given);
      expect(summary.exit_code).toBe(exitCodes.unavailable);
      news.push(summary.is_news);
    }
    expect(news).toEqual([true, false, false]);
    expect(warningsIn(log)).toEqual([]);
  });
});

describe.each(backings)('an ESI that is down for a day, on $name', (backing) => {
  test('is news once, and again a day later', async () => {
    const { esi, pass } = await openBench(backing);
    addExchange(esi);
    esi.faults.inject({ fault: { kind: 'status', status: 503 } });
    const news: (readonly [number, boolean])[] = [];
    for (const wait of [0, hour, hour, 23 * hour]) {
      advance(wait);
      const { exit_code, is_news } = await pass();
      news.push([exit_code, is_news]);
    }
    expect(news).toEqual([
      [12, true],
      [12, false],
      [12, false],
      [12, true],
    ]);
  });
});

describe.each(backings)('a pass without a cache, on $name', (backing) => {
  test('asks for every page without a validator, and the next one with them', async () => {
    const { esi, pass, database } = await openBench(backing);
    addExchanges(esi, 12);
    await pass();
    esi.requests.clear();
    expect(await pass({ cache: false })).toMatchObject({ regions: { complete: 1, fresh: 0 } });
    expect(listRequests(esi)).toEqual([
      [1, 200],
      [2, 200],
    ]);
    esi.requests.clear();
    advance(hour / 2);
    expect(await pass()).toMatchObject({ requests: { not_modified: 2 } });
    expect(await contractsIn(database)).toHaveLength(12);
  });
});
