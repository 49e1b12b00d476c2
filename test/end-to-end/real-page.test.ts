import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ContractRow, ContractType } from '../fake-esi/types.ts';
import { processBackings } from '../helpers/backings.ts';
import { newReadyUser, realPagePath } from './user.ts';

const reason = existsSync(realPagePath) ? '' : ' (skipped: the page is not at hand)';

describe.each(processBackings)(`a page of real contracts on $name${reason}`, (backing) => {
  it.skipIf(reason !== '')('arrives whole, field for field', async () => {
    const user = await newReadyUser(backing);
    const rows = JSON.parse(readFileSync(realPagePath, 'utf8')) as ContractRow[];
    const newest = Math.max(...rows.map(({ date_issued }) => Date.parse(date_issued)));
    const moved = (date: string) => `${new Date(Date.parse(date) + Date.now() - newest).toISOString().slice(0, 19)}Z`;
    for (const row of rows) {
      const contract = { ...row, date_issued: moved(row.date_issued), date_expired: moved(row.date_expired) };
      // A field that the page omits must not be invented.
      const absent = Object.fromEntries(['buyout', 'for_corporation'].map((field) => [field, undefined]));
      const type = row.type as ContractType;
      const items = type === 'courier' ? {} : { items: [{ type_id: 587 }, { type_id: 34, quantity: 5 }] };
      user.esi.world.add({ ...absent, ...contract, ...items, type, region_id: 10000002 });
    }
    const summary = await user.aggregate();
    expect(summary.contracts).toMatchObject({ listed: 1_000, stored: 1_000, quarantined: 0 });
    await user.expectEverything();
  });
});
