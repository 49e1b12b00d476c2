import { dirname } from 'node:path';
import type { Summary } from '../../aggregate/summary.ts';
import type { Config } from '../../config.ts';
import { LockedError, messageOf } from '../../errors.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { isFolder, readTextIfThere, replaceFile } from '../../files.ts';
import type { Log } from '../../log.ts';
import { toInstant } from '../../time.ts';
import type { Family } from './prometheus.ts';

export interface Monitors {
  /** The pass holds the lock and begins. */
  started(): void;
  /** The pass has ended. A monitor that fails is logged, and never fails the pass. */
  ended(exitCode: ExitCode, end: { readonly summary?: Summary; readonly error?: unknown }): Promise<void>;
}

export interface MonitorSettings extends Config<'metricsFile' | 'pingUrl' | 'databaseUrl' | 'regions'> {
  /** The last lines of the log. */
  readonly recentLines: () => readonly string[];
}

/** Monitors outside of this program; loads no code when none is configured. */
export async function openMonitors(settings: MonitorSettings, log: Log): Promise<Monitors> {
  const { metricsFile, pingUrl } = settings;
  const startedAt = new Date();
  const pings = pingUrl === undefined ? undefined : (await import('./ping.ts')).openPings(pingUrl, log);
  return {
    started: () => pings?.start(),
    async ended(exitCode, { summary, error }) {
      // The holder of the lock reports its own pass.
      if (error instanceof LockedError) return;
      const run = { exitCode, startedAt, finishedAt: new Date() };
      if (metricsFile !== undefined) await writeMetrics(metricsFile, settings, { ...run, summary }, log);
      const lines = [
        ...(error === undefined ? [] : [messageOf(error)]),
        ...(summary === undefined ? [] : [JSON.stringify(summary)]),
      ];
      await pings?.end(exitCode, [...settings.recentLines(), ...lines]);
    },
  };
}

interface Ended {
  readonly exitCode: ExitCode;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly summary: Summary | undefined;
}

async function writeMetrics(path: string, settings: MonitorSettings, { summary, ...run }: Ended, log: Log) {
  const { databaseFamilies, runFamilies, summaryFamilies } = await import('./metrics.ts');
  const { exposition } = await import('./prometheus.ts');
  const families: Family[] = [...runFamilies(run), ...(summary === undefined ? [] : summaryFamilies(summary))];
  try {
    const { status, totals } = await readDatabase(settings, run.startedAt);
    families.push(...databaseFamilies(status, totals));
  } catch (error) {
    // The database metrics in the file stay unchanged.
    log.debug(`the metrics of the database were not updated: ${messageOf(error)}`);
  }
  try {
    const folder = dirname(path);
    // A new folder would be for the owner only, and the collector does not know a mistyped one.
    if (!isFolder(folder)) throw new Error(`the folder ${folder} does not exist`);
    // The collector runs as another user.
    replaceFile(path, exposition(families, readTextIfThere(path)), { mode: 0o644 });
  } catch (error) {
    log.warn(`cannot write the metrics to ${path}: ${messageOf(error)}`);
  }
}

async function readDatabase({ databaseUrl, regions }: MonitorSettings, startedAt: Date) {
  const { openForQueries } = await import('../../store/open.ts');
  const { staleAfterMilliseconds } = await import('../../query/engine/freshness.ts');
  const { readStatus } = await import('../../query/status/status.ts');
  const { readTotals } = await import('../../query/status/totals.ts');
  const store = await openForQueries(databaseUrl);
  try {
    const [lock, bytes] = [await store.lockState(), await store.bytes()];
    const question = { regions, maxAgeMilliseconds: staleAfterMilliseconds };
    return await store.read(async (reader) => ({
      status: await readStatus(question, reader, lock),
      totals: await readTotals(reader, toInstant(startedAt), bytes),
    }));
  } finally {
    await store.close();
  }
}
