import type { Format, FormatName, FormatOptions } from './format.ts';

/** Loads a format; the libraries of the others are not. */
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
      return (await import('./table.ts')).createTable(options);
  }
}
