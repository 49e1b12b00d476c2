import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { hasBrowser, sharedBrowser } from '../helpers/browser.ts';
import { run } from '../helpers/cli.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

describe.skipIf(!hasBrowser)(`a page of 5,000 rows${hasBrowser ? '' : ' (needs Chromium)'}`, () => {
  const count = 5_000;
  const many = Array.from({ length: count }, (_, index) => ({
    contract_id: index + 1,
    row: { title: `lot ${index + 1}`, price: 1_000_000 + index },
  }));
  const market = sharedMarket(sqlite, many);
  const openFile = sharedBrowser();

  it('lays out a few hundred at once, finds any, and prints all', async () => {
    const { stdout } = await run([
      'query',
      '--limit',
      '0',
      '--sort',
      'contract_id',
      '--format',
      'html',
      '--database-url',
      market().database.url,
    ]);
    const file = join(temporaryFolder(), 'page.html');
    writeFileSync(file, stdout);
    const { page, complaints } = await openFile(file);
    const rows = page.locator('.rows tbody tr');
    expect(await page.locator('.count').textContent()).toBe('5000 rows.');
    expect(await rows.count()).toBeLessThanOrEqual(400);
    await page.getByRole('searchbox', { name: 'filter title' }).fill('lot 4999');
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole('searchbox', { name: 'filter title' }).fill('');
    await expect.poll(() => rows.count()).toBeGreaterThan(100);
    const before = await rows.count();
    await page.evaluate(`document.querySelector('.scroll').scrollTo(0, 1e9)`);
    await expect.poll(() => rows.count()).toBeGreaterThan(before);
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await rows.count()).toBe(count);
    expect(complaints).toEqual([]);
  });
});
