import { sql } from 'drizzle-orm';
import { now } from '../../store/reader.ts';
import { isInState } from '../contract/facts.ts';
import { anyOf, isAmong } from '../engine/conditions.ts';
import { areFew } from '../engine/few.ts';
import { type Filter, flagOf } from '../engine/filter.ts';
import { parseInstant } from '../engine/values.ts';
import { requireKnown } from './words.ts';

const states = [...Object.keys(isInState), 'all'];
const outcomes = ['sold', 'accepted', 'expired', 'withdrawn_or_unknown', 'unknown'];

/** Filters of a contract's times and outcome. */
export const timeFilters: readonly Filter[] = [
  {
    name: 'state',
    argument: '<state>',
    description: states.join(', '),
    choices: states,
    condition: (values) =>
      values.includes('all') ? sql`TRUE` : anyOf(values.map((value) => isInState[value as keyof typeof isInState])),
  },
  {
    name: 'outcome',
    argument: '<outcome>',
    description: `outcome of gone contracts: ${outcomes.join(', ')}`,
    choices: outcomes,
    isOpen: true,
    // Only gone contracts have an outcome.
    implies: { state: ['gone'] },
    condition: async (values, { reader }) => {
      await requireKnown('--outcome', values, outcomes, sql`contracts.outcome`, reader);
      return isAmong(sql`contracts.outcome`, values);
    },
  },
  since('issued-since', 'date_issued', 'issued since this time'),
  {
    name: 'expires-within',
    argument: '<duration>',
    isSingle: true,
    description: 'expires within this duration or before this instant; not yet expired',
    condition: (values, { reader }) =>
      anyOf(
        values.map((value) => {
          const until = parseInstant(value, '--expires-within', reader.now, 'ahead');
          return sql`(contracts.date_expired > ${now} AND contracts.date_expired <= ${until})`;
        }),
      ),
  },
  since('new-since', 'first_seen_at', 'first seen since this time'),
  // A gone contract is not listed.
  { ...since('gone-since', 'gone_at', 'gone since this time'), implies: { state: ['gone'] } },
];

function since(name: string, column: string, description: string): Filter {
  const flag = flagOf({ name });
  return {
    name,
    argument: '<duration or instant>',
    isSingle: true,
    description: `${description}; 2h, 3d or an instant`,
    condition: async (values, { reader }) => {
      const [earliest] = values.map((value) => parseInstant(value, flag, reader.now, 'ago')).sort();
      const isRecent = sql`contracts.${sql.identifier(column)} >= ${earliest}`;
      const found = sql`FROM contracts WHERE ${isRecent}`;
      if (!(await areFew(found, reader))) return isRecent;
      return sql`contracts.contract_id IN (SELECT contracts.contract_id ${found})`;
    },
  };
}
