import type { OutputRow } from '../../engine/subject.ts';
import type { Format, FormatOptions } from '../format.ts';
import { seriesFields } from '../series.ts';
import { aboutSection } from './about.ts';
import { type PageColumn, pageColumns } from './cells.ts';
import { text } from './markup.ts';
import { pageEnd, pageStart } from './page.ts';

/**
 * One self-contained page: the question, its freshness, a table with sorting and filters, and a chart if the subject
 * has one. Readable without JavaScript.
 */
export async function createHtml(options: FormatOptions): Promise<Format> {
  const { subject, fields, about } = options;
  if (about === undefined) throw new Error('a page needs a heading');
  const table = htmlTable(options);
  const drawn = await chartFor(options);
  return {
    begin: () => `${pageStart(about.title)}${aboutSection(about)}<main>\n${table.begin()}`,
    rows(batch) {
      drawn?.add(batch);
      return table.rows(batch);
    },
    // CSS moves the chart above the table; in the file it follows the rows, so that they appear first.
    end: (hasMore) => `${table.end(hasMore)}${drawn?.end() ?? ''}</main>\n${pageEnd()}`,
  };

  /** The subject's chart, if the fields that it needs are shown. */
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

/** A table without a page, for a page with several. */
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
  // Long names may wrap at underscores.
  const name = text(field).replaceAll('_', '_<wbr>');
  return `<th scope="col" data-order="${order}"${title}${order === 'number' ? ' class="n"' : ''}>${name}</th>`;
}

function countText(count: number, hasMore: boolean): string {
  if (hasMore) return `The first ${count} rows; use --limit 0 for all.`;
  return count === 0 ? 'No rows.' : `${count} ${count === 1 ? 'row' : 'rows'}.`;
}
