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
    ['region', 'Forge', ['--region Forge: using "The Forge"']],
    ['item', 'blueprint', ['--item blueprint: using "Rifter Blueprint"']],
    ['item', 'Rifter', []],
    ['item', String(types.rifter), []],
    ['item', String(types.unnamed), []],
    ['item', '99999999', ['--item 99999999: unknown type']],
    ['wants', '99999999', ['--wants 99999999: unknown type']],
    ['issuer', '90000001', []],
    ['issuer', '1', ['--issuer 1: unknown issuer']],
    ['corporation', '1', ['--corporation 1: unknown corporation']],
    ['location', '60000001', ['--location 60000001: unknown location']],
    ['system', '30009999', ['--system 30009999: unknown system']],
    ['group', '7', ['--group 7: unknown group']],
    ['id', String(ids.gone), [`--id ${ids.gone}: the contract is gone; show it with --state all`]],
    ['id', String(ids.expired), [`--id ${ids.expired}: the contract is expired; show it with --state all`]],
    ['id', '5', ['--id 5: the contract is not stored']],
    ['id', String(ids.rifter), []],
  ])('--%s %s', async (flag, value, sentences) => {
    const { database } = market();
    expect(await noticesOf(database, { filters: { [flag]: [value] } })).toEqual(sentences);
  });

  it('a contract in the selected state gives no notice', async () => {
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
    expect(await noticesOf(database, stabber)).toEqual(['--ship stabber: using "Stabber Fleet Issue"']);
  });

  it('the name of what a blueprint makes means the blueprint, where blueprints are asked for', async () => {
    const { database } = market();
    const question = { subject: 'blueprints', filters: { item: ['Rifter'], bundles: [] } };
    expect(await ask(database, question)).not.toEqual([]);
    expect(await noticesOf(database, question)).toEqual([]);
  });
});
