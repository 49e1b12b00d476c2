import { describe, expect, it } from 'vitest';
import { resolve } from '../../../src/query/engine/resolve.ts';
import { rows } from '../../../src/query/engine/run.ts';
import type { Reader } from '../../../src/store/reader.ts';
import { questionOf } from '../../helpers/ask.ts';
import { backings, readFrom } from '../../helpers/backings.ts';
import { sharedMarket } from '../../helpers/shared.ts';

const total = 700;
const given = Array.from({ length: total }, (_, index) => ({ contract_id: index + 1, items: [{ type_id: 34 }] }));

describe.each(backings)('an answer on $name', (backing) => {
  const market = sharedMarket(backing, given);

  /** A question about everything, and how many rows the database was asked for when each batch came out. */
  async function progress(stopAfter = Number.POSITIVE_INFINITY): Promise<{ rows: number; read: number }[]> {
    const question = questionOf({ fields: ['contract_id', 'items.type_name'] });
    return readFrom(market().database, async (reader) => {
      let read = 0;
      const counting: Reader = {
        ...reader,
        async *batches<Row>(...args: Parameters<Reader['batches']>) {
          for await (const batch of reader.batches<Row>(...args)) {
            read += batch.length;
            yield batch;
          }
        },
      };
      const steps: { rows: number; read: number }[] = [];
      for await (const batch of rows(await resolve(question, counting))) {
        steps.push({ rows: batch.length, read });
        if (steps.length >= stopAfter) break;
      }
      return steps;
    });
  }

  it('begins with its first row before the second is read', async () => {
    expect((await progress())[0]).toEqual({ rows: 1, read: 1 });
  });

  it('goes on in batches that are put out before the next is read, none of them large', async () => {
    const steps = await progress();
    let sum = 0;
    for (const { rows, read } of steps) {
      sum += rows;
      expect(read).toBe(sum);
      expect(rows).toBeLessThanOrEqual(500);
    }
    expect(sum).toBe(total);
    expect(steps.length).toBeLessThan(10);
  });

  it('leaves the process time for other things between its batches', async () => {
    const question = questionOf({ fields: ['contract_id', 'items.type_name'] });
    const turns = await readFrom(market().database, async (reader) => {
      let turn = 0;
      const seen = new Set<number>();
      for await (const _ of rows(await resolve(question, reader))) {
        seen.add(turn);
        setImmediate(() => {
          turn += 1;
        });
      }
      return seen.size;
    });
    expect(turns).toBeGreaterThan(3);
  });

  it('stops reading when its reader does', async () => {
    const steps = await progress(2);
    expect(steps.at(-1)?.read).toBeLessThan(20);
  });
});
