import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask } from '../../helpers/ask.ts';
import { backings, openTestStore } from '../../helpers/backings.ts';
import { inHours } from '../../helpers/contracts.ts';
import { runCounts, sweepRow } from '../../helpers/ledger-rows.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { domain, heimatar, saveObject, theForge, types } from '../../helpers/universe.ts';

describe.each(backings)('query types on $name', (backing) => {
  const market = sharedMarket(backing);

  it('has these columns, ordered by id', async () => {
    const { database } = market();
    const rows = await ask(database, { subject: 'types' });
    expect(rows.map(({ type_id }) => type_id)).toEqual([
      types.tritanium,
      types.rifter,
      types.ibis,
      types.caracal,
      types.rifterBlueprint,
    ]);
    expect(Object.entries(rows[1] ?? {})).toEqual([
      ['type_id', types.rifter],
      ['name', 'Rifter'],
      ['group_id', 25],
      ['group_name', 'Frigate'],
      ['category_id', 6],
      ['category_name', 'Ship'],
      ['market_group_id', 64],
      ['published', true],
      ['fetched_at', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)],
    ]);
    expect(rows[2]).toMatchObject({ name: 'Ibis', market_group_id: null });
  });

  it('--name keeps what contains it, in upper or lower case, and drops the rest', async () => {
    const { database } = market();
    const named = async (...name: string[]) =>
      (await ask(database, { subject: 'types', filters: { name } })).map((row) => row.name);
    expect(await named('RIFTER')).toEqual(['Rifter', 'Rifter Blueprint']);
    expect(await named('blue', 'ibi')).toEqual(['Ibis', 'Rifter Blueprint']);
    expect(await named('%')).toEqual([]);
  });
});

describe.each(backings)('--name on $name', (backing) => {
  it('knows upper and lower case of every alphabet', async () => {
    const { store, close, database } = await openTestStore(backing);
    const type = { group_id: 18, market_group_id: null, published: true };
    for (const [id, name] of ['ÉTOILE', 'Étoile Blueprint', 'Etoile', 'Ünïque'].entries()) {
      await saveObject(store, 'type', id + 1, { ...type, name });
    }
    await saveObject(store, 'market_group', 7, { name: 'Élite', parent_group_id: null });
    await close();
    const named = async (subject: string, name: string) =>
      (await ask(database, { subject, filters: { name: [name] } })).map((row) => row.name);
    expect(await named('types', 'étoile')).toEqual(['ÉTOILE', 'Étoile Blueprint']);
    expect(await named('types', 'ÉTOILE B')).toEqual(['Étoile Blueprint']);
    expect(await named('types', 'ÜNÏ')).toEqual(['Ünïque']);
    expect(await named('market-groups', 'éLITE')).toEqual(['Élite']);
  });
});

describe.each(backings)('query market-groups on $name', (backing) => {
  const market = sharedMarket(backing);

  it('has these columns, ordered by id', async () => {
    const { database } = market();
    const rows = await ask(database, { subject: 'market-groups' });
    const fetched_at = expect.stringMatching(/Z$/);
    expect(rows).toEqual([
      { market_group_id: 4, name: 'Ships', parent_group_id: null, parent_group_name: null, fetched_at },
      { market_group_id: 64, name: 'Minmatar', parent_group_id: 1361, parent_group_name: 'Frigates', fetched_at },
      { market_group_id: 1361, name: 'Frigates', parent_group_id: 4, parent_group_name: 'Ships', fetched_at },
    ]);
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'market_group_id',
      'name',
      'parent_group_id',
      'parent_group_name',
      'fetched_at',
    ]);
  });

  it('--name keeps what contains it', async () => {
    const { database } = market();
    const rows = await ask(database, { subject: 'market-groups', filters: { name: ['FRIG'] } });
    expect(rows.map(({ name }) => name)).toEqual(['Frigates']);
  });
});

