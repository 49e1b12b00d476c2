import type { EsiClient } from '../../esi/client.ts';
import { contractListPath } from '../../esi/routes/contract-list.ts';
import type {
  Announced,
  Doubt,
  ListedDifference,
  PageResult,
  RegionSweep,
  SweepRecord,
  SweepResult,
} from '../../store/records/pass.ts';
import type { Store } from '../../store/store.ts';
import { type Clock, type Instant, toInstant } from '../../time.ts';
import type { Validators } from '../../validators/validators.ts';
import { generatedAt, type PageRows, type Pages } from './page.ts';
import { type Sweep, sweepRegion } from './sweep.ts';

/** A region's list as the pass knows it, and the result of its sweep. */
export interface SeenList {
  readonly region_id: number;
  /** When ESI made the list; null if unknown. */
  readonly generated_at: Instant | null;
  readonly contract_ids: ReadonlySet<number>;
  /**
   * Whether the list cannot have other contracts: it was swept completely, has not expired, or ESI knows no such
   * region.
   */
  readonly isWhole: boolean;
  /** Listed contracts that are stored under another region. */
  readonly storedElsewhere: readonly number[];
  readonly extended: number;
  readonly differing: readonly ListedDifference[];
  readonly isRefused: boolean;
}

/** A region's row in the ledger while the pass is under way. */
export type RegionRow = { -readonly [Field in keyof RegionSweep]: RegionSweep[Field] };

export interface RegionContext {
  readonly esi: EsiClient;
  readonly store: Store;
  readonly validators: Validators;
  readonly now: Clock;
}

/** The ledger row of a region that the pass has not reached yet. */
export function rowNotReached(run_id: string, region_id: number, at: Instant): RegionRow {
  return {
    run_id,
    region_id,
    outcome: 'not_reached',
    started_at: at,
    finished_at: at,
    last_modified: null,
    pages: 0,
    listed: 0,
    new: 0,
    returned: 0,
    stored: 0,
    gone: 0,
    deferred: 0,
    quarantined: 0,
    requests: 0,
    not_modified: 0,
    errors: 0,
    error: null,
  };
}

/**
 * Sweeps a region and adds its listed contracts to the backlog. The row is completed and written to the ledger before
 * the validators are saved: a list that the next pass treats as fresh needs a sweep in the ledger.
 *
 * @param held the pages of the list that earlier sweeps stored
 * @throws {StopError} when the pass ends early
 */
export async function recordRegion(row: RegionRow, held: Pages, context: RegionContext): Promise<SeenList> {
  const { store, now } = context;
  const { region_id, run_id } = row;
  row.started_at = toInstant(now());
  const from = { run_id, region_id, at: row.started_at };
  const taken = new TakenPages();
  const takeIn = async (rows: PageRows) => {
    if (rows.listed.length + rows.quarantined.length > 0) taken.add(await store.recordPage({ ...from, ...rows }));
  };
  const sweep = await sweepRegion(region_id, held, { ...context, takeIn });
  const { pages, tally, isRefused } = sweep;
  // ESI refuses the list of a region that does not exist, and now and then the list of one that does.
  const isUnknown = isRefused && !(await store.hasContracts(region_id));
  const announced = announcedOn(pages);
  const result = await concludeSweep(sweep, announced, from, store);
  const finished_at = toInstant(now());
  const doubt = result?.doubt ?? null;
  const outcome = doubt === null ? sweep.outcome : 'doubtful';
  const problem = doubt === null ? sweep.problem : doubtfulBecause(doubt);
  Object.assign(row, result?.counts ?? { listed: announced.contract_ids.length }, {
    new: taken.new,
    outcome,
    finished_at,
    pages: pages.size,
    last_modified: sweep.isAbsent === null && outcome !== 'fresh' ? null : (pages.get(1)?.last_modified ?? null),
    requests: tally.total,
    not_modified: tally.not_modified,
    errors: tally.errors,
    error: problem,
  });
  // A fresh list saves no validators, so its row is written with all others at the end of the pass.
  if (outcome !== 'fresh') await store.recordRegionSweeps([row]);
  await keepValidators(sweep, context);
  const contract_ids = new Set(announced.contract_ids);
  const isWhole = sweep.outcome === 'inconclusive' || sweep.outcome === 'failed' ? isUnknown : true;
  return {
    region_id,
    generated_at: generatedAt(pages),
    contract_ids,
    isWhole,
    storedElsewhere: result?.storedElsewhere ?? [],
    extended: taken.extended,
    differing: taken.differing,
    isRefused,
  };
}

const doubtfulBecause = ({ taken, of }: Doubt) =>
  `the list no longer shows ${taken} of ${of} contracts; waiting for a later list to confirm it`;

function announcedOn(pages: Pages): Announced {
  const all = [...pages.values()];
  return {
    contract_ids: [...new Set(all.flatMap(({ contract_ids }) => contract_ids))],
    quarantined: [...new Set(all.flatMap(({ quarantined }) => quarantined))],
  };
}

/** The combined changes of all pages of a region. */
class TakenPages {
  readonly differing: ListedDifference[] = [];
  new = 0;
  extended = 0;

  add(page: PageResult): void {
    this.new += page.new;
    this.extended += page.extended;
    this.differing.push(...page.differing);
  }
}

async function concludeSweep(
  { outcome, pages, isAbsent }: Sweep,
  announced: Announced,
  from: Pick<SweepRecord, 'run_id' | 'region_id' | 'at'>,
  store: Store,
): Promise<SweepResult | undefined> {
  if (outcome === 'fresh' || outcome === 'failed') return undefined;
  return store.recordSweep({ ...from, generated_at: generatedAt(pages) ?? from.at, isAbsent, announced });
}

/** A page may be answered with a 304 only after everything on it is settled. */
async function keepValidators({ region_id, pages, answered }: Sweep, { esi, validators }: RegionContext) {
  for (const number of answered) {
    const page = pages.get(number);
    if (page === undefined) continue;
    const { isUndated: _, ...validator } = page;
    await validators.write(esi.urlOf(contractListPath(region_id), number), validator);
  }
}
