import { text } from 'node:stream/consumers';
import { type SQL, sql } from 'drizzle-orm';
import { messageOf, UsageError } from '../../errors.ts';
import { parseFit } from '../../eve/fit.ts';
import { readEncodedText } from '../../files.ts';
import { allOf } from '../engine/conditions.ts';
import type { Filter, FilterContext } from '../engine/filter.ts';
import { wholeIn } from '../engine/values.ts';
import { isOfType, sinceOldestListed } from './held-items.ts';
import { idsOf, nameable } from './names.ts';

/**
 * A type and a quantity: `Nanite Repair Paste:50`. After the last colon, anything that begins like a number is a quantity,
 * so that a mistyped one is not taken for part of the name.
 */
const withCount = /^(.*\S)\s*:\s*((?:[-+.,\d]\S*)?)$/s;

/** Filters for several types at once, each with a quantity. */
export const contentsFilters: readonly Filter[] = [
  {
    name: 'contains',
    argument: '<item[:count]>',
    description: 'offers at least COUNT units of this type; repeated, all must hold',
    async condition(values, context) {
      const wanted = values.map((value) => {
        const [, name = value, count] = withCount.exec(value) ?? [];
        return { name, count: count === undefined ? 1 : parseUnits(count) };
      });
      return offersAll(wanted, '--contains', context);
    },
  },
  {
    name: 'fit',
    argument: '<path>',
    description: 'offers a whole fit: a file in EFT format, or - for stdin',
    isSingle: true,
    async condition([path = ''], context) {
      const fit = await readFit(path);
      const wanted = [...fit].map(([name, count]) => ({ name, count }));
      return offersAll(wanted, '--fit', context);
    },
  },
];

/** Zero units would match every contract, and a mistyped count would do so without a word. */
function parseUnits(text: string): number {
  const units = wholeIn(text);
  if (units !== undefined && units > 0) return units;
  throw new UsageError(`--contains: "${text}" is not a whole number of 1 or more; for example --contains Tritanium:50`);
}

async function offersAll(
  wanted: readonly { readonly name: string; readonly count: number }[],
  flag: string,
  context: FilterContext,
): Promise<SQL> {
  const recent = await sinceOldestListed(context);
  const conditions: SQL[] = [];
  for (const { name, count } of wanted) {
    const { sql: isType } = isOfType(await idsOf([name], nameable.type, flag, context));
    conditions.push(sql`contracts.contract_id IN (
      SELECT contract_items.contract_id FROM contract_items
      WHERE contract_items.is_included AND ${isType} AND ${recent}
      GROUP BY contract_items.contract_id HAVING sum(contract_items.quantity) >= ${sql.raw(String(count))})`);
  }
  return allOf(conditions);
}

async function readFit(path: string) {
  try {
    return parseFit(path === '-' ? await text(process.stdin) : readEncodedText(path));
  } catch (error) {
    throw new UsageError(`--fit ${path}: ${messageOf(error)}`, { cause: error });
  }
}
