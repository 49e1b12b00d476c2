import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { keptBy } from '../../helpers/ask.ts';
import { backings, openTestStore } from '../../helpers/backings.ts';
import { fill } from '../../helpers/contracts.ts';
import { ids, listed, openFilled } from '../../helpers/market.ts';
import { sharedMarket } from '../../helpers/shared.ts';
import { domain, saveObject, saveUniverse, types } from '../../helpers/universe.ts';

describe.each(backings)('names in filters on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(['rifter', 'RIFTER', 'rIFTER', ' Rifter '])('the ship "%s" is the Rifter', async (text) => {
    const { database } = market();
    expect(await keptBy(database, { ship: [text] })).toEqual([ids.rifter, ids.pair, ids.fleet]);
  });

  it.each(['the forge', 'THE FORGE', '10000002'])('the region "%s" is The Forge', async (text) => {
    const { database } = market();
    const expected = [ids.rifter, ids.pair, ids.wanted, ids.copies, ids.unnamed];
    expect(await keptBy(database, { region: [text] })).toEqual(expected);
  });

  it('the region "all" is every region, as it is for a pass', async () => {
    const { database } = market();
    expect(await keptBy(database, { region: ['All'] })).toEqual(listed);
    expect(await keptBy(database, { region: [' all ', 'Domain'], ship: ['ibis'] })).toEqual([ids.auction]);
    await expect(keptBy(database, { region: ['all', 'Domian'] })).rejects.toThrow('region "Domian" is unknown');
  });

  it('an id does for a name, with blanks around it or without', async () => {
    const { database } = market();
    expect(await keptBy(database, { item: [String(types.ibis)] })).toEqual([ids.auction]);
    expect(await keptBy(database, { ship: [String(types.caracal)] })).toEqual([ids.fleet]);
    expect(await keptBy(database, { region: [` ${domain} `] })).toEqual([ids.fleet, ids.minerals, ids.auction]);
  });

  it('a type is found by its id before its name is known', async () => {
    const { database } = market();
    expect(await keptBy(database, { item: [String(types.unnamed)] })).toEqual([ids.unnamed]);
  });

  it('names and ids may be mixed', async () => {
    const { database } = market();
    expect(await keptBy(database, { item: ['ibis', String(types.caracal)] })).toEqual([ids.fleet, ids.auction]);
  });

  it.each([
    ['ship', 'Riftr', 'ship "Riftr"', '"Rifter"'],
    ['item', 'Tritanum', 'type "Tritanum"', '"Tritanium"'],
    ['item', 'Rifter Blueprnt', 'type "Rifter Blueprnt"', '"Rifter Blueprint"'],
    ['region', 'The Frog', 'region "The Frog"', '"The Forge"'],
    ['region', 'domian', 'region "domian"', '"Domain"'],
  ])('an unknown name is refused and the nearest is named: --%s %s', async (flag, text, what, suggestion) => {
    const { database } = market();
    const asked = keptBy(database, { [flag]: [text] });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(`${what} is unknown. Did you mean ${suggestion}`);
  });

  it.each([
    ['region', 'Forge', [ids.rifter, ids.pair, ids.wanted, ids.copies, ids.unnamed]],
    ['item', 'Blueprint', [ids.copies]],
    // A name in full wins over a part of another.
    ['item', 'rifter', [ids.rifter, ids.pair, ids.fleet]],
    ['group', 'Frigate', [ids.rifter, ids.pair, ids.fleet]],
    // Not the system, in whose space nothing floats.
    ['location', 'amarr', [ids.fleet]],
    ['location', 'amarr viii', [ids.fleet]],
  ])('a part of a name does where it is whole words of only one: --%s %s', async (flag, text, expected) => {
    const { database } = market();
    expect(await keptBy(database, { [flag]: [text] })).toEqual(expected);
  });

  it.each([
    ['item', 'rift'],
    ['category', 'i'],
    ['group', 'r'],
    ['region', 'the f'],
    ['ship', 'gila'],
  ])('a part of a word is no name: --%s %s', async (flag, text) => {
    const { database } = market();
    await expect(keptBy(database, { [flag]: [text] })).rejects.toThrow('is unknown');
  });

  it('of several that fit none is guessed: ten are named', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    for (let index = 0; index < 13; index += 1) {
      const name = `Widget ${String.fromCharCode(65 + index)}`;
      await saveObject(store, 'type', 80_000 + index, { name, group_id: 18, market_group_id: null, published: true });
    }
    await close();
    await expect(keptBy(database, { item: ['widget'] })).rejects.toThrow(
      /"Widget A", .*"Widget J" and 3 more\. Use a full name/,
    );
    await expect(keptBy(database, { item: ['widget'] })).rejects.not.toThrow('"Widget K"');
  });

  it('market groups of one name are distinguished by their parents', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    await saveObject(store, 'market_group', 2, { name: 'Blueprints', parent_group_id: null });
    await saveObject(store, 'market_group', 264, { name: 'Frigates', parent_group_id: 2 });
    await saveObject(store, 'market_group', 300, { name: 'Ships', parent_group_id: 2 });
    await saveObject(store, 'type', 70002, { name: 'Hull', group_id: 18, market_group_id: 300, published: true });
    await fill(store, [
      { contract_id: 1, items: [{ type_id: types.rifter }] },
      { contract_id: 2, items: [{ type_id: types.rifterBlueprint }] },
      { contract_id: 3, items: [{ type_id: 70002 }] },
    ]);
    await close();
    const kept = (...values: string[]) => keptBy(database, { 'market-group': values });
    await expect(kept('frigates')).rejects.toThrow(
      '"Blueprints > Frigates", "Ships > Frigates". Use a full name or an id',
    );
    expect(await kept('blueprints > frigates')).toEqual([2]);
    expect(await kept('Ships > Frigates')).toEqual([1]);
    expect(await kept('Ships')).toEqual([1]);
    expect(await kept('Blueprints > Ships')).toEqual([3]);
    expect(await kept('1361')).toEqual([1]);
    expect(await kept('264', 'ships')).toEqual([1, 2]);
    expect(await kept('Minmatar')).toEqual([1]);
  });

  it('one unknown name among known ones is refused', async () => {
    const { database } = market();
    await expect(keptBy(database, { ship: ['Rifter', 'Xyzzyplugh'] })).rejects.toThrow('ship "Xyzzyplugh" is unknown');
  });

  it('the name of something else is refused as a ship', async () => {
    const { database } = market();
    await expect(keptBy(database, { ship: ['Tritanium'] })).rejects.toThrow('ship "Tritanium" is unknown');
    await expect(keptBy(database, { ship: ['Rifter Blueprint'] })).rejects.toThrow(
      'ship "Rifter Blueprint" is unknown',
    );
  });

  it.each([
    ['ship', String(types.tritanium), '34 is not a ship, it is "Tritanium"'],
    ['region', '99', 'region 99 is unknown'],
    ['region', '30000142', 'region 30000142 is unknown'],
  ])('an id of something else is refused: --%s %s', async (flag, id, message) => {
    const { database } = market();
    await expect(keptBy(database, { [flag]: [id] })).rejects.toThrow(UsageError);
    await expect(keptBy(database, { [flag]: [id] })).rejects.toThrow(`--${flag}: ${message}`);
  });

  it('an id that nothing is known of finds nothing', async () => {
    const { database } = market();
    expect(await keptBy(database, { ship: ['999999'] })).toEqual([]);
    expect(await keptBy(database, { issuer: ['999999'] })).toEqual([]);
  });

  it.each([
    ['region', 'Forg3', '"The Forge"'],
    ['ship', 'Xyzzyplugh', ' Did you mean "'],
  ])('the nearest is named however far it is: --%s %s', async (flag, text, suggestion) => {
    const { database } = market();
    await expect(keptBy(database, { [flag]: [text] })).rejects.toThrow(suggestion);
  });

  it('an empty name has no suggestions', async () => {
    const { database } = market();
    await expect(keptBy(database, { region: [''] })).rejects.toThrow(/region "" is unknown$/);
  });

  it('an id that no database can hold is refused', async () => {
    const { database } = market();
    for (const flag of ['id', 'item', 'ship', 'region']) {
      await expect(keptBy(database, { [flag]: ['99999999999999999999'] }), flag).rejects.toThrow(UsageError);
    }
  });

  it('an invalid id is refused with an example', async () => {
    const { database } = market();
    for (const text of ['', 'abc', '-5', '1.5', '1e3', '0x10']) {
      await expect(keptBy(database, { id: [text] }), text).rejects.toThrow(
        /--id: ".*" is not an id; for example --id \d+/,
      );
    }
  });

  it('a name that several types bear means all of them', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    await saveObject(store, 'type', 70587, { name: 'rifter', group_id: 25, market_group_id: null, published: false });
    await fill(store, [
      { contract_id: 1, items: [{ type_id: types.rifter }] },
      { contract_id: 2, items: [{ type_id: 70587 }] },
      { contract_id: 3, items: [{ type_id: types.ibis }] },
    ]);
    await close();
    expect(await keptBy(database, { ship: ['Rifter'] })).toEqual([1, 2]);
    expect(await keptBy(database, { item: ['RIFTER'] })).toEqual([1, 2]);
  });

  it('names with quotes and letters beyond ASCII are found, in upper or lower case', async () => {
    const { store, close, database } = await openTestStore(backing);
    await saveUniverse(store);
    await saveObject(store, 'type', 70001, {
      name: 'Ärger\'s "Öl" 100%',
      group_id: 18,
      market_group_id: null,
      published: true,
    });
    await fill(store, [
      { contract_id: 1, items: [{ type_id: 70001 }] },
      { contract_id: 2, items: [{ type_id: types.rifter }] },
    ]);
    await close();
    expect(await keptBy(database, { item: ['äRGER\'S "öl" 100%'] })).toEqual([1]);
  });

  it('a database without names says how to get them', async () => {
    const { store, close, database } = await openTestStore(backing);
    await fill(store, [{ contract_id: 1, items: [{ type_id: types.rifter }] }]);
    await close();
    await expect(keptBy(database, { ship: ['Rifter'] })).rejects.toThrow(/No names are known yet.*hangarbay aggregate/);
    expect(await keptBy(database, { item: [String(types.rifter)] })).toEqual([1]);
  });

  it('a contract with items of unknown types has no ships', async () => {
    const { database } = await openFilled(backing, [{ contract_id: 1, items: [{ type_id: types.unnamed }] }]);
    expect(await keptBy(database, { ships: [] })).toEqual([]);
    expect(await keptBy(database, {})).toEqual([1]);
  });
});
