import { messageOf } from '../../errors.ts';

/** What a check found. A notice may be as it is meant to be; a problem keeps passes from working, or soon will. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'notice' | 'problem';
  /** How it is, in a few words. */
  readonly found: string;
  /** What to do; null where there is nothing to do. */
  readonly advice: string | null;
}

export const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found, advice: null });
export const notice = (check: string, found: string, advice: string): Finding => ({
  check,
  status: 'notice',
  found,
  advice,
});
export const problem = (check: string, found: string, advice: string): Finding => ({
  check,
  status: 'problem',
  found,
  advice,
});

/** Runs a check; one that fails has found a problem. */
export async function examine(
  check: string,
  advice: string,
  work: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    return [problem(check, messageOf(error), advice)];
  }
}
