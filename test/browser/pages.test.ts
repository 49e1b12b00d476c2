import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { type Appearance, hasBrowser, sharedBrowser } from '../helpers/browser.ts';
import { run } from '../helpers/cli.ts';
import { type GivenContract, inHours } from '../helpers/contracts.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { change } from '../helpers/tables.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { places, types } from '../helpers/universe.ts';

const hostileTitles = [
  '<script>window.hacked = 1</script>',
  '"><img src=https://example.com/x.png onerror=window.hacked=1>',
  "' onmouseover='window.hacked=1",
  '</td></tr></table></main><h1>gone</h1>',
  '</script><script>window.hacked=1</script>',
  '<!-- --><style>*{display:none}</style>',
  '&lt;b&gt; &amp;',
  `${'W'.repeat(300)}`,
];

const priced = (contract_id: number, price: number, more: Partial<GivenContract> = {}): GivenContract => ({
  contract_id,
  row: { price, title: `ship ${contract_id}`, start_location_id: places.jitaStation },
  items: [{ type_id: types.rifter }],
  ...more,
});

const contracts: readonly GivenContract[] = [
  ...hostileTitles.map((title, index) => ({
    contract_id: index + 1,
    row: { title, price: index === 0 ? undefined : 1_000_000 * index, issuer_id: 90000001 },
  })),
  priced(101, 900_000),
  priced(102, 8_200_000.25),
  priced(103, 1_250_000_000),
  ...[1, 2, 3, 4].map((n) => priced(200 + n, n * 1_000_000, { isGone: true })),
  ...[1, 2, 3].map((n) => ({
    contract_id: 300 + n,
    row: { type: 'courier', title: hostileTitles[n], reward: n * 1_000_000, volume: 10 ** n, days_to_complete: 3 },
  })),
];

const evil = `"><img src=x onerror=window.hacked=1>`;

/** Noon of a day in the past, which is the same day in every time zone. */
const daysAgo = (days: number) => `${inHours(-24 * days).slice(0, 10)}T12:00:00Z`;

