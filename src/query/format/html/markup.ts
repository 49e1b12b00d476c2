import type { Instant } from '../../../time.ts';
import { showControlCharacters } from '../../../visible.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML and in the value of an attribute: never markup, and nothing invisible in it. */
export function text(raw: string): string {
  return showControlCharacters(raw).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day of the form `2026-03-01` as people write it: `1 Mar 2026`. */
export function dayText(day: string): string {
  const [year, month, date] = day.split('-');
  return `${Number(date)} ${months[Number(month) - 1] ?? month} ${year}`;
}

/** An instant to the minute, in UTC, with its exact value for programs and for readers who point at it. */
export function timeElement(instant: Instant): string {
  const shown = `${dayText(instant.slice(0, 10))} ${instant.slice(11, 16)}`;
  return `<time datetime="${text(instant)}" title="${text(instant)}">${text(shown)}</time>`;
}

/** A number with commas between thousands, and two digits behind the point at most. */
export function shortNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
