import type { OutputRow } from '../../engine/subject.ts';
import type { Format, FormatOptions } from '../format.ts';
import { seriesFields } from '../series.ts';
import { aboutSection } from './about.ts';
import { type PageColumn, pageColumns } from './cells.ts';
import { text } from './markup.ts';
import { pageEnd, pageStart } from './page.ts';

/**
 * One page that needs no other file and no network: what was asked, how fresh the answer is, a table that sorts and
 * filters, and a chart where the subject has one. Without a script it is still whole.
 */
export async function createHtml(options: FormatOptions): Promise<Format> {
  const { subject, fields, about } = options;
  if (about === undefined) throw new Error('a page says what it answers');
  const table = htmlTable(options);
  const drawn = await chartFor(options);
  return {
    begin: () => `${pageStart(about.title)}${aboutSection(about)}<main>\n${table.begin()}`,
    rows(batch) {
      drawn?.add(batch);
      return table.rows(batch);
    },
    // The style puts the chart above the table; here it comes behind, so that no row waits for it.
    end: (hasMore) => `${table.end(hasMore)}${drawn?.end() ?? ''}</main>\n${pageEnd()}`,
  };

  /** The chart of the subject, where the fields that it draws are shown. */
  async function chartFor({ subject: { chart }, hasChart = true }: FormatOptions) {
    if (chart === undefined || !hasChart) return undefined;
    const needed: readonly string[] = chart.kind === 'scatter' ? [chart.x, chart.y] : seriesFields;
    if (!needed.every((field) => fields.includes(field))) return undefined;
    const draw =
      chart.kind === 'scatter'
        ? await import('./scatter-chart.ts').then(
            ({ scatterChart }) =>
              (rows: readonly OutputRow[]) =>
                scatterChart(chart, rows),
          )
        : (await import('./days-chart.ts')).daysCharts;
    const kept = new Set([
      ...needed,
      'type_id',
      'type_name',
      'is_blueprint_copy',
      'region_name',
      'state',
      subject.name,
    ]);
    if (chart.kind === 'scatter') kept.add(chart.label);
    const rows: OutputRow[] = [];
    return {
      add(batch: readonly OutputRow[]) {
        for (const row of batch) rows.push(Object.fromEntries(Object.entries(row).filter(([name]) => kept.has(name))));
      },
      end: () => draw(rows),
    };
  }
}

/** The table alone, for a page that has several. */
export function htmlTable({ subject, fields }: Pick<FormatOptions, 'subject' | 'fields'>): Format {
  const columns = pageColumns(subject, fields);
  let count = 0;
  return {
    begin: () => `<div class="scroll" tabindex="0" role="region" aria-label="table"><table class="rows">
<thead><tr>${columns.map(headCell).join('')}</tr></thead>
<tbody>
`,
    rows(batch) {
      count += batch.length;
      return batch.map((row) => `<tr>${columns.map(({ cell }) => cell(row)).join('')}</tr>\n`).join('');
    },
    end: (hasMore = false) => `</tbody></table></div>
<p class="count" role="status">${countText(count, hasMore)}</p>
`,
  };
}

function headCell({ field, order, description }: PageColumn): string {
  const title = description === '' ? '' : ` title="${text(description)}"`;
  // A long name may be parted at its underscores.
  const name = text(field).replaceAll('_', '_<wbr>');
  return `<th scope="col" data-order="${order}"${title}${order === 'number' ? ' class="n"' : ''}>${name}</th>`;
}

function countText(count: number, hasMore: boolean): string {
  if (hasMore) return `The first ${count} rows; there are more (--limit 0 for all).`;
  return count === 0 ? 'No rows.' : `${count} ${count === 1 ? 'row' : 'rows'}.`;
}
