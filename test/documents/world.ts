import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import SqliteClient from 'better-sqlite3';
import { startStandInEsi } from '../fake-esi/server.ts';
import { exportOf, zipOf } from '../helpers/static-export.ts';
import { rifterFit } from './fit.ts';

/** The environment of a document's reader: a home directory with a database, saved views, and a stand-in ESI. */
export interface DocumentsWorld {
  newHome(): Home;
  /** A command with the stand-in's address instead of a public server's. */
  reachable(command: string): string;
  close(): Promise<void>;
}

export interface Home {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  write(file: string, text: string): void;
}

const executable = join(import.meta.dirname, '../../bin/hangarbay.js');
const [rifter, rifterBlueprint] = [587, 691];
const [theForge, jita, amarr] = [10000002, 60003760, 60008494];
const day = 86_400_000;

/** Two passes over the same drawn contracts each time, with ten days of Rifters that came and went. */
export async function openDocumentsWorld(): Promise<DocumentsWorld> {
  const root = mkdtempSync(join(tmpdir(), 'hangarbay-documents-'));
  const template = join(root, 'template');
  const esi = await startStandInEsi({ contracts: 500, lifetimes: { list: 2 } });
  const homes = { count: 0 };

  function environmentOf(folder: string) {
    return {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      HOME: folder,
      LANG: 'C.UTF-8',
      HANGARBAY_ESI_URL: esi.url,
      HANGARBAY_CONTACT: 'you@example.com',
      HANGARBAY_DOWNTIME: 'none',
    };
  }

  const write = (folder: string, file: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text, { mode });
  };

  write(template, 'bin/hangarbay', `#!/bin/sh\nexec "${process.execPath}" "${executable}" "$@"\n`, 0o755);
  write(template, 'rifter.txt', rifterFit);
  writeFileSync(join(template, 'static-data.zip'), await zipOf(exportOf(esi.universe)));
  const hangarbay = (...args: string[]) =>
    promisify(execFile)(process.execPath, [executable, ...args], { env: environmentOf(template) });

  const ships = Array.from({ length: 40 }, (_, index) =>
    esi.world.add({
      region_id: theForge,
      type: 'item_exchange',
      title: index % 3 === 0 ? 'Rifter' : '',
      price: 450_000 + ((index * 73) % 40) * 9_000,
      reward: 0,
      volume: 27_289,
      start_location_id: jita,
      end_location_id: jita,
      items: [{ type_id: rifter, quantity: 1, is_included: true }],
    }),
  );
  esi.world.add({
    region_id: theForge,
    type: 'item_exchange',
    title: 'Rifter BPC 10/20',
    price: 3_000_000,
    start_location_id: jita,
    end_location_id: jita,
    items: [
      {
        type_id: rifterBlueprint,
        quantity: 1,
        is_included: true,
        is_blueprint_copy: true,
        runs: 10,
        material_efficiency: 10,
        time_efficiency: 20,
      },
    ],
  });
  const typeNamed = (name: string) => {
    const type = [...esi.universe.types.values()].find((each) => each.name === name);
    if (type === undefined) throw new Error(`the stand-in has no type ${name}`);
    return type.type_id;
  };
  const stack = (name: string, quantity = 1, is_included = true) => ({
    type_id: typeNamed(name),
    quantity,
    is_included,
  });
  const here = { region_id: theForge, start_location_id: jita, end_location_id: jita };
  const exchange = { ...here, type: 'item_exchange', reward: 0 } as const;
  const fitted = ['Rifter', 'Gyrostabilizer II', '1MN Afterburner II', '200mm AutoCannon II'].map((name) =>
    stack(name),
  );
  esi.world.add({ ...exchange, title: 'Rifter, fitted', price: 4_200_000, items: fitted });
  esi.world.add({ ...exchange, title: 'minerals', price: 90_000, items: [stack('Tritanium', 20_000)] });
  esi.world.add({
    ...exchange,
    title: 'WTB trit',
    price: 0,
    reward: 400_000,
    items: [stack('Tritanium', 90_000, false)],
  });
  for (const [volume, reward] of [
    [9_000, 4_000_000],
    [62_500, 12_000_000],
    [320_000, 25_000_000],
  ]) {
    const terms = { volume, reward, collateral: 500_000_000, price: 0, days_to_complete: 3, title: '' };
    esi.world.add({ ...here, type: 'courier', end_location_id: amarr, ...terms });
  }
  esi.world.add({ ...exchange, title: '10x Caracal', price: 9_000_000, items: [stack('Caracal')] });
  await hangarbay('migrate');
  await hangarbay('import', 'sde', join(template, 'static-data.zip'));
  await hangarbay('aggregate');
  const gone = ships.slice(0, 32).map(({ contract }) => contract.contract_id);
  for (const id of gone) esi.world.complete(id);
  for (const { contract } of esi.world.list().slice(0, 12)) esi.world.remove(contract.contract_id);
  esi.world.addMany(20);
  esi.clock.advance(2_000);
  esi.world.regenerate();
  await listsExpire();
  await hangarbay('aggregate');
  await listsExpire();
  spread(join(template, '.local/share/hangarbay/hangarbay.db'), gone);

  return {
    newHome() {
      homes.count += 1;
      const folder = join(root, `home${homes.count}`);
      cpSync(template, folder, { recursive: true });
      return {
        folder,
        environment: environmentOf(folder),
        write: (file, text) => write(folder, file, text),
      };
    },
    reachable: (command) => command.replace(/import sde(?= --|$)/m, 'import sde "$HOME/static-data.zip"'),
    async close() {
      await esi.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Waits until the next pass finds that every list has expired. */
const listsExpire = () => new Promise((resolve) => setTimeout(resolve, 2_500));

/**
 * Spreads the departures of contracts over noons of the previous days, four a day: a history that no test could wait
 * for.
 */
function spread(database: string, ids: readonly number[]): void {
  if (!existsSync(database)) throw new Error(`${database} is missing`);
  const client = new SqliteClient(database);
  const update = client.prepare('UPDATE contracts SET gone_at = ? WHERE contract_id = ? AND gone_at IS NOT NULL');
  for (const [index, id] of ids.entries()) {
    const date = new Date(Date.now() - day * (1 + Math.floor(index / 4))).toISOString().slice(0, 10);
    update.run(`${date}T12:00:00Z`, id);
  }
  client.close();
}
