import type { Log } from '../../log.ts';
import type { RegionSweep, SweepOutcome } from '../../store/records/pass.ts';
import type { Store } from '../../store/store.ts';
import { isReportDue } from '../report-due.ts';

/** What the ledger says of a region whose list was not taken in whole. */
export type RegionFault = Pick<RegionSweep, 'region_id' | 'outcome' | 'error'>;

const unfinished: readonly SweepOutcome[] = ['inconclusive', 'doubtful', 'failed'];

interface Noted extends RegionFault {
  /** Key of the report, see {@link isReportDue}. */
  readonly key: string;
  readonly isRefused: boolean;
}

/** Regions without a complete list. Each kind of failure is one line and one report a day, however many regions have it. */
export class RegionFaults {
  readonly #noted: Noted[] = [];

  /** Logs a detail, and keeps the failure for {@link report}. */
  note(row: RegionFault, isRefused: boolean, log: Log): void {
    const { region_id, outcome, error } = row;
    if (unfinished.includes(outcome)) {
      log.debug(`region ${region_id} is ${outcome}: ${error}`, { region_id });
      this.#noted.push({ ...row, isRefused, key: reportKey(row, isRefused) });
    } else if (error !== null) {
      log.debug(`region ${region_id}: ${error}; using what its pages agree on`, { region_id });
    }
  }

  /**
   * Logs one line per kind of failure.
   *
   * @param isOutage ESI did not answer, so the end of the pass already reports why regions are missing
   * @returns whether any of it is reported for the first time today, and the refused regions that were reported before
   */
  async report(
    { log, store }: { readonly log: Log; readonly store: Store },
    now: Date,
    isOutage: boolean,
  ): Promise<{ readonly hasNews: boolean; readonly reportedBefore: ReadonlySet<number> }> {
    const faults = isOutage ? this.#noted.filter(({ outcome }) => outcome === 'doubtful') : this.#noted;
    const due = new Set<string>();
    for (const key of new Set(faults.map(({ key }) => key))) if (await isReportDue(key, store, now)) due.add(key);
    for (const kind of kindsOf(faults)) {
      const [{ region_id }] = kind;
      const fields = kind.length === 1 ? { region_id } : { region_id, count: kind.length };
      log[kind.some(({ key }) => due.has(key)) ? 'warn' : 'debug'](lineAbout(kind), fields);
    }
    const before = faults.filter(({ key, isRefused }) => isRefused && !due.has(key));
    return { hasNews: due.size > 0, reportedBefore: new Set(before.map(({ region_id }) => region_id)) };
  }
}

/** One phrase per kind of failure, for the summary. */
export function unfinishedRegions(sweeps: readonly RegionFault[]): string[] {
  return kindsOf(sweeps.filter(({ outcome }) => unfinished.includes(outcome))).map((kind) => {
    const [{ region_id, outcome, error }] = kind;
    if (kind.length === 1) return `region ${region_id} ${outcome} (${error})`;
    return `${kind.length} regions ${outcome}, first region ${region_id} (${error})`;
  });
}

function lineAbout(kind: Kind<RegionFault>): string {
  const [{ region_id, outcome, error }] = kind;
  if (kind.length === 1) return `region ${region_id} is ${outcome}: ${error}`;
  return `${kind.length} regions are ${outcome}, first region ${region_id}: ${error}`;
}

/** A region is refused or doubtful on its own account; what fails for another reason fails in any region. */
function reportKey({ region_id, outcome, error }: RegionFault, isRefused: boolean): string {
  if (isRefused) return `region ${region_id}`;
  return outcome === 'doubtful' ? `region ${region_id} doubtful` : `regions ${outcome}: ${withoutNumbers(error)}`;
}

type Kind<Fault> = readonly [Fault, ...Fault[]];

/** Groups failures whose reasons differ only in ids, pages and counts. */
function kindsOf<Fault extends RegionFault>(faults: readonly Fault[]): Kind<Fault>[] {
  const kinds = new Map<string, [Fault, ...Fault[]]>();
  for (const fault of faults) {
    const kind = `${fault.outcome} ${withoutNumbers(fault.error)}`;
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [fault]);
    else known.push(fault);
  }
  return [...kinds.values()];
}

/** Masks numbers other than HTTP's error statuses. */
const withoutNumbers = (error: string | null) => (error ?? '').replaceAll(/(?<!\d)(?![45]\d\d(?!\d))\d+/g, 'N');
