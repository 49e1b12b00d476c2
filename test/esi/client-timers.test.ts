import { createHook } from 'node:async_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { openTestClient } from '../helpers/client.ts';

/** Counts active timers, including those that do not keep the process alive. */
function countTimers(): () => number {
  const alive = new Set<number>();
  const hook = createHook({
    init(id, type) {
      if (type === 'Timeout') alive.add(id);
    },
    destroy: (id) => void alive.delete(id),
  }).enable();
  onTestFinished(() => void hook.disable());
  return () => alive.size;
}

it('a request leaves no timer behind, and those under way have a few each', async () => {
  const esi = await openEsi({ contracts: 300, latencyMilliseconds: 5 });
  const concurrency = 10;
  const { client } = openTestClient(esi, { concurrency });
  const ids = esi.world.list().map(({ contract }) => contract.contract_id);
  const timers = countTimers();
  let most = 0;
  await Promise.all(
    ids.map(async (id) => {
      await client.contractItems(id);
      most = Math.max(most, timers());
    }),
  );
  // One timer of the client and some of the server per request, plus the pool's own.
  expect(most).toBeLessThan(6 * concurrency);
});
