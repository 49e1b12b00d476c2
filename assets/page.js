// @ts-check

// The tables of a page: sorting, filtering, exact values, links to copy. Everything that it shows is in the page already.

/**
 * A row of a table with what it is sorted and filtered by, read once.
 * @typedef {{ tr: HTMLTableRowElement, place: number, texts: string[], all: string, keys: (number | string)[] }} Row
 */

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
/** Rows that are attached at once. */
const step = 200;
const units = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** @param {HTMLTableCellElement} cell the value behind what is shown: a number, an instant, or the text itself */
function exactValue(cell) {
  const data = cell.querySelector('data');
  if (data !== null) return data.value;
  return cell.querySelector('time')?.dateTime ?? cell.textContent ?? '';
}

/**
 * @param {HTMLTableElement} table
 * @param {boolean[]} isNumber of each column
 * @returns {Row[]}
 */
function readRows(table, isNumber) {
  return [...(table.tBodies[0]?.rows ?? [])].map((tr, place) => {
    const cells = [...tr.cells];
    const values = cells.map(exactValue);
    const texts = cells.map((cell, i) => `${cell.textContent}\n${values[i]}`.toLowerCase());
    const keys = values.map((value, i) => (isNumber[i] && value !== '' ? Number(value) : value));
    return { tr, place, texts, all: texts.join('\n'), keys };
  });
}

/**
 * What a column must hold: for numbers `>=1m`, `<300k`, `1m..5m` or a number; otherwise a part of the text.
 * @param {string} typed
 * @param {boolean} isNumber
 * @returns {((row: Row, i: number) => boolean) | undefined}
 */
function condition(typed, isNumber) {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return undefined;
  const number = String.raw`(-?[\d,.]*\d)\s*([kmbt]?)`;
  const match = isNumber ? new RegExp(`^(<=?|>=?|=)?\\s*${number}(?:\\s*\\.\\.\\s*${number})?$`).exec(wanted) : null;
  if (match === null) return (row, i) => (row.texts[i] ?? '').includes(wanted);
  const [, sign, first = '', unit = '', second, otherUnit = ''] = match;
  /** @param {string} digits @param {string} suffix */
  const amount = (digits, suffix) => Number(digits.replaceAll(',', '')) * (units[/** @type {'k'} */ (suffix)] ?? 1);
  const low = amount(first, unit);
  const high = second === undefined ? low : amount(second, otherUnit);
  /** @type {Record<string, (value: number) => boolean>} */
  const tests = {
    '<': (value) => value < low,
    '<=': (value) => value <= low,
    '>': (value) => value > low,
    '>=': (value) => value >= low,
    '=': (value) => value === low,
  };
  if (second === undefined && sign === undefined) return (row, i) => (row.texts[i] ?? '').includes(wanted);
  const test = second === undefined ? tests[sign ?? '='] : (/** @type {number} */ v) => v >= low && v <= high;
  return (row, i) => typeof row.keys[i] === 'number' && test?.(row.keys[i]) === true;
}

/** @param {string} type @param {string} label */
function input(type, label) {
  const element = document.createElement('input');
  element.type = type;
  element.setAttribute('aria-label', label);
  return element;
}

