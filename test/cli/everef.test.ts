import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { newReadyUser } from '../end-to-end/user.ts';
import { archiveOf, type GivenArchive, tarOf } from '../helpers/archive.ts';
import { backings, newMigratedDatabase, openTestStore, sqlite, type TestDatabase } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { contractRow, forge, itemRow, type Row } from '../helpers/esi-rows.ts';
import { serveFiles } from '../helpers/file-server.ts';
import { backlogIn, contractsIn, itemsIn, rowsFrom } from '../helpers/tables.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const first = { scrape_start: '2026-03-01T12:00:05Z', scrape_end: '2026-03-01T12:04:10Z' };
const second = { scrape_start: '2026-03-01T12:30:05Z', scrape_end: '2026-03-01T12:34:10Z' };
const third = { scrape_start: '2026-03-01T13:00:05Z', scrape_end: '2026-03-01T13:04:10Z' };

const listed = (contract_id: number, given: Row = {}): Row => ({
  ...contractRow({ contract_id, ...given }),
  http_last_modified: '2026-03-01T11:55:00Z',
  region_id: forge,
  system_id: 30_000_142,
});
const held = (contract_id: number, given: Row = {}): Row => ({
  ...itemRow({ record_id: contract_id * 10, ...given }),
  contract_id,
});
const many = Array.from({ length: 30 }, (_, index) => 1_000 + index);

const base: GivenArchive = {
  ...first,
  files: {
    contract_items: [...many.map((id) => held(id)), held(1), held(1), held(2, { record_id: 21, item_id: 77 })],
    contracts: [
      ...many.map((id) => listed(id)),
      listed(1, { title: 'a "quoted", title\nin two lines', price: 12.5 }),
      listed(2, { type: 'auction', buyout: 900, for_corporation: true }),
      listed(3, { type: 'courier', price: undefined }),
    ],
    contract_bids: [{ amount: 5e6, bid_id: 9, date_bid: '2026-03-01T11:00:00Z', contract_id: 2 }],
    contract_dynamic_items: [
      { created_by: 91, mutator_type_id: 47_701, source_type_id: 527, item_id: 77, contract_id: 2 },
    ],
    contract_dynamic_items_dogma_attributes: [{ attribute_id: 54, value: 11_500.25, contract_id: 2, item_id: 77 }],
    contract_dynamic_items_dogma_effects: [],
    contract_non_dynamic_items: [],
  },
};

const without = ({ files, ...times }: GivenArchive, gone: number, later = {}): GivenArchive => ({
  ...times,
  ...later,
  files: { ...files, contracts: (files.contracts ?? []).filter(({ contract_id }) => contract_id !== gone) },
});

async function fileOf(given: GivenArchive, name = 'public-contracts-latest.v2.tar.bz2', folder = temporaryFolder()) {
  const path = join(folder, name);
  writeFileSync(path, await archiveOf(given));
  return path;
}

interface Told {
  readonly archives: readonly Row[];
}

async function imported(database: TestDatabase, ...sources: string[]): Promise<Told['archives']> {
  const ended = await run(['import', 'everef', ...sources, '--json'], { HANGARBAY_DATABASE_URL: database.url });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return (JSON.parse(ended.stdout) as Told).archives;
}

