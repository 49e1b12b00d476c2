import type { Instant } from '../../../time.ts';
import { showControlCharacters } from '../../../visible.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text escaped for HTML and attribute values, with invisible characters made visible. */
export function text(raw: string): string {
  return showControlCharacters(raw).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day of the form `2026-03-01` as `1 Mar 2026`. */
export function dayText(day: string): string {
  const [year, month, date] = day.split('-');
  return `${Number(date)} ${months[Number(month) - 1] ?? month} ${year}`;
}

/** An instant to the minute, in UTC, with the exact value as attribute and tooltip. */
export function timeElement(instant: Instant): string {
  const shown = `${dayText(instant.slice(0, 10))} ${instant.slice(11, 16)}`;
  return `<time datetime="${text(instant)}" title="${text(instant)}">${text(shown)}</time>`;
}

/** A number with thousands separators, and at most two decimals. */
export function shortNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
