import { describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { sharedMarket } from '../helpers/shared.ts';

const hostile = ['a|b', '<b>&', '`x` [y](javascript:z)', 'tab\there', 'two\nlines', 'back\\slash', '=1+1', '**', 'Ж'];
const contracts = hostile.map((title, index) => ({ contract_id: index + 1, row: { title } }));

describe('formats for other programs', () => {
  const market = sharedMarket(sqlite, contracts);
  const query = (...args: string[]) =>
    run([
      'query',
      '--database-url',
      market().database.url,
      '--fields',
      'contract_id,title',
      '--sort',
      'contract_id',
      ...args,
    ]);

  it('TSV has a row a line and a tab between cells, whatever players write', async () => {
    const { code, stdout } = await query('--format', 'tsv');
    expect(code).toBe(0);
    const unescaped = (text: string) =>
      text.replaceAll(/\\[\\tnr]/g, (code) => ({ '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' })[code] ?? '');
    const [header, ...lines] = stdout.trimEnd().split('\n');
    expect(header).toBe('contract_id\ttitle');
    expect(lines.map((line) => line.split('\t').map(unescaped))).toEqual(
      hostile.map((title, i) => [String(i + 1), title]),
    );
  });

  it('Markdown is a table in which no character of a title means anything', async () => {
    const { code, stdout } = await query('--format', 'markdown');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['| contract&#95;id | title |', '| ---: | --- |']);
    expect(lines).toHaveLength(2 + hostile.length);
    for (const line of lines.slice(2)) expect(line.match(/\|/g)).toHaveLength(3);
    const cells = lines.slice(2).map((line) => line.slice(1, -1).split('|')[1] ?? '');
    for (const cell of cells) expect(cell).not.toMatch(/[<>`[\]*\\]/);
    const read = cells.map((cell) =>
      cell
        .trim()
        .replaceAll(/&#(\d+);|&lt;|&gt;|&amp;/g, (entity, code) =>
          code === undefined
            ? { '&lt;': '<', '&gt;': '>', '&amp;': '&' }[entity as '&lt;']
            : String.fromCodePoint(Number(code)),
        ),
    );
    expect(read.filter((text) => !/\\/.test(text))).toEqual(hostile.filter((text) => !/[\t\n\\]/.test(text)));
  });

  it.each(['table', 'csv', 'tsv', 'markdown'])('%s without a header is the rows alone', async (format) => {
    const [whole, rows] = [await query('--format', format), await query('--format', format, '--no-header')];
    expect(rows.code).toBe(0);
    expect(whole.stdout.endsWith(rows.stdout)).toBe(true);
    expect(rows.stdout).not.toContain('title');
  });

  it('CSV begins with a byte-order mark where it is asked for', async () => {
    const [plain, marked] = [await query('--format', 'csv'), await query('--format', 'csv', '--bom')];
    expect(marked.stdout).toBe(`\uFEFF${plain.stdout}`);
  });

  it.each([
    [['--format', 'json', '--no-header'], '--no-header works with table, csv, tsv, markdown'],
    [['--format', 'tsv', '--bom'], '--bom works with --format csv'],
  ])('a flag of another format is refused: %j', async (args, message) => {
    const { code, stderr } = await query(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('a table is as wide as COLUMNS says, also in a pipe', async () => {
    const environment = { COLUMNS: '50' };
    const { stdout } = await run(['query', '--database-url', market().database.url, '--format', 'table'], environment);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(50);
  });
});
