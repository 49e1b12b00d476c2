import { showControlCharacters } from '../../visible.ts';
import type { OutputRow } from '../engine/subject.ts';

/** Prices of one day, in ISK. */
export interface PricesOfDay {
  /** In UTC: `2026-03-01`. */
  readonly day: string;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly contracts: number;
}

/** Prices of one series by day. */
export interface DaySeries {
  readonly name: string;
  readonly days: readonly PricesOfDay[];
}

/** Fields that an answer about prices needs for a chart. */
export const seriesFields = ['day', 'median', 'lower_quartile', 'upper_quartile', 'contracts'] as const;

/**
 * Rows of `prices --by day` as series: one per type, region and kind of blueprint, oldest day first. Listed contracts
 * count for the day of the answer, and only if none went on that day.
 */
export function daySeries(rows: readonly OutputRow[]): DaySeries[] {
  const usable = rows.filter((row) => typeof row.day === 'string' && typeof row.median === 'number');
  return [...Map.groupBy(usable, nameOf)].map(([name, ofIt]) => {
    const byDay = new Map<string, PricesOfDay>();
    for (const row of ofIt) {
      if (row.state === 'listed' && byDay.has(String(row.day))) continue;
      const median = Number(row.median);
      byDay.set(String(row.day), {
        day: String(row.day),
        lower: Number(row.lower_quartile ?? median),
        median,
        upper: Number(row.upper_quartile ?? median),
        contracts: Number(row.contracts ?? 0),
      });
    }
    return { name, days: [...byDay.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1)) };
  });
}

function nameOf(row: OutputRow): string {
  const name = String(row.type_name ?? (row.type_id === undefined ? 'prices' : `type ${row.type_id}`));
  const copies = row.is_blueprint_copy === true ? ', copies' : '';
  const region = row.region_name === null || row.region_name === undefined ? '' : ` in ${row.region_name}`;
  return showControlCharacters(`${name}${copies}${region}`);
}
