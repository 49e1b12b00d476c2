import { sql } from 'drizzle-orm';
import { contractColumns, contractJoins, ownContract, placeAndTime } from '../contract/columns.ts';
import { attributeQuality, attributeValue, rolledAttributes } from '../contract/rolls.ts';
import { column, columnsIn, pick } from '../engine/column.ts';
import { isAmongIds } from '../engine/conditions.ts';
import { leftJoin } from '../engine/joins.ts';
import type { Subject } from '../engine/subject.ts';
import { ownFilters } from '../filters/contract-filters.ts';
import { namedFilter } from '../filters/named-filter.ts';
import { idsOf, nameable } from '../filters/names.ts';
import { rollFilters } from '../filters/roll-filters.ts';

const own = columnsIn('rolls');
const { contract_id, ...rest } = pick(contractColumns, [
  'contract_id',
  'type',
  'title',
  'price',
  'effective_price',
  ...placeAndTime,
  'issuer_id',
  'issuer_name',
]);

const item = namedFilter('item', nameable.type, 'is of this type', (ids) => isAmongIds(sql`rolls.type_id`, ids));

/** Mutated modules, with their source and their rolls. */
export const rolls: Subject = {
  kind: 'rows',
  name: 'rolls',
  description:
    "mutated modules, each with the last contract that offered it: source, attributes, and each attribute's position in its range",
  details:
    'attr.NAME is the value of an attribute by its name in the game’s data (maxRange), quality.NAME its position in the\n' +
    "mutaplasmid's range, from 0 to 100, 100 being the better end. The attributes depend on the modules: with --item, those\n" +
    'of that module are shown. Names and ranges require static data: hangarbay import sde.',
  columns: {
    contract_id,
    item_id: own('id', 'item_id', 'id of the module in the game'),
    type_id: own('id', 'type_id', 'type of the module'),
    type_name: column('text', sql`rolled.name`, 'name of that type'),
    source_type_id: own('id', 'source_type_id', 'type of the original module'),
    source_type_name: column('text', sql`source_type.name`, 'name of that type'),
    mutator_type_id: own('id', 'mutator_type_id', 'mutaplasmid that made it'),
    mutator_name: column('text', sql`mutator.name`, 'name of the mutaplasmid'),
    created_by: own('id', 'created_by', 'character who made it'),
    ...rest,
  },
  async growing(given, context) {
    const { item: names } = given;
    const typeIds = names === undefined ? undefined : await idsOf(names, nameable.type, '--item', context);
    const attributes = await rolledAttributes(context.reader, typeIds);
    return Object.fromEntries(
      attributes.flatMap((attribute) => [
        [`attr.${attribute.name}`, column('number', attributeValue(attribute), `${attribute.name} of the module`)],
        [
          `quality.${attribute.name}`,
          column('number', attributeQuality(attribute), `position of ${attribute.name} in its range, 0 to 100`),
        ],
      ]),
    );
  },
  from: sql`rolls JOIN contracts ON contracts.contract_id = rolls.contract_id`,
  always: () => sql`rolls.fetched_at IS NOT NULL`,
  joins: () => [
    leftJoin(sql`types`, 'rolled', sql`rolled.type_id = rolls.type_id`),
    leftJoin(sql`types`, 'source_type', sql`source_type.type_id = rolls.source_type_id`),
    leftJoin(sql`types`, 'mutator', sql`mutator.type_id = rolls.mutator_type_id`),
    ...contractJoins,
  ],
  key: [sql`rolls.contract_id`, sql`rolls.item_id`],
  contract: ownContract,
  order: sql`contracts.date_issued DESC`,
  tableFields: ['contract_id', 'type_name', 'source_type_name', 'mutator_name', 'price', 'start_location_name'],
  filters: [item, ...rollFilters, ...ownFilters],
  defaults: { state: ['listed'] },
  nested: [],
};
