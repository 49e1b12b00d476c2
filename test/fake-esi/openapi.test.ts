import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ask, openEsi } from './open-esi.ts';
import { findProblems, type Schema } from './schema-check.ts';

/** CCP's description of ESI. It is not part of this repository. */
const descriptionUrl = new URL('../../../shared/esi/openapi.json', import.meta.url);
const isDescriptionHere = existsSync(descriptionUrl);
const why = isDescriptionHere ? '' : ' (skipped: the OpenAPI description of ESI is not beside this repository)';

interface Description {
  components: { schemas: Record<string, Schema> };
}

describe.skipIf(!isDescriptionHere)(`bodies fit ESI's own schemas${why}`, () => {
  const read = () => (JSON.parse(readFileSync(descriptionUrl, 'utf8')) as Description).components.schemas;

  async function expectToFit(schemaName: string, bodies: unknown[]): Promise<void> {
    const schemas = read();
    const schema = { $ref: `#/components/schemas/${schemaName}` };
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.flatMap((body) => findProblems(body, schema, schemas))).toEqual([]);
  }

  test('lists, items and bids', async () => {
    const esi = await openEsi({ contracts: 1500 });
    const bodiesOf = (paths: string[]) => Promise.all(paths.map(async (path) => (await ask(esi, path)).json));
    const listed = esi.world.list();
    const regions = [...new Set(listed.map(({ region_id }) => region_id))];
    const auctions = listed.filter(({ bids }) => bids.length > 0);
    const others = listed.filter(({ contract }) => contract.type !== 'courier').slice(0, 300);
    const ids = (contracts: typeof listed) => contracts.map(({ contract }) => contract.contract_id);
    await expectToFit('ContractsPublicRegionIdGet', await bodiesOf(regions.map((id) => `/contracts/public/${id}`)));
    await expectToFit(
      'ContractsPublicItemsContractIdGet',
      await bodiesOf(ids(others).map((id) => `/contracts/public/items/${id}`)),
    );
    await expectToFit(
      'ContractsPublicBidsContractIdGet',
      await bodiesOf(ids(auctions).map((id) => `/contracts/public/bids/${id}`)),
    );
  });

  test.for([
    ['UniverseRegionsGet', '/universe/regions'],
    ['UniverseRegionsRegionIdGet', '/universe/regions/10000002'],
    ['UniverseConstellationsConstellationIdGet', '/universe/constellations/20000020'],
    ['UniverseSystemsSystemIdGet', '/universe/systems/30000142'],
    ['UniverseStationsStationIdGet', '/universe/stations/60003760'],
    ['UniverseTypesTypeIdGet', '/universe/types/587'],
    ['UniverseTypesTypeIdGet', '/universe/types/47740'],
    ['UniverseGroupsGroupIdGet', '/universe/groups/25'],
    ['UniverseCategoriesGet', '/universe/categories'],
    ['UniverseCategoriesCategoryIdGet', '/universe/categories/6'],
    ['MarketsGroupsGet', '/markets/groups'],
    ['MarketsGroupsMarketGroupIdGet', '/markets/groups/64'],
    ['Status', '/status'],
    ['MetaCompatibilityDates', '/meta/compatibility-dates'],
    ['Error', '/universe/types/1'],
    ['Error', '/contracts/public/items/1'],
  ] as const)('%s: %s', async ([schemaName, path]) => {
    const esi = await openEsi();
    await expectToFit(schemaName, [(await ask(esi, path)).json]);
  });

  test('names and dynamic items', async () => {
    const esi = await openEsi({ contracts: 100 });
    const ids = [...esi.universe.names.keys()].slice(-900);
    const names = await ask(esi, '/universe/names', { method: 'POST', body: JSON.stringify(ids) });
    await expectToFit('UniverseNamesPost', [names.json]);
    const { items } = esi.world.add({ type: 'item_exchange', items: [{ type_id: 47740 }] });
    const dynamic = await ask(esi, `/dogma/dynamic/items/47740/${items[0]?.item_id}`);
    await expectToFit('DogmaDynamicItemsTypeIdItemIdGet', [dynamic.json]);
  });
});

describe('the schema check itself', () => {
  const schemas: Record<string, Schema> = {
    Row: {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'integer', format: 'int64' }, kind: { type: 'string', enum: ['a'] } },
    },
  };
  const problemsOf = (body: unknown, schema: Schema) => findProblems(body, schema, schemas);

  test('sees what is missing, unknown, of the wrong type or not in an enum', () => {
    const row = { $ref: '#/components/schemas/Row' };
    expect(problemsOf([{ id: 1, kind: 'a' }], { type: 'array', items: row })).toEqual([]);
    expect(problemsOf({ kind: 'b', more: 1 }, row)).toHaveLength(3);
    expect(problemsOf({ id: 1.5 }, row)).toHaveLength(1);
    expect(problemsOf('2026-09-01T12:00:00.5Z', { type: 'string', format: 'date-time' })).toHaveLength(1);
  });
});
