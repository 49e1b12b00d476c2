import * as z from 'zod';
import type { LimitState } from '../esi/governor.ts';
import type { Store } from '../store/store.ts';

/** Key in the table `meta` for ESI's limits at the end of the last pass. */
const key = 'esi_limits';

const schema = z.object({
  /** The server that set the limits; they do not apply to another. */
  esi_url: z.string(),
  error_window: z.object({ remaining: z.number(), ends_at: z.number() }).nullable(),
  paused_until: z.number(),
});

/** The limits of the last pass that may still be in force; undefined without usable ones. */
export async function loadLimits(esiUrl: URL, store: Pick<Store, 'readMeta'>): Promise<LimitState | undefined> {
  const saved = schema.safeParse(parseJson(await store.readMeta(key))).data;
  if (saved?.esi_url !== esiUrl.href) return undefined;
  const { error_window: window, paused_until: pausedUntil } = saved;
  return {
    errorWindow: window === null ? null : { remaining: window.remaining, endsAt: window.ends_at },
    pausedUntil,
  };
}

/** Saves the limits in force for the next pass, which may start within the same minute. */
export async function saveLimits(
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
