import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql as raw } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { backings } from '../helpers/backings.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { rowsFrom } from '../helpers/tables.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/schema.md'), 'utf8');
const recipes = [...page.matchAll(/^([A-Z][^\n]*):\n\n```sql\n(.*?)^```$/gms)].map(([, name = '', sql = '']) => ({
  name,
  sql: sql.trim().replace(/;$/, ''),
}));

it('the page of the schema has ten recipes', () => {
  expect(recipes.length).toBeGreaterThanOrEqual(10);
});

describe.each(backings)('recipes on $name', (backing) => {
  const market = sharedMarket(backing);

  it.each(recipes)('$name', async ({ sql }) => {
    const rows = await rowsFrom(market().database, raw.raw(sql));
    expect(Array.isArray(rows)).toBe(true);
    // The market has no pass in its ledger, nothing waits, and nothing has a price.
    if (!/FROM (runs|contract_backlog)|JOIN contract_values/.test(sql)) expect(rows.length).toBeGreaterThan(0);
  });
});
