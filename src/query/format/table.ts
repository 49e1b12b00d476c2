import stringWidth from 'string-width';
import { columnAt, valueSeparator, valuesAt } from '../engine/fields.ts';
import type { OutputRow, Subject } from '../engine/subject.ts';
import type { Format, FormatOptions } from './format.ts';
import { exactIsk, shortIsk } from './isk.ts';
import { cut, fitColumns, type Room, wrap } from './layout.ts';
import { sparkText } from './spark-text.ts';
import { nestedTexts, valueText } from './texts.ts';

/** Rows that determine the widths, which are then fixed: memory does not grow with the rows. */
const measuredRows = 500;
const longestText = 40;
/** Minimum width of a text on a narrow terminal. Field names are never shortened, because they can be typed. */
const shortestText = 8;
const gap = '  ';

/** A field of the table. */
interface TableColumn {
  readonly field: string;
  /** Numbers are right-aligned. */
  readonly isNumber: boolean;
  /** Only a text may be shortened: part of a number is wrong, and part of a link does not work. */
  readonly isText: boolean;
  /** Left out if all its cells are empty. */
  readonly isOptional: boolean;
  /** Undefined for an empty cell. */
  readonly textOf: (row: OutputRow) => string | undefined;
}

type Line = readonly (string | undefined)[];

/** Widths of the columns; undefined for those that are left out. */
type Layout = readonly (number | undefined)[];

/**
 * For people: aligned columns that fit the terminal, abbreviated money, control characters in player text made visible,
 * and no terminal control sequences.
 */
export function createTable(options: FormatOptions): Format {
  const { subject, fields, standard = [], color, width, exact, isHeadless = false } = options;
  const isk = exact === true ? exactIsk : shortIsk;
  const columns = fields.map((field) => tableColumn(field, subject, isk));
  const available = width ?? Number.POSITIVE_INFINITY;
  const styled = (code: number) => (text: string) => (color && text !== '' ? `\u001B[${code}m${text}\u001B[22m` : text);
  const [bold, dim] = [styled(1), styled(2)];
  const nothing = color ? '–' : '';
  const measured: Line[] = [];
  let layout: Layout | undefined;
  let omitted: readonly string[] = [];

  function lineOf(sizes: Layout, cell: (column: TableColumn, size: number, index: number) => string): string {
    const cells = columns.flatMap((column, index) => {
      const size = sizes[index];
      return size === undefined ? [] : cell(column, size, index);
    });
    return `${cells.join(gap).trimEnd()}\n`;
  }

  function aligned(text: string, size: number, { isNumber }: TableColumn, style = (plain: string) => plain): string {
    const padding = ' '.repeat(Math.max(0, size - stringWidth(text)));
    return isNumber ? padding + style(text) : style(text) + padding;
  }

  const linesOf = (sizes: Layout, lines: readonly Line[]) =>
    lines.map((line) =>
      lineOf(sizes, (column, size, index) => {
        const text = line[index];
        if (text === undefined) return aligned(nothing, size, column, dim);
        return aligned(column.isText ? cut(text, size) : text, size, column);
      }),
    );

  /** The names of the columns, aligned at their last line. */
  function headOf(sizes: Layout): string {
    if (isHeadless) return '';
    const names = fields.map((field, index) => wrap(partsOf(field), sizes[index] ?? Number.POSITIVE_INFINITY));
    const height = Math.max(...names.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      lineOf(sizes, (column, size, index) => {
        const name = names[index] ?? [];
        return aligned(name[name.length - height + line] ?? '', size, column, bold);
      }),
    ).join('');
  }

  /** Determines the widths, and returns the rows that waited for them. */
  function begin(): string {
    const shown = columns.filter(
      ({ isOptional }, index) => !isOptional || measured.some((line) => line[index] !== undefined),
    );
    const rooms = shown.map((column) => {
      const texts = measured.map((line) => line[columns.indexOf(column)] ?? '');
      return { ...roomOf(column, texts), isStandard: standard.includes(column.field) };
    });
    const widths = fitColumns(rooms, available, gap.length);
    layout = columns.map((column) => widths[shown.indexOf(column)]);
    omitted = shown.filter((_, index) => widths[index] === undefined).map(({ field }) => field);
    return headOf(layout) + linesOf(layout, measured.splice(0)).join('');
  }

  return {
    begin: () => '',
    rows(batch) {
      const lines = batch.map((row) => columns.map(({ textOf }) => textOf(row)));
      if (layout !== undefined) return linesOf(layout, lines).join('');
      measured.push(...lines);
      return measured.length < measuredRows ? '' : begin();
    },
    end() {
      if (layout === undefined && measured.length === 0) return 'no rows\n';
      const rest = layout === undefined ? begin() : '';
      if (omitted.length === 0) return rest;
      const note = `too narrow for: ${omitted.join(', ')}`.split(/(?<=[:,] )/);
      return `${rest}${dim(wrap(note, available).join('\n'))}\n`;
    },
  };
}

/** The parts of a name, after which a line may break. */
const partsOf = (field: string) => field.split(/(?<=[_.])/);

function roomOf({ field, isText }: TableColumn, texts: readonly string[]): Omit<Room, 'isStandard'> {
  const widest = Math.max(1, ...texts.map((text) => stringWidth(text)));
  const longestPart = Math.max(...partsOf(field).map(({ length }) => length));
  return {
    wanted: Math.max(field.length, widest),
    wrapped: Math.max(longestPart, widest),
    least: Math.max(longestPart, isText ? Math.min(widest, shortestText) : widest),
    bare: isText ? longestPart : Math.max(longestPart, widest),
  };
}

function tableColumn(field: string, subject: Subject, isk: typeof shortIsk): TableColumn {
  const column = columnAt(subject, field);
  const nested = subject.nested.find(({ name }) => name === field);
  const isPath = subject.columns[field] === undefined;
  const kind = isPath ? 'text' : column?.kind;
  const isText = kind === 'text' || kind === 'list' || kind === 'object';
  const isNumber = kind === 'id' || kind === 'number' || kind === 'isk';
  const valuesOf = valuesAt(subject, field);
  function textOf(row: OutputRow): string | undefined {
    const values = nested === undefined ? valuesOf(row) : nestedTexts(row[field], nested, isk);
    if (kind === 'series') return sparkText(values[0]);
    if (values.every((value) => value === null || value === undefined)) return undefined;
    const text = values.map((value) => valueText(value, column, isk)).join(valueSeparator);
    return isText ? cut(text, longestText) : text;
  }
  return { field, isNumber, isText, isOptional: kind === 'series', textOf };
}
