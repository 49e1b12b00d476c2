import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Backing, backings } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { newReadyUser } from './user.ts';

/** A whole second, plus the effect of rounding up. */
const pastExpiry = 2_100;

// Both at once: most of the time is spent waiting for expiries.
it('an auction on each database is followed by query changes from its first bid to its end', async () => {
  await Promise.all(backings.map(follow));
});

async function follow(backing: Backing): Promise<void> {
  const user = await newReadyUser(backing, { plainContracts: 3, lifetimes: { list: 1, bids: 1 } });
  const { world } = user.esi;
  const environment = { ...user.environment, XDG_STATE_HOME: temporaryFolder() };
  const news = async () => {
    const fields = ['--fields', 'change,contract_id,amount', '--format', 'ndjson'];
    const ended = await run(['query', 'changes', '--since', 'last', ...fields], environment);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return ended.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  };
  await user.aggregate();
  expect(await news()).toEqual([]);

  const bids = [{ amount: 100 }, { amount: 105 }];
  const auction = world.add({ region_id: 10000002, type: 'auction', items: [{ type_id: 587 }], bids });
  const { contract_id } = auction.contract;
  await sleep(pastExpiry);
  expect(await user.aggregate()).toMatchObject({ bids: { asked: 1, new: 2, failed: 0 } });
  expect(await news()).toEqual([{ change: 'appeared', contract_id, amount: null }]);

  world.bid(contract_id, 110.5);
  await sleep(pastExpiry);
  expect(await user.aggregate()).toMatchObject({ bids: { asked: 1, new: 1, failed: 0 } });
  expect(await news()).toEqual([{ change: 'bid', contract_id, amount: 110.5 }]);
  const [row] = await user.contracts('--bids', '--id', String(contract_id));
  expect(row?.bids).toEqual(world.contract(contract_id)?.bids.toReversed());
  expect(row?.bids).toHaveLength(3);

  world.complete(contract_id);
  await sleep(pastExpiry);
  await user.aggregate();
  expect(await news()).toEqual([{ change: 'gone', contract_id, amount: null }]);
  expect(await news()).toEqual([]);
  const [gone] = await user.contracts('--bids', '--state', 'gone');
  expect(gone?.bids).toEqual(row?.bids);
}
