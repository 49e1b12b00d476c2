import { expect, it } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { openTestClient } from '../helpers/client.ts';

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

it('a request leaves no timer behind, and those under way have a few each', async () => {
  const esi = await openEsi({ contracts: 300, latencyMilliseconds: 5 });
  const concurrency = 10;
  const { client } = openTestClient(esi, { concurrency });
  const ids = esi.world.list().map(({ contract }) => contract.contract_id);
  const before = timers();
  let most = 0;
  await Promise.all(
    ids.map(async (id) => {
      await client.contractItems(id);
      most = Math.max(most, timers() - before);
    }),
  );
  // One of the client's and one of the server's for each request, and the pool's own.
  expect(most).toBeLessThan(4 * concurrency);
  expect(timers() - before).toBeLessThan(10);
});
