import type { Progress } from '../aggregate/progress.ts';
import type { Governor } from '../esi/governor.ts';

export interface ProgressDisplay<Shown extends readonly unknown[] = []> {
  start(...shown: Shown): void;
  /** Takes the line away, so that another can be written; it comes back by itself. */
  clear(): void;
  stop(): void;
}

const refreshMilliseconds = 200;

/** Shows how far a pass is. */
export async function showProgress(
  progress: Progress,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<ProgressDisplay<[Governor]>> {
  const contractsBegin = { at: 0 };
  return showLine((governor) => {
    if (progress.phase === 'contracts') contractsBegin.at ||= Date.now();
    return progressLine(progress, governor, Date.now() - contractsBegin.at);
  }, stream);
}

/** Shows how far something is, in one line on stderr; nothing at all where stderr is no terminal that can redraw. */
export async function showLine<Shown extends readonly unknown[]>(
  textOf: (...shown: Shown) => string,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<ProgressDisplay<Shown>> {
  if (!stream.isTTY || process.env.TERM === 'dumb') return { start() {}, clear() {}, stop() {} };
  // Loaded only here: cron has no terminal.
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

/** @param elapsed milliseconds since the first contract was begun */
export function progressLine(
  { phase, regions, contracts }: Progress,
  { sent, errorsRemaining }: Pick<Governor, 'sent' | 'errorsRemaining'>,
  elapsed: number,
): string {
  const parts = [
    `regions ${regions.done}/${regions.total}`,
    `contracts ${contracts.done}/${contracts.total}`,
    `${sent} requests`,
  ];
  if (errorsRemaining !== undefined) parts.push(`${errorsRemaining} errors left`);
  if (phase === 'contracts' && contracts.done > 0) {
    const seconds = Math.ceil((elapsed / contracts.done / 1_000) * (contracts.total - contracts.done));
    parts.push(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} to go`);
  }
  if (phase === 'bids') parts.push('fetching bids');
  if (phase === 'names') parts.push('fetching names');
  return parts.join(' · ');
}
