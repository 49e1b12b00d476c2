import { sql } from 'drizzle-orm';
import type { RollAttribute } from '../../eve/roll.ts';
import { isDue } from '../backoff.ts';
import { slices } from '../batches.ts';
import type { ArchivedRoll, DueRoll } from '../records/worth.ts';
import {
  assignedValues,
  type Dialect,
  type Driver,
  excludedValues,
  execute,
  insertRowsInto,
  type Script,
} from '../script.ts';
import type { Store } from '../store.ts';
import { listedSince } from './changes.ts';
import { deleteMeta, writeMeta } from './meta.ts';
import { enterNeeds } from './universe/needs.ts';

type RollOperations = Pick<Store, 'enterRolls' | 'dueRolls' | 'saveRoll' | 'saveRolls' | 'postponeRoll'>;

/**
 * Key in `meta`: the newest change of a contract whose modules were processed. Without it, the modules of all listed
 * contracts are.
 */
const enteredUntilKey = 'rolls_entered_until_change';
/** Contracts whose items are searched per statement. */
const contractsAtOnce = 1_000;

export function rollOperations({ transact, read, dialect }: Driver): RollOperations {
  return {
    async enterRolls() {
      const news = await transact(() => listedSince(enteredUntilKey));
      if (news === undefined) return;
      for (const some of slices(news.ids, contractsAtOnce)) await transact(() => enter(some, dialect));
      await transact(() => writeMeta({ [enteredUntilKey]: news.until }, dialect));
    },
    async dueRolls(now) {
      const rows = await read<DueRoll>(sql`
        SELECT item_id, rolls.type_id AS type_id, attempts FROM rolls
        JOIN contracts ON contracts.contract_id = rolls.contract_id AND contracts.gone_at IS NULL
        WHERE fetched_at IS NULL AND NOT is_unknown
          AND (next_attempt_at IS NULL OR attempts <= 1 OR ${isDue(sql`next_attempt_at`, now)})
        ORDER BY item_id`);
      return [...rows];
    },
    saveRoll: ({ item_id, attributes, ...roll }) =>
      transact(function* () {
        const known = { attempts: 0, next_attempt_at: null, last_answer: null };
        yield* execute(sql`UPDATE rolls SET ${assignedValues({ ...roll, ...known })} WHERE item_id = ${item_id}`);
        // One row per attribute, because an answer may have duplicates.
        const byId = new Map(
          attributes.map((attribute): [number, RollAttribute] => [attribute.attribute_id, attribute]),
        );
        const rows = [...byId.values()].map((attribute) => ({ item_id, ...attribute }));
        const kinds = { item_id: 'id', attribute_id: 'id', value: 'real' } as const;
        yield* execute(sql`${insertRowsInto('roll_attributes', kinds, rows, dialect)} ON CONFLICT DO NOTHING`);
        yield* enterNeeds(new Map([['type', new Set([roll.source_type_id, roll.mutator_type_id])]]), dialect);
      }),
    saveRolls: (rolls) => transact(() => saveAll(rolls, dialect)),
    postponeRoll: ({ item_id, ...postponement }) =>
      transact(function* () {
        yield* execute(sql`UPDATE rolls SET ${assignedValues(postponement)} WHERE item_id = ${item_id}`);
      }),
  };
}

const archivedKinds = {
  item_id: 'id',
  type_id: 'id',
  contract_id: 'id',
  source_type_id: 'id',
  mutator_type_id: 'id',
  created_by: 'id',
  fetched_at: 'instant',
} as const;

function* saveAll(rolls: readonly ArchivedRoll[], dialect: Dialect): Script<number> {
  const ids = rolls.map(({ item_id }) => item_id);
  const known = yield* execute<{ item_id: number }>(sql`
    SELECT item_id FROM rolls WHERE fetched_at IS NOT NULL AND item_id IN (${dialect.values('id', ids)})`);
  const knownIds = new Set(known.map(({ item_id }) => item_id));
  const fresh = [...new Map(rolls.map((roll) => [roll.item_id, roll])).values()].filter(
    ({ item_id }) => !knownIds.has(item_id),
  );
  const rows = fresh.map(({ attributes: _, ...roll }) => ({ ...roll }));
  yield* execute(sql`${insertRowsInto('rolls', archivedKinds, rows, dialect)}
    ON CONFLICT (item_id) DO UPDATE SET ${excludedValues(Object.keys(archivedKinds))}`);
  const attributes = fresh.flatMap((roll) =>
    [...new Map(roll.attributes.map((it) => [it.attribute_id, it])).values()].map((it) => ({
      item_id: roll.item_id,
      ...it,
    })),
  );
  const kinds = { item_id: 'id', attribute_id: 'id', value: 'real' } as const;
  yield* execute(sql`${insertRowsInto('roll_attributes', kinds, attributes, dialect)} ON CONFLICT DO NOTHING`);
  const named = fresh.flatMap((roll) => [roll.type_id, roll.source_type_id, roll.mutator_type_id]);
  yield* enterNeeds(new Map([['type', new Set(named)]]), dialect);
  const types = fresh.map(({ type_id }) => type_id);
  yield* execute(sql`
    UPDATE types SET is_dynamic = TRUE WHERE is_dynamic IS NULL AND type_id IN (${dialect.values('id', types)})`);
  return fresh.length;
}

/** After types have become known as dynamic, their listed items are processed again. */
export function* forgetEnteredRolls(): Script<void> {
  yield* deleteMeta(enteredUntilKey);
}

function* enter(contractIds: readonly number[], dialect: Dialect): Script<void> {
  yield* execute(sql`
    INSERT INTO rolls (item_id, type_id, contract_id)
    SELECT item_id, min(contract_items.type_id), max(contract_id) FROM contract_items
    JOIN types ON types.type_id = contract_items.type_id AND types.is_dynamic
    WHERE contract_id IN (${dialect.values('id', contractIds)}) AND is_included AND item_id IS NOT NULL
    GROUP BY item_id
    ON CONFLICT (item_id) DO UPDATE SET contract_id = excluded.contract_id`);
}
