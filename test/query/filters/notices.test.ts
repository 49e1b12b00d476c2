import { describe, expect, it } from 'vitest';
import { resolve } from '../../../src/query/engine/resolve.ts';
import { ask, type GivenQuestion, questionOf } from '../../helpers/ask.ts';
import { backings, openTestStore, readFrom, type TestDatabase } from '../../helpers/backings.ts';
import { fill } from '../../helpers/contracts.ts';
import { ids } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { saveObject, saveUniverse, types } from '../../helpers/universe.ts';

async function noticesOf(database: TestDatabase, given: GivenQuestion): Promise<readonly string[]> {
  return readFrom(database, async (reader) => (await resolve(questionOf(given), reader)).notices);
}

describe.each(backings)('what is said of how a question was understood, on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each<[string, string, string[]]>([
    ['region', 'Forge', ['--region Forge: taken for "The Forge"']],
    ['item', 'blueprint', ['--item blueprint: taken for "Rifter Blueprint"']],
    ['item', 'Rifter', []],
    ['item', String(types.rifter), []],
    ['item', String(types.unnamed), []],
    ['item', '99999999', ['--item 99999999: no type with this id is known']],
    ['wants', '99999999', ['--wants 99999999: no type with this id is known']],
    ['issuer', '90000001', []],
    ['issuer', '1', ['--issuer 1: no issuer with this id is known']],
    ['corporation', '1', ['--corporation 1: no corporation with this id is known']],
    ['location', '60000001', ['--location 60000001: no location with this id is known']],
    ['system', '30009999', ['--system 30009999: no system with this id is known']],
    ['group', '7', ['--group 7: no group with this id is known']],
    ['id', String(ids.gone), [`--id ${ids.gone}: the contract is gone; --state all shows it`]],
    ['id', String(ids.expired), [`--id ${ids.expired}: the contract is expired; --state all shows it`]],
    ['id', '5', ['--id 5: no contract with this id is stored']],
    ['id', String(ids.rifter), []],
  ])('--%s %s', async (flag, value, sentences) => {
    const { database } = market();
    expect(await noticesOf(database, { filters: { [flag]: [value] } })).toEqual(sentences);
  });

  it('a contract that is asked for in the state that it has is no news', async () => {
    const { database } = market();
    for (const state of ['all', 'gone']) {
      expect(await noticesOf(database, { filters: { id: [String(ids.gone)], state: [state] } })).toEqual([]);
    }
  });

  it('a type of the game that no contract has had is not taken for its blueprint or its skin', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    const other = { group_id: 105, market_group_id: null, published: true };
    await saveObject(store, 'type', 80_001, { name: 'Gila Blueprint', ...other });
    await saveObject(store, 'type', 80_002, { name: 'Gila Purity Throne SKIN', ...other });
    await saveObject(store, 'type', 80_003, { name: 'Stabber Fleet Issue', ...other, group_id: 26 });
    await fill(store, [{ contract_id: 1, items: [{ type_id: 80_001 }, { type_id: 80_002 }, { type_id: 80_003 }] }]);
    await close();
    const [gila, stabber] = [{ filters: { item: ['Gila'] } }, { filters: { ship: ['stabber'] } }];
    expect(await ask(database, gila)).toEqual([]);
    expect(await noticesOf(database, gila)).toEqual([
      '--item Gila: no contract in the database has had this type, only "Gila Blueprint", "Gila Purity Throne SKIN"',
    ]);
    expect(await ask(database, stabber)).toHaveLength(1);
    expect(await noticesOf(database, stabber)).toEqual(['--ship stabber: taken for "Stabber Fleet Issue"']);
  });

  it('the name of what a blueprint makes means the blueprint, where blueprints are asked for', async () => {
    const { database } = market();
    const question = { subject: 'blueprints', filters: { item: ['Rifter'], bundles: [] } };
    expect(await ask(database, question)).not.toEqual([]);
    expect(await noticesOf(database, question)).toEqual([]);
  });
});
