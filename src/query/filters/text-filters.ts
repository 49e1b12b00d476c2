import { sql } from 'drizzle-orm';
import { anyOf, contains, isAmongIds } from '../engine/conditions.ts';
import type { Filter } from '../engine/filter.ts';
import { isOfType, offersAny } from './held-items.ts';
import { namedFilter } from './named-filter.ts';
import { nameable } from './names.ts';

/** Filters of titles, items and issuers by text. */
export const textFilters: readonly Filter[] = [
  {
    name: 'title',
    argument: '<text>',
    description: 'title contains this text, case-insensitive',
    condition: (values) => anyOf(values.map(isInTitle)),
  },
  {
    name: 'search',
    argument: '<text>',
    description: 'title, or the name of an offered item, contains this text',
    condition: async (values, context) => {
      const texts = values.map((value) => value.toLowerCase());
      // Compared in JavaScript, where case folding is the same for every database.
      const types = await context.reader.all<{ type_id: number; name: string }>(
        sql`SELECT type_id, name FROM types WHERE name IS NOT NULL`,
      );
      const named = types.filter(({ name }) => texts.some((text) => name.toLowerCase().includes(text)));
      const ids = named.map(({ type_id }) => type_id);
      return anyOf([...values.map(isInTitle), await offersAny(isOfType(ids), context)]);
    },
  },
  namedFilter('issuer', nameable.issuer, 'issued by this character', (ids) =>
    isAmongIds(sql`contracts.issuer_id`, ids),
  ),
  namedFilter(
    'corporation',
    nameable.corporation,
    "issued by a member of this corporation, or on the corporation's behalf",
    (ids) => isAmongIds(sql`contracts.issuer_corporation_id`, ids),
  ),
];

function isInTitle(text: string) {
  return contains(sql`contracts.title_folded`, text.toLowerCase());
}