describe.each(backings)('hangarbay import everef on $name', (backing) => {
  it('takes in contracts with items, bids and rolls, at the time of the archive', async () => {
    const database = await newMigratedDatabase(backing);
    const counts = {
      contracts_listed: 33,
      contracts_stored: 33,
      items_stored: 32,
      contracts_waiting: 0,
      bids: 1,
      rolls: 1,
    };
    expect(await imported(database, await fileOf(base))).toMatchObject([{ outcome: 'imported', ...counts }]);
    const [one, two, three] = await contractsIn(database);
    const sight = {
      region_id: forge,
      first_seen_at: first.scrape_start,
      last_seen_at: first.scrape_start,
      gone_at: null,
    };
    expect(one).toMatchObject({ contract_id: 1, price: 12.5, title: 'a "quoted", title\nin two lines', ...sight });
    expect(two).toMatchObject({ contract_id: 2, type: 'auction', buyout: 900, item_count: 1 });
    expect(three).toMatchObject({ contract_id: 3, price: null, item_count: 0 });
    expect(await itemsIn(database)).toHaveLength(32);
    expect(
      await rowsFrom(
        database,
        sql`SELECT item_id, type_id, contract_id, created_by, value FROM rolls
      JOIN roll_attributes USING (item_id)`,
      ),
    ).toEqual([{ item_id: 77, type_id: 587, contract_id: 2, created_by: 91, value: 11_500.25 }]);
  });

  it('reads archives in the order of their time, and none twice', async () => {
    const database = await newMigratedDatabase(backing);
    const folder = temporaryFolder();
    await fileOf(without(base, 1, second), 'public-contracts-2026-03-01_12-30-05.v2.tar.bz2', folder);
    await fileOf(base, 'public-contracts-2026-03-01_12-00-05.v2.tar.bz2', folder);
    expect(await imported(database, folder)).toMatchObject([
      { scrape_start: first.scrape_start, contracts_stored: 33 },
      { scrape_start: second.scrape_start, contracts_stored: 0, contracts_gone: 1 },
    ]);
    const [one, two] = await contractsIn(database);
    expect(one).toMatchObject({ gone_at: second.scrape_end, outcome: 'unknown', last_seen_at: first.scrape_start });
    expect(two).toMatchObject({ gone_at: null, last_seen_at: second.scrape_start });
    const before = await rowsFrom(database, sql`SELECT * FROM contract_changes ORDER BY change_id`);
    expect(await imported(database, folder)).toMatchObject([{ outcome: 'up_to_date' }, { outcome: 'up_to_date' }]);
    const between = { scrape_start: '2026-03-01T12:15:00Z', scrape_end: '2026-03-01T12:16:00Z' };
    expect(await imported(database, await fileOf({ ...base, ...between }))).toMatchObject([{ outcome: 'older' }]);
    expect(await rowsFrom(database, sql`SELECT * FROM contract_changes ORDER BY change_id`)).toEqual(before);
  });

  it('stores whole contracts only; others wait for a pass, and a bad row hides no other', async () => {
    const database = await newMigratedDatabase(backing);
    const contracts = [
      ...(base.files.contracts ?? []),
      listed(4),
      listed(5),
      { ...listed(6), date_expired: 'soon' },
      { ...listed(7), region_id: '' },
    ];
    const contract_items = [...(base.files.contract_items ?? []), { ...held(5), quantity: 'many' }];
    const given = { ...third, files: { ...base.files, contracts, contract_items } };
    expect(await imported(database, await fileOf(given))).toMatchObject([
      { contracts_stored: 33, contracts_waiting: 2, contracts_quarantined: 1, rows_unusable: 1 },
    ]);
    expect(await backlogIn(database)).toMatchObject([
      { backlog_key: 'contract:4', status: 'deferred', attempts: 0 },
      { backlog_key: 'contract:5', status: 'quarantined', attempts: 1 },
      { status: 'quarantined', contract_id: 6 },
    ]);
  });

  it('doubts an archive that lacks most of a region', async () => {
    const database = await newMigratedDatabase(backing);
    await imported(database, await fileOf(base));
    const contracts = (base.files.contracts ?? []).slice(0, 3);
    const poor = { ...second, files: { ...base.files, contracts } };
    expect(await imported(database, await fileOf(poor))).toMatchObject([{ contracts_gone: 0 }]);
    expect(await imported(database, await fileOf({ ...poor, ...third }))).toMatchObject([{ contracts_gone: 30 }]);
  });
});

