import type { Format, FormatName, FormatOptions } from './format.ts';
import { seriesFields } from './series.ts';

/** A table; on a terminal with charts below it if its rows are prices by day. */
async function loadTable(options: FormatOptions): Promise<Format> {
  const table = (await import('./table.ts')).createTable(options);
  const { subject, fields, isTerminal = false, hasChart = true } = options;
  const isDrawable = subject.chart?.kind === 'days' && seriesFields.every((field) => fields.includes(field));
  return isTerminal && hasChart && isDrawable ? (await import('./chart-text.ts')).withCharts(table, options) : table;
}

/** Loads the code of one format only. */
export async function loadFormat(name: FormatName, options: FormatOptions): Promise<Format> {
  switch (name) {
    case 'json':
      return (await import('./json.ts')).createJson(options);
    case 'ndjson':
      return (await import('./json.ts')).createNdjson(options);
    case 'csv':
      return (await import('./csv.ts')).createCsv(options);
    case 'tsv':
      return (await import('./tsv.ts')).createTsv(options);
    case 'markdown':
      return (await import('./markdown.ts')).createMarkdown(options);
    case 'html':
      return (await import('./html/html.ts')).createHtml(options);
    case 'table':
      return loadTable(options);
  }
}
