import type { RegionStatus, Status } from '../../query/status/status.ts';
import { showControlCharacters } from '../../visible.ts';

/** Exit codes and states of the Monitoring Plugins Development Guidelines, as used by Nagios and Icinga. */
const states = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;
type State = keyof typeof states;

/** Output of `status --check`, and its exit code. */
export interface CheckResult {
  readonly line: string;
  readonly exitCode: number;
}

/**
 * One line: OK when all regions are fresh, WARNING when some are stale, CRITICAL when all are; performance data after a
 * bar.
 */
export function checkOf(status: Status): CheckResult {
  const { regions, backlog, max_age_seconds, last_run } = status;
  const stale = regions.filter(({ is_fresh }) => !is_fresh);
  const last = last_run === null ? '' : `, last pass ${last_run.outcome} at ${last_run.finished_at}`;
  const measured = {
    regions: regions.length,
    stale: stale.length,
    oldest_sweep: `${oldestAge(regions) ?? 'U'};${max_age_seconds}`,
    listed: regions.reduce((total, { contracts_listed }) => total + contracts_listed, 0),
    deferred: backlog.deferred,
    quarantined: backlog.quarantined,
  };
  const data = Object.entries(measured).map(([name, value]) => `${name}=${value}`);
  return result(stateOf(status, stale), `${sentence(status, stale)}${last} | ${data.join(' ')}`);
}

/** For an error: CRITICAL when the database is unusable, UNKNOWN for bad usage. */
export function failedCheck(message: string, isDatabase: boolean): CheckResult {
  const [firstLine = ''] = message.split('\n');
  return result(isDatabase ? 'CRITICAL' : 'UNKNOWN', firstLine.replaceAll('|', '/'));
}

function result(state: State, text: string): CheckResult {
  return { line: `HANGARBAY ${state} - ${showControlCharacters(text)}`, exitCode: states[state] };
}

function stateOf({ verdict, regions }: Status, stale: readonly RegionStatus[]): State {
  if (verdict === 'fresh') return 'OK';
  return verdict === 'no_successful_pass' || stale.length === regions.length ? 'CRITICAL' : 'WARNING';
}

function sentence({ verdict, regions }: Status, stale: readonly RegionStatus[]): string {
  if (verdict === 'no_successful_pass') return 'no pass has succeeded yet';
  if (stale.length === 0) return `${regions.length} of ${regions.length} regions fresh`;
  const [first, ...others] = stale;
  const named = `${first?.name ?? first?.region_id}${others.length > 0 ? ` and ${others.length} more` : ''}`;
  return `${stale.length} of ${regions.length} regions stale: ${named.replaceAll('|', '/')}`;
}

function oldestAge(regions: readonly RegionStatus[]): string | undefined {
  const ages = regions.flatMap(({ age_seconds }) => age_seconds ?? []);
  return ages.length === 0 || ages.length < regions.length ? undefined : `${Math.round(Math.max(...ages))}s`;
}
