import type { Instant } from '../../../time.ts';
import type { Column } from '../../engine/column.ts';
import { columnAt, valueSeparator, valuesAt } from '../../engine/fields.ts';
import type { OutputRow, Subject } from '../../engine/subject.ts';
import { exactIsk, shortIsk } from '../isk.ts';
import { nestedTexts, valueText } from '../texts.ts';
import { shortNumber, text, timeElement } from './markup.ts';
import { sparkline } from './sparkline.ts';

/** A column of the table: what its head says to the page's script, and how its cells are written. */
export interface PageColumn {
  readonly field: string;
  /** How the page sorts and filters it. */
  readonly order: 'number' | 'text' | 'none';
  readonly description: string;
  readonly cell: (row: OutputRow) => string;
}

/**
 * How each field is written in a page. A contract's id carries the link to it where there is one, so the link needs no
 * column.
 */
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

/** The exact value is what the page sorts by, and what a reader sees who points at it. */
function numberElement(value: number, shown: string, exact: string): string {
  const title = shown === exact ? '' : ` title="${text(exact)}"`;
  return `<data value="${value}"${title}>${text(shown)}</data>`;
}

function contractCell(id: unknown, link: unknown): string {
  return `<td class="n">${text(String(id))}${link === null || link === undefined ? '' : copyButton(String(link))}</td>`;
}

/** No address leads into the game: its links are texts that work once they are pasted into a chat or a note there. */
function copyButton(link: string): string {
  return `<button class="copy" title="copy the link for the game" data-copy="${text(link)}"></button>`;
}

/** Longer texts may be parted into lines, and anywhere. */
const longText = 24;

/** Player text may run either way; what is beside it keeps its own direction. */
function textCell(shown: string): string {
  return `<td${shown.length > longText ? ' class="t"' : ''}><bdi>${text(shown)}</bdi></td>`;
}
