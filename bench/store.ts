/**
 * The number of contracts, each with its items in one transaction, that a store writes per second: `npm run
 * bench:store`.
 */
import pMap from 'p-map';
import type { DatabaseLocation } from '../src/store/location.ts';
import { migrate, openLocked } from '../src/store/open.ts';
import type { UnitOfWork } from '../src/store/records/pass.ts';
import { machine, onEachDatabase, print } from './databases.ts';

const contracts = Number(process.argv[2] ?? 20_000);
const itemsPerContract = 8;
/** The number of units of work in progress in a pass with the default of 20 requests. */
const concurrency = 80;
const at = '2026-11-01T00:00:00Z';

function unit(index: number): UnitOfWork {
  const items = Array.from({ length: itemsPerContract }, (_, item) => ({
    record_id: 5_260_000_000 + index * itemsPerContract + item,
    type_id: 500 + ((index * 31 + item * 7) % 12_000),
    quantity: 1 + item,
    is_included: true,
    is_blueprint_copy: item % 3 === 0,
    item_id: 1_050_000_000_000 + index * itemsPerContract + item,
    material_efficiency: 10,
    time_efficiency: 20,
    runs: null,
  }));
  const contract = {
    contract_id: 230_000_000 + index,
    type: 'item_exchange',
    title: `contract ${index}`,
    price: index * 1_000.01,
    reward: 0,
    collateral: 0,
    buyout: null,
    volume: 0.01,
    days_to_complete: 0,
    for_corporation: false,
    date_issued: at,
    date_expired: at,
    issuer_id: 2_113_000_000 + (index % 5_000),
    issuer_corporation_id: 98_000_000 + (index % 2_000),
    start_location_id: 60_003_760,
    end_location_id: 60_003_760,
  };
  return {
    run_id: 'bench',
    stored_at: at,
    contract,
    items,
    region_id: 10_000_002,
    first_seen_at: at,
    last_seen_at: at,
  };
}

async function measure(name: string, location: DatabaseLocation): Promise<void> {
  await migrate(location);
  const { store, close } = await openLocked(location);
  const units = Array.from({ length: contracts }, (_, index) => unit(index));
  const begun = performance.now();
  await pMap(units, (work) => store.storeContract(work), { concurrency });
  const seconds = (performance.now() - begun) / 1_000;
  await close();
  const rate = Math.round(contracts / seconds);
  print(`${name}: ${rate} contracts/s with ${itemsPerContract} items (${seconds.toFixed(2)} s)`);
}

print(`${contracts} contracts, ${machine}`);
await onEachDatabase(measure);
