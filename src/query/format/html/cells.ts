import type { Instant } from '../../../time.ts';
import type { Column } from '../../engine/column.ts';
import { columnAt, valueSeparator, valuesAt } from '../../engine/fields.ts';
import type { OutputRow, Subject } from '../../engine/subject.ts';
import { exactIsk, shortIsk } from '../isk.ts';
import { nestedTexts, valueText } from '../texts.ts';
import { shortNumber, text, timeElement } from './markup.ts';
import { sparkline } from './sparkline.ts';

/** A table column: its sort order for the page's script, and its cell format. */
export interface PageColumn {
  readonly field: string;
  /** How the page sorts and filters the column. */
  readonly order: 'number' | 'text' | 'none';
  readonly description: string;
  readonly cell: (row: OutputRow) => string;
}

/** The columns of a page. The link of a contract is shown with its id, so it needs no column. */
export function pageColumns(subject: Subject, fields: readonly string[]): PageColumn[] {
  const isMerged = fields.includes('contract_id') && fields.includes('link');
  return fields.flatMap((field) => (isMerged && field === 'link' ? [] : [pageColumn(subject, field, isMerged)]));
}

function pageColumn(subject: Subject, field: string, isMerged: boolean): PageColumn {
  const column = columnAt(subject, field);
  const isPath = subject.columns[field] === undefined;
  const description = isPath ? '' : (column?.description ?? '');
  const nested = subject.nested.find(({ name }) => name === field);
  const valuesOf = valuesAt(subject, field);
  const isNumber = !isPath && ['id', 'number', 'isk'].includes(column?.kind ?? '');
  function cell(row: OutputRow): string {
    const values = nested === undefined ? valuesOf(row) : nestedTexts(row[field], nested, exactIsk);
    const [value] = values;
    if (values.every((each) => each === null || each === undefined)) return '<td></td>';
    if (isPath || nested !== undefined || column === undefined || column.kind === 'list') {
      return textCell(values.map((each) => valueText(each, column, shortIsk)).join(valueSeparator));
    }
    if (field === 'contract_id' && isMerged) return contractCell(value, row.link);
    return valueCell(value, column);
  }
  const order = isNumber ? 'number' : column?.kind === 'series' ? 'none' : 'text';
  return { field, order, description, cell };
}

function valueCell(value: unknown, column: Column): string {
  switch (column.kind) {
    case 'isk':
      return `<td class="n">${numberElement(Number(value), shortIsk(Number(value)), `${exactIsk(Number(value))} ISK`)}</td>`;
    case 'number':
      return `<td class="n">${numberElement(Number(value), shortNumber(Number(value)), String(value))}</td>`;
    case 'id':
      return `<td class="n">${text(String(value))}</td>`;
    case 'boolean':
      return `<td>${value === true ? 'yes' : 'no'}</td>`;
    case 'instant':
      return `<td>${timeElement(value as Instant)}</td>`;
    case 'link':
      return `<td>${copyButton(String(value))}</td>`;
    case 'series':
      return `<td class="s">${sparkline(value)}</td>`;
    default:
      return textCell(valueText(value, column, shortIsk));
  }
}

/** The page sorts by the exact value, which is also the tooltip. */
function numberElement(value: number, shown: string, exact: string): string {
  const title = shown === exact ? '' : ` title="${text(exact)}"`;
  return `<data value="${value}"${title}>${text(shown)}</data>`;
}

function contractCell(id: unknown, link: unknown): string {
  return `<td class="n">${text(String(id))}${link === null || link === undefined ? '' : copyButton(String(link))}</td>`;
}

/** The game has no URLs: its links are texts to paste into a chat or a note. */
function copyButton(link: string): string {
  return `<button class="copy" title="copy the link for the game" data-copy="${text(link)}"></button>`;
}

/** Longer texts may wrap anywhere. */
const longText = 24;

/** Player text may be right-to-left; isolation keeps the direction of its surroundings. */
function textCell(shown: string): string {
  return `<td${shown.length > longText ? ' class="t"' : ''}><bdi>${text(shown)}</bdi></td>`;
}
