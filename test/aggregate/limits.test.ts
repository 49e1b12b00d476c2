import { describe, expect, test } from 'vitest';
import { loadLimits, saveLimits } from '../../src/aggregate/limits.ts';
import type { LimitState } from '../../src/esi/governor.ts';
import { backings, openTestStore } from '../helpers/backings.ts';

const esi = new URL('https://esi.example');
const limits: LimitState = {
  errorWindow: { remaining: 21, endsAt: 1_772_366_460_000 },
  pausedUntil: 1_772_366_430_000,
};

describe.each(backings)('limits on $name', (backing) => {
  test('of one pass are those that the next begins with', async () => {
    const { store } = await openTestStore(backing);
    await saveLimits(esi, limits, store);
    expect(await loadLimits(esi, store)).toEqual(limits);
    const pauseOnly = { ...limits, errorWindow: null };
    await saveLimits(esi, pauseOnly, store);
    expect(await loadLimits(esi, store)).toEqual(pauseOnly);
  });

  test('are unknown at first, and of another server', async () => {
    const { store } = await openTestStore(backing);
    expect(await loadLimits(esi, store)).toBeUndefined();
    await saveLimits(esi, limits, store);
    expect(await loadLimits(new URL('http://127.0.0.1:8080'), store)).toBeUndefined();
  });

  test.each(['', '{', 'null', '[]', '{"esi_url":"https://esi.example/"}'])(
    'that are no longer readable are as good as none: %j',
    async (text) => {
      const { store } = await openTestStore(backing);
      await store.writeMeta('esi_limits', text);
      expect(await loadLimits(esi, store)).toBeUndefined();
    },
  );
});
