import * as z from 'zod';
import type { LimitState } from '../esi/governor.ts';
import type { Store } from '../store/store.ts';

/** Where the table `meta` keeps what the last pass knew of ESI's limits. */
const key = 'esi_limits';

const schema = z.object({
  /** Whose limits they are: another server knows nothing of them. */
  esi_url: z.string(),
  error_window: z.object({ remaining: z.number(), ends_at: z.number() }).nullable(),
  paused_until: z.number(),
});

/** The limits that may still be in force since the last pass; undefined when nothing usable is known. */
export async function limitsBefore(esiUrl: URL, store: Pick<Store, 'readMeta'>): Promise<LimitState | undefined> {
  const saved = schema.safeParse(parseJson(await store.readMeta(key))).data;
  if (saved?.esi_url !== esiUrl.href) return undefined;
  const { error_window: window, paused_until: pausedUntil } = saved;
  return {
    errorWindow: window === null ? null : { remaining: window.remaining, endsAt: window.ends_at },
    pausedUntil,
  };
}

/** Leaves the limits in force, if any are, to the next pass, which may begin in the same minute. */
export async function leaveLimits(
  esiUrl: URL,
  limits: LimitState | undefined,
  store: Pick<Store, 'writeMeta'>,
): Promise<void> {
  if (limits === undefined) return;
  const { errorWindow: window, pausedUntil } = limits;
  const saved: z.output<typeof schema> = {
    esi_url: esiUrl.href,
    error_window: window === null ? null : { remaining: window.remaining, ends_at: window.endsAt },
    paused_until: pausedUntil,
  };
  await store.writeMeta(key, JSON.stringify(saved));
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