describe.each(backings)('query regions on $name', (backing) => {
  const market = sharedMarket(backing);

  it('has these columns, ordered by id', async () => {
    const { database, secondSweepAt } = market();
    const rows = await ask(database, { subject: 'regions' });
    expect(rows.map(({ region_id, name }) => [region_id, name])).toEqual([
      [theForge, 'The Forge'],
      [heimatar, 'Heimatar'],
      [domain, 'Domain'],
    ]);
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'region_id',
      'name',
      'contracts_listed',
      'last_sweep_at',
      'last_sweep_outcome',
      'last_complete_sweep_at',
    ]);
    const swept = { last_sweep_at: secondSweepAt, last_complete_sweep_at: secondSweepAt };
    expect(rows[2]).toMatchObject({ contracts_listed: 3, ...swept });
  });

  it('has nulls before any sweep', async () => {
    const { store, close, database } = await openTestStore(backing);
    await store.saveRegionIds([theForge]);
    await close();
    const [row] = await ask(database, { subject: 'regions' });
    const never = { last_sweep_at: null, last_sweep_outcome: null, last_complete_sweep_at: null };
    expect(row).toEqual({ region_id: theForge, name: null, contracts_listed: 0, ...never });
  });

  it('tells the last sweep that was tried and the last complete one', async () => {
    const { store, close, database } = await openTestStore(backing);
    await store.saveRegionIds([theForge, domain]);
    const [completeAt, failedAt, inconclusiveAt] = [inHours(-5), inHours(-3), inHours(-2)];
    await store.recordRegionSweeps([
      sweepRow({ region_id: theForge, outcome: 'complete', finished_at: inHours(-9) }),
      sweepRow({ region_id: theForge, outcome: 'complete', finished_at: completeAt }),
      sweepRow({ region_id: theForge, outcome: 'failed', finished_at: failedAt }),
      sweepRow({ region_id: theForge, outcome: 'fresh', finished_at: inHours(-1) }),
      sweepRow({ region_id: domain, outcome: 'inconclusive', finished_at: inconclusiveAt }),
    ]);
    await close();
    const fields = ['region_id', 'name', 'last_sweep_outcome', 'last_sweep_at', 'last_complete_sweep_at'];
    expect(await ask(database, { subject: 'regions', fields })).toEqual([
      {
        region_id: theForge,
        name: null,
        last_sweep_outcome: 'failed',
        last_sweep_at: failedAt,
        last_complete_sweep_at: completeAt,
      },
      {
        region_id: domain,
        name: null,
        last_sweep_outcome: 'inconclusive',
        last_sweep_at: inconclusiveAt,
        last_complete_sweep_at: null,
      },
    ]);
  });
});

describe.each(backings)('query runs on $name', (backing) => {
  it('has these columns, the newest pass first', async () => {
    const { store, close, database } = await openTestStore(backing);
    const [oldest, newest, between] = [inHours(-30), inHours(-10), inHours(-20)];
    const finished_at = inHours(-9);
    const runs = [oldest, newest, between].map((started_at) => ({ run_id: randomUUID(), started_at }));
    for (const run of runs) {
      await store.openRun({ ...run, host: 'cron.example', process_id: 4242, version: '0.1.0' });
      const { run_id } = run;
      const end = { outcome: 'partial', exit_code: 3, error: null, counts: runCounts };
      await store.closeRun({ run_id, finished_at, ...end });
    }
    await close();
    const rows = await ask(database, { subject: 'runs' });
    expect(rows.map(({ started_at }) => started_at)).toEqual([newest, between, oldest]);
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['run_id', runs[1]?.run_id],
      ['started_at', newest],
      ['finished_at', finished_at],
      ['outcome', 'partial'],
      ['exit_code', 3],
      ...Object.entries(runCounts).filter(([name]) => name !== 'regions_doubtful'),
      ['error', null],
      ['host', 'cron.example'],
      ['process_id', 4242],
      ['version', '0.1.0'],
      ['regions_doubtful', 0],
    ]);
    const [first] = await ask(database, { subject: 'runs', sort: 'started_at', limit: 1, fields: ['run_id'] });
    expect(first).toEqual({ run_id: runs[0]?.run_id });
  });

  it('a pass that is under way has no end yet', async () => {
    const { store, close, database } = await openTestStore(backing);
    const run = { run_id: randomUUID(), started_at: inHours(-1), host: 'h', process_id: 1, version: '0.1.0' };
    await store.openRun(run);
    await close();
    const unfinished = { outcome: 'running', finished_at: null, exit_code: null, requests_total: null };
    expect(await ask(database, { subject: 'runs' })).toMatchObject([unfinished]);
  });
});

describe.each(backings)('every subject on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(['contracts', 'changes', 'types', 'market-groups', 'regions', 'runs'])(
    '%s of an empty database are none',
    async (subject) => {
      const { close, database } = await openTestStore(backing);
      await close();
      expect(await ask(database, { subject })).toEqual([]);
    },
  );

  it.each(['types', 'market-groups', 'regions'])('%s can be sorted, limited and cut to fields', async (subject) => {
    const { database } = market();
    const all = (await ask(database, { subject, fields: ['name'] })).map(({ name }) => String(name));
    const sorted = await ask(database, { subject, fields: ['name'], sort: 'name', descending: true, limit: 2 });
    expect(sorted).toEqual(
      all
        .toSorted()
        .toReversed()
        .slice(0, 2)
        .map((name) => ({ name })),
    );
    await expect(ask(database, { subject, sort: 'nam' })).rejects.toThrow('Did you mean "name"');
  });
});
