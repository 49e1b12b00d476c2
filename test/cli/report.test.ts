import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/store/sqlite/lock.ts';
import type { Store } from '../../src/store/store.ts';
import { postgreSql, sqlite } from '../helpers/backings.ts';
import { run, start } from '../helpers/cli.ts';
import { inHours } from '../helpers/contracts.ts';
import { market as contracts } from '../helpers/market.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

/** The site at a path: its files with their texts. */
function siteAt(path: string): Record<string, string> {
  return Object.fromEntries(readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]));
}

/** The visible files next to the sites, without the ids in the names of their folders. */
const beside = (folder: string) =>
  readdirSync(folder)
    .map((name) => name.replace(/[0-9a-f-]{36}/, 'ID'))
    .toSorted();

/** The ledger row of a pass, which dates a report. */
async function addPass(store: Store): Promise<void> {
  const run = { run_id: randomUUID(), started_at: inHours(-1), host: 'h', process_id: 1, version: '0.1.0' };
  await store.openRun(run);
  await store.closeRun({
    run_id: run.run_id,
    finished_at: inHours(-0.9),
    outcome: 'complete',
    exit_code: 0,
    error: null,
  });
}

describe('hangarbay report', () => {
  const market = sharedMarket(sqlite, contracts, addPass);

  function user(views: Readonly<Record<string, readonly string[]>> = {}) {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'config/hangarbay'), { recursive: true });
    writeFileSync(join(folder, 'config/hangarbay/views.json'), JSON.stringify(views));
    mkdirSync(join(folder, 'www'));
    const out = join(folder, 'www/site');
    const environment = { XDG_CONFIG_HOME: join(folder, 'config'), HANGARBAY_DATABASE_URL: market().database.url };
    return {
      out,
      www: join(folder, 'www'),
      environment,
      start: (...args: string[]) => start(['report', '--out', out, ...args], environment),
      report: (...args: string[]) => run(['report', '--out', out, ...args], environment),
    };
  }

  it('has a front page that leads to pages of ships, blueprints, couriers, prices and every view', async () => {
    const { report, out } = user({ cheap: ['contracts', '--ships', '--max-price', '10m'] });
    const ended = await report('--prices', 'Rifter Blueprint', '--json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const files = ['ships', 'blueprints', 'couriers', 'prices-rifter-blueprint', 'view-cheap', 'index'];
    const { pages } = JSON.parse(ended.stdout) as { pages: { file: string; bytes: number }[] };
    expect(pages.map(({ file }) => file)).toEqual(files.map((name) => `${name}.html`));
    const site = siteAt(out);
    expect(Object.keys(site).toSorted()).toEqual(pages.map(({ file }) => file).toSorted());
    const links = [...(site['index.html'] ?? '').matchAll(/href="([^"]+\.html)"/g)].map(([, href]) => href);
    expect(links).toEqual(pages.map(({ file }) => file).filter((file) => file !== 'index.html'));
    for (const { file, bytes } of pages) expect(Buffer.byteLength(site[file] ?? '')).toBe(bytes);
    expect(site['view-cheap.html']).toContain('hangarbay query contracts --ships --max-price 10m');
    expect(site['index.html']?.replace(/.*<h2>Came/s, '')).toContain(
      '13 contracts appeared; 2 gone (1 expired, 1 unknown); 1 got bids',
    );
  });

  it('has the views that are named, and no others, next to the standard pages', async () => {
    const views = { one: ['ships'], two: ['types'], seen: ['changes', '--since', 'last'] };
    const { report, out } = user(views);
    expect(await report('@two')).toMatchObject({ code: 0, stderr: '' });
    const files = ['blueprints', 'couriers', 'index', 'ships', 'view-two'].map((name) => `${name}.html`);
    expect(Object.keys(siteAt(out)).toSorted()).toEqual(files);
    expect(await report('@none')).toMatchObject({ code: 2, stderr: expect.stringContaining('is unknown') });
    const mistyped = { code: 2, stderr: expect.stringContaining('--prices: type') };
    expect(await report('--prices', 'Riftr')).toMatchObject(mistyped);
    expect(await report('two')).toMatchObject({ code: 2, stderr: expect.stringContaining('views begin with @') });
    expect(await report('@seen')).toMatchObject({ code: 2, stderr: expect.stringContaining('--since last') });
  });

  it('leaves out a view that cannot be a page, and says so', async () => {
    const views = {
      good: ['ships'],
      old: ['contracts', '--no-such'],
      seen: ['changes', '--since', 'last'],
      odd: ['ships', '--region', 'Nowhere'],
    };
    const { report, out } = user(views);
    const { code, stderr } = await report();
    expect(code).toBe(0);
    for (const name of ['old', 'seen', 'odd']) expect(stderr).toContain(`skipped @${name}`);
    expect(Object.keys(siteAt(out)).filter((file) => file.startsWith('view'))).toEqual(['view-good.html']);
  });

  it('the same contents give the same bytes', async () => {
    const { report, out } = user();
    expect(await report('--prices', 'Rifter')).toMatchObject({ code: 0 });
    const first = siteAt(out);
    expect(await report('--prices', 'Rifter')).toMatchObject({ code: 0 });
    expect(siteAt(out)).toEqual(first);
  });

  it('a visitor finds a whole site at all times', async () => {
    const { report, start, out, www } = user();
    await report();
    const running = start();
    let isRunning = true;
    void running.ended.then(() => {
      isRunning = false;
    });
    let visits = 0;
    while (isRunning) {
      for (const text of Object.values(siteAt(out))) expect(text.endsWith('</html>\n')).toBe(true);
      expect(readdirSync(out)).toHaveLength(4);
      visits += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(visits).toBeGreaterThan(1);
    expect((await running.ended).code).toBe(0);
    // The previous site is kept for its visitors; the one before that is removed.
    await report();
    expect(beside(www)).toEqual(['site', 'site.ID', 'site.ID', 'site.lock']);
  });

  it('what a killed report left is removed by the next', async () => {
    const { report, www } = user();
    mkdirSync(join(www, `site.${randomUUID()}`));
    expect(await report()).toMatchObject({ code: 0 });
    expect(beside(www)).toEqual(['site', 'site.ID', 'site.lock']);
  });

  it('replaces nothing that it did not make', async () => {
    const { report, out } = user();
    mkdirSync(out);
    writeFileSync(join(out, 'mine.txt'), 'mine');
    expect(await report()).toMatchObject({ code: 2, stderr: expect.stringContaining('not a site made by report') });
    expect(siteAt(out)).toEqual({ 'mine.txt': 'mine' });
  });

  it('says where it cannot write', async () => {
    const { environment } = user();
    for (const out of ['/proc/no/such/site', '/', '/dev/null/site']) {
      const { code, stderr } = await run(['report', '--out', out], environment);
      expect([1, 2, 13]).toContain(code);
      expect(stderr).toContain(out);
    }
  });

  it('takes the place of an empty folder', async () => {
    const { report, out } = user();
    mkdirSync(out);
    expect(await report()).toMatchObject({ code: 0 });
    expect(readlinkSync(out)).toMatch(/^site\./);
  });

  it('two do not write one site at once', async () => {
    const { report, out, www } = user();
    const lock = await acquireLock(out, 0);
    try {
      expect(await report()).toMatchObject({ code: 11 });
    } finally {
      lock.release();
    }
    expect(beside(www)).toEqual(['site.lock']);
  });
});

describe('the site of a database on PostgreSQL', () => {
  const markets = [sharedMarket(sqlite, contracts, addPass), sharedMarket(postgreSql, contracts, addPass)];

  it('has the same pages', async () => {
    const folder = temporaryFolder();
    const sites: Record<string, string>[] = [];
    for (const [index, market] of markets.entries()) {
      const out = join(folder, `site${index}`);
      const environment = { HANGARBAY_DATABASE_URL: market().database.url };
      expect(await run(['report', '--out', out, '--prices', 'Rifter'], environment)).toMatchObject({ code: 0 });
      sites.push(siteAt(out));
    }
    const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d+ [A-Z][a-z]{2} \d{4}( \d\d:\d\d)?/g;
    const masked = sites.map((site) => JSON.stringify(site).replaceAll(instants, 'THEN'));
    expect(masked[0]).toBe(masked[1]);
    expect(Object.keys(sites[0] ?? {})).toHaveLength(5);
  });
});