describe('hangarbay import everef', () => {
  it('leaves the next pass to ask for what is new', async () => {
    const user = await newReadyUser(sqlite, { plainContracts: 9 });
    await user.aggregate();
    const [, ...source] = await user.contracts();
    const database = await newMigratedDatabase(sqlite);
    const files = {
      contracts: source.map((contract) => ({ ...contract, items: undefined, bids: undefined })),
      contract_items: source.flatMap(({ contract_id, items }) =>
        (items as unknown as Row[]).map((item) => ({ ...item, contract_id })),
      ),
    };
    const [summary] = await imported(database, await fileOf({ ...first, files }));
    expect(summary).toMatchObject({ contracts_stored: 8, contracts_waiting: 0 });
    user.esi.requests.clear();
    const environment = { ...user.environment, HANGARBAY_DATABASE_URL: database.url };
    expect(await run(['aggregate'], environment)).toMatchObject({ code: 0, stderr: '' });
    expect(user.esi.requests.count({ route: 'items' })).toBe(1);
  });

  it('reads what an index lists, and the newest of a given address', async () => {
    const name = 'public-contracts-2026-03-01_12-00-05.v2.tar.bz2';
    const bytes = Buffer.from(await archiveOf(base));
    const files: Record<string, Buffer> = { [`/day/${name}`]: bytes };
    const { url } = await serveFiles(files);
    files['/day/index.json'] = Buffer.from(
      JSON.stringify([
        { name: 'public-contracts-2026-03-01_12-00-05.v1.txt', url: `${url}/day/other`, type: 'file' },
        { name, url: `${url}/day/${name}`, size: bytes.length, type: 'file' },
      ]),
    );
    const database = await newMigratedDatabase(sqlite);
    expect(await imported(database, `${url}/day/index.json`)).toMatchObject([{ contracts_stored: 33 }]);
    expect(await imported(database, `${url}/day/${name}`)).toMatchObject([{ outcome: 'up_to_date' }]);
  });

  it('reads the index of a folder and of the folders below it, and downloads no archive a second time', async () => {
    const times = ['2026-03-01_12-00-05', '2026-03-01_12-30-05', '2026-03-02_12-00-05'];
    const served: Record<string, Buffer> = {};
    const { url, requests } = await serveFiles(served);
    const indexOf = (path: string, files: readonly string[], directories: readonly string[]) => {
      const listed = {
        files: files.map((name) => ({ name, url: `${url}/${path}/${name}`, size: 1, etag: '"a"' })),
        directories: directories.map((name) => ({ name, index_url: `${url}/${path}/${name}//index.json` })),
      };
      // EVE Ref leaves out what is empty.
      const filled = Object.fromEntries(Object.entries(listed).filter(([, entries]) => entries.length > 0));
      served[`/${path}/index.json`] = Buffer.from(JSON.stringify({ path, ...filled }));
      served[`/${path}//index.json`] = served[`/${path}/index.json`] ?? Buffer.of();
    };
    for (const time of times) {
      const scrape_start = `${time.slice(0, 10)}T${time.slice(11).replaceAll('-', ':')}Z`;
      const day = `history/2026/${time.slice(0, 10)}`;
      const name = `public-contracts-${time}.v2.tar.bz2`;
      served[`/${day}/${name}`] = Buffer.from(await archiveOf({ ...base, scrape_start, scrape_end: scrape_start }));
    }
    indexOf('history', [], ['2026']);
    indexOf('history/2026', ['totals.json'], ['2026-03-02', '2026-03-01']);
    for (const day of ['2026-03-01', '2026-03-02']) {
      const names = times.filter((time) => time.startsWith(day)).map((time) => `public-contracts-${time}.v2.tar.bz2`);
      indexOf(`history/2026/${day}`, names.toReversed(), []);
    }
    const database = await newMigratedDatabase(sqlite);

    const first = await imported(database, `${url}/history/index.json`);

    expect(first.map(({ outcome }) => outcome)).toEqual(['imported', 'imported', 'imported']);
    expect(first.map(({ scrape_start }) => scrape_start)).toEqual([
      '2026-03-01T12:00:05Z',
      '2026-03-01T12:30:05Z',
      '2026-03-02T12:00:05Z',
    ]);
    const downloads = () => requests.filter(({ path }) => path.endsWith('.tar.bz2')).length;
    expect(downloads()).toBe(3);
    const again = await imported(database, `${url}/history/index.json`);
    expect(again.map(({ outcome }) => outcome)).toEqual(['up_to_date', 'up_to_date', 'up_to_date']);
    expect(downloads()).toBe(3);
  });

  it('says what is wrong with its source, and stores nothing of it', async () => {
    const database = await newMigratedDatabase(sqlite);
    const folder = temporaryFolder();
    const whole = await archiveOf(base);
    const bad: [name: string, bytes: Uint8Array | string, problem: string][] = [
      ['cut.tar.bz2', whole.subarray(0, -200), 'to its end: '],
      ['text.tar.bz2', 'hello', 'to its end: '],
      ['empty.tar.bz2', '', 'not an archive of public contracts'],
      ['other.tar.bz2', await tarOf([['readme.txt', 'hello']]), 'not an archive of public contracts'],
      ['times.tar.bz2', await archiveOf({ ...base, scrape_start: 'noon' }), 'not an archive of public contracts'],
    ];
    const emptied = { ...base, files: { ...base.files, contracts: [] } };
    const renamed = { ...base.files, contracts: [{ contract: 1, region: forge }] };
    const unusable = { ...base.files, contracts: [{ contract_id: 1, region_id: 'Forge' }] };
    const itemless = { ...base.files, contract_items: [{ contract: 1, type_id: 34 }] };
    const lists: [name: string, given: GivenArchive, problem: string][] = [
      ['emptied.tar.bz2', emptied, 'contracts.csv has no contracts'],
      ['renamed.tar.bz2', { ...base, files: renamed }, 'contracts.csv lacks the column region_id'],
      ['unusable.tar.bz2', { ...base, files: unusable }, 'contracts.csv has no contracts'],
      ['itemless.tar.bz2', { ...base, files: itemless }, 'contract_items.csv lacks the column contract_id'],
    ];
    for (const [name, given, problem] of lists) bad.push([name, await archiveOf(given), problem]);
    for (const [name, bytes, problem] of bad) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      const ended = await run(['import', 'everef', path], { HANGARBAY_DATABASE_URL: database.url });
      expect(ended, name).toMatchObject({ code: 2, stderr: expect.stringContaining(problem) });
    }
    const missing = await run(['import', 'everef', '/no/such'], { HANGARBAY_DATABASE_URL: database.url });
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot read /no/such') });
    expect(await contractsIn(database)).toEqual([]);
  });

  it('waits for no pass that is under way', async () => {
    const { database } = await openTestStore(sqlite);
    const ended = await run(['import', 'everef', await fileOf(base)], { HANGARBAY_DATABASE_URL: database.url });
    expect(ended.code).toBe(11);
  });
});
