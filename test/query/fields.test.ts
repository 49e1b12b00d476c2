import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { ask } from '../helpers/ask.ts';
import { backings } from '../helpers/backings.ts';
import { ids } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';

const filters = { id: [String(ids.rifter)] };

describe.each(backings)('--fields on $name', (backing) => {
  const market = sharedMarket(backing);

  it('shows these and no others, in this order', async () => {
    const { database } = market();
    const fields = ['ship_name', 'price', 'contract_id', 'for_corporation'];
    const [row] = await ask(database, { filters, fields });
    expect(Object.entries(row ?? {})).toEqual([
      ['ship_name', 'Rifter'],
      ['price', 8_200_000],
      ['contract_id', ids.rifter],
      ['for_corporation', false],
    ]);
  });

  it('shows the items where they are named among the others', async () => {
    const { database } = market();
    const [row] = await ask(database, { filters, fields: ['title', 'items', 'price'] });
    expect(Object.keys(row ?? {})).toEqual(['title', 'items', 'price']);
    expect(row?.items).toHaveLength(3);
  });

  it('leaves out the key when it is not asked for', async () => {
    const { database } = market();
    expect(await ask(database, { filters, fields: ['type'] })).toEqual([{ type: 'item_exchange' }]);
  });

  it.each([
    ['pric', '"price"'],
    ['PRICE', '"price"'],
    ['ship', '"ship_name"'],
    ['item', '"items"'],
  ])('refuses %s with the nearest', async (field, nearest) => {
    const { database } = market();
    const asked = ask(database, { fields: ['contract_id', field] });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(`--fields: there is no field "${field}"; did you mean`);
    await expect(asked).rejects.toThrow(nearest);
  });

  it('refuses an empty name', async () => {
    const { database } = market();
    await expect(ask(database, { fields: [''] })).rejects.toThrow(UsageError);
  });
});
