import { copyFileSync, existsSync, globSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/parquet/tables.ts';
import { tables } from '../../src/store/bulk/tables.ts';
import { type Backing, backings, newMigratedDatabase, openTestStore, sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { fill, inHours } from '../helpers/contracts.ts';
import { askLake } from '../helpers/lake.ts';
import { market } from '../helpers/market.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const old = { contract_id: 90, row: { date_issued: '2025-12-31T23:59:59Z', date_expired: inHours(24), price: 0.1 } };
const older = { contract_id: 80, row: { date_issued: '2025-11-01T00:00:00Z', date_expired: inHours(24) } };

/** A database with contracts of several months, and a folder for its files. */
async function openLake(backing: Backing) {
  const { store, close, database } = await openTestStore(backing);
  await fill(store, [...market, { ...old, isGone: true, items: [{ type_id: 34 }] }, { ...older, isGone: true }]);
  await close();
  const folder = join(temporaryFolder(), 'lake');
  const environment = { HANGARBAY_DATABASE_URL: database.url };
  const exported = async () => {
    const ended = await run(['export', 'parquet', folder, '--json'], environment);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(ended.stdout) as { readonly files_written: number; readonly files_removed: number };
  };
  return { database, folder, environment, exported };
}

const lastOf = (folder: string, month: string) =>
  statSync(join(folder, `contract_items/issued_month=${month}/contract_items.parquet`)).ino;

describe('hangarbay export parquet', () => {
  it.each(backings)('writes what DuckDB reads as the database has it, on $name', async (backing) => {
    const { folder, environment, exported } = await openLake(backing);
    await exported();
    const fields = 'contract_id,type,title,price,volume,for_corporation,issuer_id,date_issued,date_expired,gone_at';
    const all = ['--state', 'all', '--limit', '0', '--sort', 'contract_id', '--format', 'ndjson'];
    const answer = await run(['query', ...all, '--fields', fields], environment);
    const instants = ['date_issued', 'date_expired', 'gone_at'];
    const list = fields
      .split(',')
      .map((name) =>
        instants.includes(name) ? `strftime(make_timestamp(epoch_us(${name})), '%Y-%m-%dT%H:%M:%SZ') AS ${name}` : name,
      );
    expect(await askLake(folder, `SELECT ${list.join(', ')} FROM {contracts} ORDER BY contract_id`)).toEqual(
      answer.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    const items = await run(['query', 'contracts', ...all, '--items'], environment);
    const counts = items.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { contract_id: number; items: { quantity: number }[] })
      .map(({ contract_id, items }) => ({ contract_id, quantity: items.reduce((sum, item) => sum + item.quantity, 0) }))
      .filter(({ quantity }) => quantity > 0);
    expect(
      await askLake(
        folder,
        'SELECT contract_id, sum(quantity)::BIGINT AS quantity FROM {contract_items} GROUP BY 1 ORDER BY 1',
      ),
    ).toEqual(counts);
    expect(await askLake(folder, 'SELECT count(*) AS types FROM {types}')).not.toEqual([{ types: 0 }]);
  });

  it('has true types and the months as partitions', async () => {
    const { folder, exported } = await openLake(sqlite);
    await exported();
    const described = await askLake(
      folder,
      'SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {contracts})',
    );
    const types = Object.fromEntries(described.map(({ column_name, column_type }) => [column_name, column_type]));
    expect(types).toMatchObject({
      contract_id: 'BIGINT',
      price: 'DOUBLE',
      for_corporation: 'BOOLEAN',
      date_issued: 'TIMESTAMP WITH TIME ZONE',
      title: 'VARCHAR',
      issued_month: 'VARCHAR',
    });
    const months = await askLake(folder, 'SELECT contract_id, issued_month FROM {contracts} WHERE contract_id < 100');
    expect(months.toSorted((a, b) => Number(a.contract_id) - Number(b.contract_id))).toEqual([
      { contract_id: 80, issued_month: '2025-11' },
      { contract_id: 90, issued_month: '2025-12' },
    ]);
  });

  it.each(backings)(
    'writes only the months that changed, and removes those that are gone, on $name',
    async (backing) => {
      const { folder, environment, exported } = await openLake(backing);
      const first = await exported();
      const before = lastOf(folder, '2025-12');
      const [abandoned, underWay] = ['.a.new', '.b.new'].map((name) => join(folder, 'types', name)) as [string, string];
      for (const path of [abandoned, underWay]) writeFileSync(path, 'PAR1');
      utimesSync(abandoned, 0, 0);
      const second = await exported();
      expect([existsSync(abandoned), existsSync(underWay)]).toEqual([false, true]);
      // The tables of reference data are written each time.
      expect(second.files_written).toBeLessThan(first.files_written);
      expect(lastOf(folder, '2025-12')).toBe(before);
      expect(await run(['prune', '--gone-before', inHours(0)], environment)).toMatchObject({ code: 0 });
      expect((await exported()).files_removed).toBeGreaterThan(0);
      expect(existsSync(join(folder, 'contract_items/issued_month=2025-12'))).toBe(false);
      expect(await askLake(folder, 'SELECT contract_id FROM {contracts} WHERE gone_at IS NOT NULL')).toEqual([]);
    },
  );

  it('touches no files of another database, or of another program', async () => {
    const { folder, exported } = await openLake(sqlite);
    await exported();
    const other = { HANGARBAY_DATABASE_URL: (await newMigratedDatabase(sqlite)).url };
    expect(await run(['export', 'parquet', folder], other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('another database'),
    });
    const [theirs = ''] = globSync('types/*.parquet', { cwd: folder });
    const elsewhere = temporaryFolder();
    mkdirSync(join(elsewhere, 'types'));
    copyFileSync(join(folder, theirs), join(elsewhere, theirs));
    writeFileSync(join(elsewhere, 'types/mine.parquet'), 'PAR1 and so on');
    expect(await run(['export', 'parquet', elsewhere], other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('mine.parquet was not written by hangarbay'),
    });
  });

  it('does not take an unreadable file for one of another program', async () => {
    const { folder, environment } = await openLake(sqlite);
    mkdirSync(join(folder, 'types/odd.parquet'), { recursive: true });
    expect(await run(['export', 'parquet', folder], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EISDIR'),
    });
  });

  it('says which folder cannot be written', async () => {
    const { environment } = await openLake(sqlite);
    expect(await run(['export', 'parquet', '/dev/null/lake'], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot write /dev/null/lake'),
    });
  });

  it('knows of each table whether it goes there', () => {
    expect(tables.filter(({ name }) => placeOf(name) === undefined)).toEqual([]);
  });
});
