import type { Progress } from '../aggregate/progress.ts';
import type { Governor } from '../esi/governor.ts';

export interface ProgressDisplay<Shown extends readonly unknown[] = []> {
  start(...shown: Shown): void;
  /** Removes the line, so that another can be written; the next update shows it again. */
  clear(): void;
  stop(): void;
}

const refreshMilliseconds = 200;

/** Shows the progress of a pass. */
export async function showProgress(
  progress: Progress,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<ProgressDisplay<[Governor]>> {
  let [phase, begunAt] = [progress.phase, Date.now()];
  return showLine((governor) => {
    if (phase !== progress.phase) [phase, begunAt] = [progress.phase, Date.now()];
    return progressLine(progress, governor, Date.now() - begunAt);
  }, stream);
}

/** Shows progress in one line on stderr; nothing if stderr is not a terminal that can redraw. */
export async function showLine<Shown extends readonly unknown[]>(
  textOf: (...shown: Shown) => string,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<ProgressDisplay<Shown>> {
  if (!stream.isTTY || process.env.TERM === 'dumb') return { start() {}, clear() {}, stop() {} };
  // Loaded only here because cron has no terminal.
  const { createLogUpdate } = await import('log-update');
  const line = createLogUpdate(stream);
  let timer: NodeJS.Timeout | undefined;
  return {
    start(...shown) {
      timer = setInterval(() => line(textOf(...shown)), refreshMilliseconds);
      timer.unref();
    },
    clear: () => line.clear(),
    stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      line.clear();
      line.done();
    },
  };
}

const phases = {
  regions: 'lists of regions',
  contracts: 'contracts',
  bids: 'bids of auctions',
  names: 'types and names',
} as const;

/**
 * The phase, its progress and rate, the rest of ESI's error budget, and the remaining time of the phase.
 *
 * @param elapsed milliseconds since the phase began
 */
export function progressLine(
  { phase, ...counts }: Progress,
  { sent, errorsRemaining }: Pick<Governor, 'sent' | 'errorsRemaining'>,
  elapsed: number,
): string {
  const seconds = elapsed / 1_000;
  const rateOf = (count: number) => (count > 0 && seconds > 0 ? [`${Number((count / seconds).toPrecision(2))}/s`] : []);
  const errors = errorsRemaining === undefined ? [] : [`${errorsRemaining} errors left`];
  const requests = [`${sent} requests`, ...errors];
  if (phase === 'done') return ['finishing', ...requests].join(' · ');
  const { done, total } = counts[phase];
  const left = Math.ceil((seconds / done) * (total - done));
  const toGo = done > 0 ? [`${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} to go`] : [];
  return [`${phases[phase]} ${done}/${total}`, ...rateOf(done), ...requests, ...toGo].join(' · ');
}