/** @param {HTMLTableElement} table */
function enliven(table) {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const scroll = table.closest('.scroll');
  const count = scroll?.nextElementSibling;
  if (body === undefined || !scroll || !count || body.rows.length < 2) return;
  const isNumber = heads.map((head) => head.dataset.order === 'number');
  /** @type {Row[] | undefined} */
  let read;
  const rows = () => {
    read ??= readRows(table, isNumber);
    return read;
  };
  /** @type {{ column: number, direction: number } | undefined} */
  let sort;
  const said = count.textContent ?? '';
  const search = input('search', 'filter rows');
  search.placeholder = 'Filter: words that a row must have';
  const filters = heads.map((head, i) => {
    const filter = input('search', `filter ${head.textContent}`);
    filter.placeholder = isNumber[i] ? '>1m' : '…';
    return filter;
  });

  /** @type {HTMLTableRowElement[]} */
  let waiting = [];
  /** @param {number} most rows to attach behind those that are */
  function attach(most) {
    body?.append(...waiting.splice(0, most));
  }

  function show() {
    const words = search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const conditions = filters.map((filter, i) => condition(filter.value, isNumber[i] === true));
    scroll?.scrollTo({ top: 0 });
    const shown = rows().filter(
      (row) => words.every((word) => row.all.includes(word)) && conditions.every((test, i) => !test || test(row, i)),
    );
    const order = sort;
    if (order !== undefined) {
      shown.sort((a, b) => {
        const [x, y] = [a.keys[order.column] ?? '', b.keys[order.column] ?? ''];
        // Nothing comes last, whichever way.
        if (x === '' || y === '') return Number(x === '') - Number(y === '') || a.place - b.place;
        const difference = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(`${x}`, `${y}`);
        return difference * order.direction || a.place - b.place;
      });
    }
    waiting = shown.map(({ tr }) => tr);
    body?.replaceChildren();
    attach(step);
    if (count) count.textContent = shown.length === rows().length ? said : `${shown.length} of ${rows().length} rows.`;
  }

  let isDue = false;
  function showSoon() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      show();
    });
  }

  for (const [column, head] of heads.entries()) {
    if (head.dataset.order === 'none') continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    button.addEventListener('click', () => {
      const isAscending = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', isAscending ? 'descending' : 'ascending');
      sort = { column, direction: isAscending ? -1 : 1 };
      show();
    });
    const filter = filters[column];
    head.append(button, ...(filter === undefined ? [] : [filter]));
    filter?.addEventListener('input', showSoon);
  }
  search.addEventListener('input', showSoon);
  const tools = document.createElement('div');
  tools.className = 'tools';
  const label = document.createElement('label');
  const exact = input('checkbox', 'exact values');
  exact.addEventListener('change', () => {
    for (const { tr } of rows()) {
      for (const element of tr.querySelectorAll('data[title], time[title]')) {
        const shown = element.textContent ?? '';
        element.textContent = element.getAttribute('title');
        element.setAttribute('title', shown);
      }
    }
  });
  label.append(exact, ' exact values');
  tools.append(search, label);
  scroll.before(tools);
  // A browser lays out a few hundred rows at once; more follow as the end of them comes near, and all for a printer.
  const end = document.createElement('div');
  scroll.append(end);
  new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && attach(step), {
    root: scroll,
    rootMargin: '800px',
  }).observe(end);
  addEventListener('beforeprint', () => attach(Number.POSITIVE_INFINITY));
  if (body.rows.length > 2 * step) show();
}

/** @param {string} link */
async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    // Pages without HTTPS have no clipboard of their own.
    const field = document.createElement('textarea');
    field.value = link;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}

for (const table of document.querySelectorAll('table.rows')) enliven(/** @type {HTMLTableElement} */ (table));
/** A page may be looked at long after it was made. */
function showAges() {
  const hour = 3_600_000;
  const words = new Intl.RelativeTimeFormat('en');
  for (const time of document.querySelectorAll('.facts time')) {
    const hours = Math.floor((Date.now() - Date.parse(/** @type {HTMLTimeElement} */ (time).dateTime)) / hour);
    if (hours >= 1)
      time.after(
        hours < 48 ? ` (${words.format(-hours, 'hour')})` : ` (${words.format(-Math.floor(hours / 24), 'day')})`,
      );
  }
}

showAges();
document.documentElement.classList.remove('starting');
document.addEventListener('click', async ({ target }) => {
  if (!(target instanceof HTMLElement) || target.dataset.copy === undefined) return;
  await copy(target.dataset.copy);
  target.classList.add('done');
  setTimeout(() => target.classList.remove('done'), 1500);
});
