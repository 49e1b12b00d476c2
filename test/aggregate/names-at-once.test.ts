import { describe, expect, test } from 'vitest';
import { askForNames, NameBudget } from '../../src/aggregate/reference/names.ts';
import { EsiFault, type SendRequest } from '../../src/esi/answer.ts';
import { collectingLog } from '../helpers/pass.ts';

const ids = Array.from({ length: 6_000 }, (_, index) => index + 1);
const expiresAt = new Date('2026-03-01T12:00:00Z');

/** Requests the names of these ids from an ESI that refuses or fails batches. */
async function namesFrom(answerTo: (batch: readonly number[]) => 'refuse' | 'fail' | undefined) {
  let inFlight = 0;
  let most = 0;
  const batches: number[] = [];
  const named: number[] = [];
  const budget = new NameBudget();
  const request: SendRequest = async (_, { json, tally } = {}) => {
    const batch = json as number[];
    batches.push(batch.length);
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise(setImmediate);
    inFlight -= 1;
    const fate = answerTo(batch);
    if (fate !== undefined && tally !== undefined) tally.errors += 1;
    if (fate === 'fail') throw new EsiFault('502', 502);
    if (fate === 'refuse') return { kind: 'refused', status: 404, reason: 'Ensure all IDs are valid' };
    const body = batch.map((id) => ({ id, name: `name ${id}`, category: 'character' }));
    return { kind: 'ok', body, etag: null, lastModified: null, expiresAt, pages: null };
  };
  const { unknown } = await askForNames([ids], [], budget, { esi: { request }, ...collectingLog() }, async (names) => {
    named.push(...names.map(({ id }) => id));
  });
  return { named, unknown: [...unknown.keys()], batches, most, errors: budget.tally.errors };
}

describe('six thousand names', () => {
  test('are requested in six requests, four at once', async () => {
    const { named, batches, most } = await namesFrom(() => undefined);
    expect(named.toSorted((a, b) => a - b)).toEqual(ids);
    expect(batches).toEqual(ids.slice(0, 6).map(() => 1_000));
    expect(most).toBe(4);
  });

  test('are all resolved but the one that spoils its batch', async () => {
    const { named, unknown, errors } = await namesFrom((batch) => (batch.includes(1_500) ? 'refuse' : undefined));
    expect(unknown).toEqual([1_500]);
    expect(named.toSorted((a, b) => a - b)).toEqual(ids.filter((id) => id !== 1_500));
    expect(errors).toBeLessThanOrEqual(10);
  });

  test('cost twenty errors if every batch is refused', async () => {
    const { named, errors } = await namesFrom(() => 'refuse');
    expect({ named, errors }).toEqual({ named: [], errors: 20 });
  });

  test('are kept as far as they were answered when a request fails', async () => {
    const { named, batches } = await namesFrom((batch) => (batch.includes(1) ? 'fail' : undefined));
    expect(named.toSorted((a, b) => a - b)).toEqual(ids.slice(1_000, 4_000));
    expect(batches).toHaveLength(4);
  });
});
