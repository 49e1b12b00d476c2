import type { Reader } from '../../store/reader.ts';
import { column, type DayPrice } from '../engine/column.ts';
import type { Given } from '../engine/filter.ts';
import { resolve } from '../engine/resolve.ts';
import { rows } from '../engine/run.ts';
import type { Subject } from '../engine/subject.ts';
import { prices } from './prices.ts';

/** The period of the prices. */
const period = '30d';

/** Filters of the place: prices elsewhere say little about local prices. */
const placeFilters = ['region', 'constellation', 'system', 'location', 'security'];

/**
 * Adds the field `history` to a subject whose rows are each of one type: the median price of each of the last 30 days
 * on which such contracts went, at the question's places. Other subjects stay unchanged.
 *
 * @param given the filters of the question as typed
 */
export function withHistory(subject: Subject, given: Given = {}): Subject {
  if (subject.history === undefined) return subject;
  const places = Object.fromEntries(Object.entries(given).filter(([name]) => placeFilters.includes(name)));
  const history = {
    ...column(
      'series',
      subject.history,
      `median price of each of the last ${period.replace('d', ' days')} on which such contracts went`,
    ),
    load: (keys: readonly number[], reader: Reader) => pricesByDay(keys, places, reader),
  };
  return { ...subject, columns: { ...subject.columns, history } };
}

/** The answer to `query prices --by day --gone-since 30d`, by twice the type's id, plus one for copies. */
async function pricesByDay(keys: readonly number[], places: Given, reader: Reader) {
  const types = [...new Set(keys.map((key) => String(Math.floor(key / 2))))];
  const question = {
    subject: prices,
    filters: { ...places, item: types, by: ['day'], 'gone-since': [period] },
    fields: ['type_id', 'is_blueprint_copy', 'day', 'median', 'contracts'],
    sort: 'day',
    descending: false,
    limit: 0,
    offset: 0,
  };
  const byKey = new Map<number, DayPrice[]>();
  for await (const batch of rows(await resolve(question, reader))) {
    for (const { type_id, is_blueprint_copy, day, median, contracts } of batch) {
      const key = Number(type_id) * 2 + (is_blueprint_copy === true ? 1 : 0);
      const days = byKey.get(key) ?? [];
      byKey.set(key, days);
      days.push({ day: String(day), median: Number(median), contracts: Number(contracts) });
    }
  }
  return byKey;
}
