import type { RequestTally } from '../../esi/answer.ts';
import { isSpoiled, namesPath, namesPerRequest, parseNames } from '../../esi/routes/names.ts';
import { constellations, isIn } from '../../eve/id-ranges.ts';
import type { Name } from '../../eve/reference.ts';
import { toInstant } from '../../time.ts';
import { forEach } from '../each.ts';
import { type AnswerOrFault, faultAsAnswer, type ReferenceContext } from './objects.ts';

/**
 * Errors of ESI's budget that names may cost in one pass: names can wait, and the user's other tools share the budget.
 */
const errorsForNames = 20;
/** Batches in flight until names cost the first error. */
const batchesAtOnce = 4;
/** Counts the errors that names have cost in this pass. */
export class NameBudget {
  readonly tally: RequestTally = { total: 0, not_modified: 0, errors: 0 };

  get isUntouched(): boolean {
    return this.tally.errors === 0;
  }

  get isSpent(): boolean {
    return this.tally.errors >= errorsForNames;
  }
}

/** The result of requesting names. */
export interface NameAnswers {
  /** Ids that ESI refused individually or left out of an answer, with the reason. */
  readonly unknown: Map<number, string>;
  /** Ids of refused batches that are not known to be good or bad. */
  readonly suspect: Set<number>;
}

/** Ids to request in batches of at most this size. */
interface Chunk {
  readonly ids: number[];
  readonly largest: number;
}

/**
 * Requests names in batches, several at once until the first error. ESI refuses a whole batch for one unknown id, and
 * each refusal costs an error, so the batch after a refused one is a quarter as large, the batch after a good one twice
 * as large, and the ids of refused batches come last. Ends when the budget is spent or a limit would cause a wait.
 *
 * @param ids lists of ids; no batch has ids of two lists
 * @param suspects ids of refused batches of earlier passes: requested last, and individually first
 * @throws {StopError} when the pass ends early
 */
export async function askForNames(
  ids: readonly (readonly number[])[],
  suspects: readonly number[],
  budget: NameBudget,
  { esi, log }: Pick<ReferenceContext, 'esi' | 'log'>,
  onNames: (names: readonly Name[]) => Promise<void>,
): Promise<NameAnswers> {
  const unknown = new Map<number, string>();
  const suspect = new Set<number>();
  const end = (left: string) => log.debug(`names left for a later pass: ${left}`);

  /** @returns false when no more requests are to be sent */
  async function askFor(wanted: readonly number[], firstSize: number): Promise<boolean> {
    const chunks: Chunk[] = wanted.length === 0 ? [] : [{ ids: [...wanted], largest: namesPerRequest }];
    let size = firstSize;
    while (chunks.length > 0) {
      if (budget.isSpent) {
        end(`they cost ${errorsForNames} errors`);
        return false;
      }
      const answered: { readonly batch: number[]; readonly answer: AnswerOrFault }[] = [];
      const atOnce = budget.isUntouched && firstSize > 1 ? batchesAtOnce : 1;
      const batches = takeBatches(chunks, size, atOnce);
      await forEach(batches, atOnce, async (batch) => {
        const options = { json: batch, tally: budget.tally, waitsForLimits: false };
        answered.push({ batch, answer: await faultAsAnswer(esi.request(namesPath, options)) });
      });
      let failure: string | undefined;
      let nextSize = Math.min(size * 2, namesPerRequest);
      for (const { batch, answer } of answered) {
        if (answer.kind === 'ok') await settle(batch, answer.body);
        else if (answer.kind === 'refused' && isSpoiled(answer)) {
          nextSize = Math.max(1, Math.floor(batch.length / 4));
          setAside(batch, nextSize, `${answer.status} ${answer.reason}`);
        } else failure = answer.kind === 'not_modified' ? 'unexpected 304' : answer.reason;
      }
      if (failure !== undefined) {
        end(failure);
        return false;
      }
      size = nextSize;
    }
    return true;

    function setAside(batch: number[], largest: number, reason: string): void {
      const [only = 0] = batch;
      if (batch.length > 1) {
        for (const id of batch) suspect.add(id);
        chunks.push({ ids: batch, largest });
      } else {
        suspect.delete(only);
        unknown.set(only, reason);
      }
    }
  }

  async function settle(batch: readonly number[], body: unknown): Promise<void> {
    const wanted = new Set(batch);
    const parsed = parseNames(body);
    const names = parsed.ok ? parsed.value.filter(({ id }) => wanted.has(id)) : [];
    await onNames(names);
    const found = new Set(names.map(({ id }) => id));
    for (const id of batch) {
      suspect.delete(id);
      if (!found.has(id)) unknown.set(id, parsed.ok ? 'not in the answer' : parsed.reason);
    }
  }

  for (const apart of ids) if (!(await askFor(apart, namesPerRequest))) return { unknown, suspect };
  await askFor(suspects, 1);
  return { unknown, suspect };
}

/** Removes up to `count` batches of at most `size` ids from the first chunks. */
function takeBatches(chunks: Chunk[], size: number, count: number): number[][] {
  const batches: number[][] = [];
  for (let chunk = chunks[0]; chunk !== undefined && batches.length < count; chunk = chunks[0]) {
    batches.push(chunk.ids.splice(0, Math.min(size, chunk.largest)));
    if (chunk.ids.length === 0) chunks.shift();
  }
  return batches;
}

const isConstellation = (id: number) => isIn(constellations, id);

/** Fetches missing names of issuers, their corporations and constellations. */
export async function fetchNames(budget: NameBudget, context: ReferenceContext): Promise<void> {
  const { store, now } = context;
  const missing = await store.missingReferences('name', toInstant(now()));
  const fresh = missing.filter(({ attempts }) => attempts === 0).map(({ id }) => id);
  const suspects = missing.filter(({ attempts }) => attempts > 0).map(({ id }) => id);
  const save = (names: readonly Name[]) => store.saveNames(names, toInstant(now()));
  const [ofConstellations, ofIssuers] = [fresh.filter(isConstellation), fresh.filter((id) => !isConstellation(id))];
  // In separate lists, so that one kind that ESI does not resolve cannot fail a batch of the other.
  const { unknown, suspect } = await askForNames([ofIssuers, ofConstellations], suspects, budget, context, save);
  await store.postponeReferences(
    [
      ...[...unknown].map(([id, answer]) => ({ kind: 'name', id, answer, refused: true }) as const),
      ...[...suspect].map((id) => ({ kind: 'name', id, answer: 'in a refused batch', refused: false }) as const),
    ],
    now(),
  );
}
