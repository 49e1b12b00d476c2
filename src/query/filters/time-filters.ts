import { type SQL, sql } from 'drizzle-orm';
import type { Instant } from '../../time.ts';
import { anyOf, isAmong } from '../engine/conditions.ts';
import { areFew } from '../engine/few.ts';
import type { Filter, Given } from '../engine/subject.ts';
import { parseInstant } from '../engine/values.ts';
import { requireKnown } from './words.ts';

const states = ['listed', 'expired', 'gone', 'all'];
const outcomes = ['sold', 'expired', 'unknown'];

/** `gone` once a complete sweep no longer listed it; `expired` past its expiry, until then; otherwise `listed`. */
export function stateOf(now: Instant): SQL {
  return sql`CASE WHEN contracts.gone_at IS NOT NULL THEN 'gone'
    WHEN contracts.date_expired <= ${now} THEN 'expired' ELSE 'listed' END`;
}

/** Whether nothing is asked for that is gone. */
export function asksForListed({ state }: Given): boolean {
  return state?.every((word) => word === 'listed' || word === 'expired') ?? false;
}

/** Whether {@link stateOf} is this, as a condition that an index serves. */
export function isInState(state: string, now: Instant): SQL {
  if (state === 'gone') return sql`contracts.gone_at IS NOT NULL`;
  const operator = sql.raw(state === 'expired' ? '<=' : '>');
  return sql`(contracts.gone_at IS NULL AND contracts.date_expired ${operator} ${now})`;
}

/** When a contract was and will be, and what became of it. */
export const timeFilters: readonly Filter[] = [
  {
    flag: '--state',
    argument: '<state>',
    description: states.join(', '),
    choices: states,
    condition: (values, { now }) =>
      values.includes('all') ? sql`TRUE` : anyOf(values.map((value) => isInState(value, now))),
  },
  {
    flag: '--outcome',
    argument: '<outcome>',
    description: `what became of one that is gone: ${outcomes.join(', ')}`,
    choices: outcomes,
    isOpen: true,
    // Only what is gone has an outcome.
    implies: { state: ['gone'] },
    condition: async (values, { reader }) => {
      await requireKnown('--outcome', values, outcomes, sql`contracts.outcome`, reader);
      return isAmong(sql`contracts.outcome`, values);
    },
  },
  since('--issued-since', 'date_issued', 'issued since then'),
  {
    flag: '--expires-within',
    argument: '<duration>',
    isSingle: true,
    description: 'expires within this time from now, or before an instant, and has not yet',
    condition: (values, { now }) =>
      anyOf(
        values.map((value) => {
          const until = parseInstant(value, '--expires-within', now, 'ahead');
          return sql`(contracts.date_expired > ${now} AND contracts.date_expired <= ${until})`;
        }),
      ),
  },
  since('--new-since', 'first_seen_at', 'first seen since then'),
  // What is gone is not listed.
  { ...since('--gone-since', 'gone_at', 'gone since then'), implies: { state: ['gone'] } },
];

function since(flag: string, column: string, description: string): Filter {
  return {
    flag,
    argument: '<duration or instant>',
    isSingle: true,
    description: `${description}; 2h, 3d or an instant`,
    condition: async (values, { now, reader }) => {
      const [earliest] = values.map((value) => parseInstant(value, flag, now, 'ago')).sort();
      const isRecent = sql`contracts.${sql.identifier(column)} >= ${earliest}`;
      const found = sql`FROM contracts WHERE ${isRecent}`;
      if (!(await areFew(found, reader))) return isRecent;
      return sql`contracts.contract_id IN (SELECT contracts.contract_id ${found})`;
    },
  };
}
