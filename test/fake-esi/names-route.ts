import { type Answer, Body, failure } from './answers.ts';
import type { Universe } from './universe/types.ts';

const mostIds = 1000;

/** Answers `/universe/names`: all of the ids, or none of them if one is unknown. */
export function answerNames(universe: Universe, body: string): Answer {
  const ids = parseIds(body);
  if (ids === undefined) {
    return failure(400, 'The body must be a JSON array of integers');
  }
  if (ids.length === 0 || ids.length > mostIds) {
    return failure(400, `The body must hold 1 to ${mostIds} ids`);
  }
  if (new Set(ids).size < ids.length) {
    return failure(400, 'The ids must be unique');
  }
  const rows = ids.flatMap((id) => universe.names.get(id) ?? []);
  if (rows.length < ids.length) {
    return failure(404, 'Ensure all IDs are valid before resolving.');
  }
  // The order differs from the request's, because clients must not rely on it.
  return { status: 200, body: Body.json(rows.reverse()) };
}

function parseIds(body: string): number[] | undefined {
  try {
    const ids: unknown = JSON.parse(body);
    return Array.isArray(ids) && ids.every((id) => Number.isSafeInteger(id)) ? ids : undefined;
  } catch {
    return undefined;
  }
}
