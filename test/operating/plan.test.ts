import { expect, it } from 'vitest';
import { newReadyUser } from '../end-to-end/user.ts';
import { sqlite } from '../helpers/backings.ts';

it('--plan asks for the lists alone, and says what else a pass asks for', async () => {
  const user = await newReadyUser(sqlite, { contracts: 60 });
  const planned = await user.run('aggregate', '--plan', '--json');
  expect(planned).toMatchObject({ code: 0, stderr: '' });
  const { plan, contracts } = JSON.parse(planned.stdout) as {
    plan: Record<string, number>;
    contracts: Record<string, number>;
  };
  expect(contracts).toMatchObject({ stored: 0, listed: 60 });
  const routes = new Set(user.esi.requests.all().map(({ route }) => route));
  expect(routes).not.toContain('items');
  expect(routes).toContain('list');

  expect(await user.run('aggregate', '--plan')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(
      /\d+ {2}contracts\/public\/items\/\{id\}\n(.*\n)*\d+ {2}requests at least, duration unknown/,
    ),
  });
  // The lists are held: a later pass sends the planned requests, in the order of their priority.
  user.esi.requests.clear();
  await user.aggregate();
  const sent = user.esi.requests.all().map(({ route }) => route);
  expect(sent.filter((route) => route === 'items')).toHaveLength(plan['contracts/public/items/{id}'] ?? 0);
  expect(sent.filter((route) => route === 'bids')).toHaveLength(plan['contracts/public/bids/{id}'] ?? 0);
  expect(sent.indexOf('bids')).toBeGreaterThan(sent.lastIndexOf('items'));
  expect(sent.indexOf('names')).toBeGreaterThan(sent.lastIndexOf('bids'));
  expect(await user.run('aggregate', '--plan')).toMatchObject({
    code: 0,
    stdout: 'a pass would send no more requests\n',
  });
});

it('--max-requests spends what there is on lists, then on contracts that expire last', async () => {
  const user = await newReadyUser(sqlite, { plainContracts: 30, contracts: 0 });
  await user.aggregate(3, '--max-requests', '24', '--concurrency', '1');
  const sent = user.esi.requests.all().map(({ route }) => route);
  expect(new Set(sent.slice(sent.indexOf('items')))).toEqual(new Set(['items']));
  expect(sent.filter((route) => route === 'list')).toHaveLength(3);
  const stored = await user.contracts('--state', 'all', '--fields', 'contract_id,date_expired');
  const listed = user.esi.world
    .list()
    .map(({ contract }) => contract.date_expired)
    .toSorted()
    .toReversed();
  const dates = stored
    .map(({ date_expired }) => date_expired)
    .toSorted()
    .toReversed();
  expect(dates.length).toBeGreaterThan(5);
  expect(dates).toEqual(listed.slice(0, dates.length));
});