describe.skipIf(!hasBrowser)(`pages in a browser${hasBrowser ? '' : ' (needs Chromium)'}`, () => {
  const market = sharedMarket(sqlite, contracts);
  const hostile = sharedMarket(sqlite, contracts);
  const openFile = sharedBrowser();
  beforeAll(async () => {
    const moves = [1, 2, 3, 4].map(
      (n) =>
        `UPDATE contracts SET gone_at = '${daysAgo(n)}', issuer_id = ${90000000 + n} WHERE contract_id = ${200 + n}`,
    );
    await change(market().database, moves.join(';'));
  });

  async function ask(args: readonly string[], appearance: Appearance = {}) {
    const { code, stdout, stderr } = await run([
      'query',
      ...args,
      '--format',
      'html',
      '--database-url',
      market().database.url,
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: '' });
    const file = join(temporaryFolder(), 'page.html');
    writeFileSync(file, stdout);
    return openFile(file, appearance);
  }

  const questions = [
    ['contracts', '--items', '--flags'],
    ['items'],
    ['ships'],
    ['blueprints'],
    ['couriers'],
    ['prices', '--item', 'Rifter', '--by', 'day'],
    ['prices', '--item', 'Rifter'],
    ['rolls'],
    ['changes'],
    ['types'],
    ['market-groups'],
    ['regions'],
    ['runs'],
  ];
  const appearances = [
    { width: 360, colorScheme: 'light' },
    { width: 1600, colorScheme: 'dark' },
  ] as const;

  it.each(questions.map((words) => ({ asked: words.join(' '), words })))(
    '$asked: whole, quiet, as wide as the screen, light and dark',
    async ({ words }) => {
      const { page, requests, complaints } = await ask(words);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('table.rows thead th').count()).toBeGreaterThan(1);
      const colors = new Set<string>();
      for (const { width, colorScheme } of appearances) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        colors.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      }
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
      expect(colors.size).toBe(2);
    },
  );

  it('player text is text', async () => {
    const { page } = await ask([
      'contracts',
      '--sort',
      'contract_id',
      '--fields',
      'contract_id,title',
      '--type',
      'item_exchange',
    ]);
    const shown = await page.locator('.rows tbody td:nth-child(2)').allTextContents();
    expect(shown.slice(0, hostileTitles.length)).toEqual(hostileTitles);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('img, h1 + h1').count()).toBe(0);
  });

  it('names are text wherever they stand: in cells, heads, charts and lists of choices', async () => {
    const names = [
      `UPDATE names SET name = '${evil}'`,
      `UPDATE locations SET name = '${evil}'`,
      `UPDATE regions SET name = '${evil}' WHERE region_id = 10000002`,
      `UPDATE types SET name = '${evil}' WHERE type_id = ${types.rifter}`,
      `UPDATE groups SET name = '${evil}'`,
    ];
    await change(hostile().database, names.join(';'));
    const environment = { HANGARBAY_DATABASE_URL: hostile().database.url, XDG_CONFIG_HOME: temporaryFolder() };
    const out = join(temporaryFolder(), 'site');
    const asked = ['--out', out, '--prices', String(types.rifter)];
    expect(await run(['report', ...asked], environment)).toMatchObject({ code: 0 });
    const shown = ['--fields', 'contract_id,issuer_name,start_location_name,region_name,items', '--format', 'html'];
    const { stdout } = await run(['query', '--items', ...shown], environment);
    writeFileSync(join(out, 'contracts.html'), stdout);
    const { page, complaints } = await openFile(join(out, 'index.html'));
    for (const file of ['index', 'ships', `prices-${types.rifter}`, 'contracts', 'couriers']) {
      await page.goto(pathToFileURL(join(out, `${file}.html`)).href);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.locator('body').textContent()).toContain('<img src=x');
    }
    expect(complaints).toEqual([]);
  });

  it('the content security policy stops what would run or load', async () => {
    const { page, complaints } = await ask(['contracts']);
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'window.hacked = 1';
      const image = document.createElement('img');
      image.src = 'https://example.com/x.png';
      image.setAttribute('onerror', 'window.hacked = 1');
      document.body.append(script, image);
    }`);
    await expect.poll(() => complaints.length).toBeGreaterThanOrEqual(3);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    for (const complaint of complaints) expect(complaint).toContain('Content Security Policy');
  });

  const ids = (texts: readonly string[]) => texts.map(Number);

  it('sorts by the exact value, either way, with nothing at the end', async () => {
    const { page } = await ask(['contracts', '--fields', 'contract_id,price', '--type', 'item_exchange']);
    const column = page.locator('.rows tbody td:first-child');
    await page.getByRole('button', { name: 'price' }).click();
    expect(ids(await column.allTextContents())).toEqual([101, 2, 3, 4, 5, 6, 7, 8, 102, 103, 1]);
    expect(await page.locator('.rows th').nth(1).getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('button', { name: 'price' }).click();
    expect(ids(await column.allTextContents())).toEqual([103, 102, 8, 7, 6, 5, 4, 3, 2, 101, 1]);
  });

  it('filters by words, by a column, and by amounts', async () => {
    const { page } = await ask(['contracts', '--fields', 'contract_id,title,price', '--sort', 'contract_id']);
    const column = page.locator('.rows tbody td:first-child');
    await page.getByRole('searchbox', { name: 'filter rows' }).fill('SHIP 10');
    await expect.poll(() => column.allTextContents()).toEqual(['101', '102', '103']);
    const price = page.getByRole('searchbox', { name: 'filter price' });
    await price.fill('>=8.2m');
    await expect.poll(() => column.allTextContents()).toEqual(['102', '103']);
    expect(await page.locator('.count').textContent()).toBe('2 of 14 rows.');
    await price.fill('500k..1m');
    await expect.poll(() => column.allTextContents()).toEqual(['101']);
    await price.fill('');
    await page.getByRole('searchbox', { name: 'filter rows' }).fill('');
    await page.getByRole('searchbox', { name: 'filter title' }).fill('onerror');
    await expect.poll(() => column.allTextContents()).toEqual(['2', '301']);
  });

  it('has the exact value at hand, and the link for the game', async () => {
    const { page, complaints } = await ask(['contracts', '--id', '102', '--fields', 'contract_id,price,date_expired']);
    expect(await page.locator('data[title]').getAttribute('title')).toBe('8,200,000.25 ISK');
    expect(await page.locator('td data').textContent()).toBe('8.2m');
    expect(await page.locator('button.copy').getAttribute('data-copy')).toMatch(/^<url=contract:\d+\/\/102>/);
    await page.locator('button.copy').click();
    await expect.poll(() => page.locator('button.copy.done').count()).toBe(1);
    expect(complaints).toEqual([]);
    expect(await page.locator('.rows td time').getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('says what was asked, and how fresh the answer is', async () => {
    const { page } = await ask(['contracts', '--title', 'ship 1', '--max-price', '2m']);
    expect(await page.locator('.question').textContent()).toBe(
      "hangarbay query contracts --max-price 2m --title 'ship 1'",
    );
    expect(await page.locator('.facts time').getAttribute('datetime')).toBe(market().secondSweepAt);
    expect(await page.locator('.facts').textContent()).toContain('(1 hour ago)');
  });

  it('draws prices by day: a dot and a bar for each day, and a median between quartiles', async () => {
    const { page } = await ask(['prices', '--item', 'Rifter', '--by', 'day']);
    expect(await page.locator('.prices .dot').count()).toBe(5);
    expect(await page.locator('.counts .bar').count()).toBe(5);
    expect(await page.locator('.prices .dot title').first().textContent()).toContain('4,000,000.00 ISK, 1 contracts');
    const box = await page.locator('.prices .marks').boundingBox();
    expect(box?.height).toBeGreaterThan(100);
    const [figure, table] = [await page.locator('figure').boundingBox(), await page.locator('.scroll').boundingBox()];
    expect(figure?.y).toBeLessThan(table?.y ?? 0);
  });

  it('draws couriers: reward against volume', async () => {
    const { page } = await ask(['couriers']);
    expect(await page.locator('.scatter .dot').count()).toBe(3);
  });

  it('draws a small line in a row of ships', async () => {
    const { page } = await ask(['ships', '--ship', 'Rifter']);
    const points = await page.locator('.spark polyline').getAttribute('points');
    expect(points?.split(' ')).toHaveLength(4);
  });

  it('a site has a quiet front page, from which its pages and back can be reached', async () => {
    const out = join(temporaryFolder(), 'site');
    const environment = { HANGARBAY_DATABASE_URL: market().database.url, XDG_CONFIG_HOME: temporaryFolder() };
    expect(await run(['report', '--out', out, '--prices', 'Rifter'], environment)).toMatchObject({
      code: 0,
      stderr: '',
    });
    const { page, complaints, requests } = await openFile(join(out, 'index.html'), { width: 360, colorScheme: 'dark' });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    for (const title of ['Ships', 'Blueprints', 'Couriers', 'Prices of Rifter']) {
      await page.getByRole('link', { name: title }).click();
      expect(await page.locator('h1').textContent()).toBe(title);
      await page.getByRole('link', { name: 'All pages' }).click();
      expect(await page.locator('h1').textContent()).toBe('Public contracts');
    }
    expect(complaints).toEqual([]);
  });

  it('prints the rows without the controls', async () => {
    const { page } = await ask(['contracts'], { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.tools').isVisible()).toBe(false);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  });
});
