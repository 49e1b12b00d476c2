import { messageOf } from '../../errors.ts';

/** The result of a check. A notice may be intended; a problem prevents passes, or soon will. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'notice' | 'problem';
  /** What was found, in a few words. */
  readonly found: string;
  /** How to fix it; null when there is nothing to fix. */
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

/** Runs a check; an error counts as a problem. */
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
