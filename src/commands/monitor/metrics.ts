import type { Summary } from '../../aggregate/summary.ts';
import type { Status } from '../../query/status/status.ts';
import type { Totals } from '../../query/status/totals.ts';
import type { Family, Sample } from './prometheus.ts';

/** The end of a pass with any outcome. */
export interface RunEnd {
  readonly exitCode: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

const seconds = (instant: string | number | Date) => new Date(instant).getTime() / 1_000;
const one = (value: number): Sample[] => [{ value }];
const counts = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));

/** Metrics of every pass. */
export function runFamilies({ exitCode, startedAt, finishedAt }: RunEnd): Family[] {
  return [
    {
      name: 'last_run_timestamp_seconds',
      help: 'End of the last pass, in seconds since 1970.',
      samples: one(seconds(finishedAt)),
    },
    { name: 'last_run_exit_code', help: 'Exit code of the last pass.', samples: one(exitCode) },
    {
      name: 'last_run_duration_seconds',
      help: 'Duration of the last pass in seconds.',
      samples: one(seconds(finishedAt) - seconds(startedAt)),
    },
  ];
}

/** Metrics of a pass with a summary. */
export function summaryFamilies({ contracts, requests_by_route, limits, bids, items_stored }: Summary): Family[] {
  const { errors_remaining, tokens_remaining } = limits;
  const { listed: _, deferred: _deferred, quarantined: _quarantined, ...done } = contracts;
  return [
    {
      name: 'last_run_requests',
      help: 'Requests of the last pass by route and status; failed for requests without an answer.',
      samples: Object.entries(requests_by_route).flatMap(([route, statuses]) =>
        Object.entries(statuses).map(([status, value]) => ({ labels: { route, status }, value })),
      ),
    },
    {
      name: 'last_run_contracts',
      help: 'Contracts of the last pass by result.',
      samples: counts('change', done),
    },
    { name: 'last_run_items_stored', help: 'Items stored by the last pass.', samples: one(items_stored) },
    { name: 'last_run_bids_new', help: 'New bids found by the last pass.', samples: one(bids.new) },
    {
      name: 'esi_errors_remaining',
      help: "Errors left in ESI's budget at the end of the last pass.",
      samples: errors_remaining === null ? [] : one(errors_remaining),
    },
    {
      name: 'esi_tokens_remaining',
      help: "Tokens left in ESI's buckets at the end of the last pass, by group of routes.",
      samples: counts('group', tokens_remaining),
    },
  ];
}

/** Metrics of the database's contents. */
export function databaseFamilies(status: Status, { contracts, changes, sold, bytes }: Totals): Family[] {
  const { regions, last_successful_run, backlog, rolls, prices_as_of, static_data } = status;
  const swept = regions.filter(({ last_complete_sweep_at }) => last_complete_sweep_at !== null);
  return [
    {
      name: 'last_success_timestamp_seconds',
      help: 'End of the last complete or partial pass, in seconds since 1970.',
      samples: last_successful_run === null ? [] : one(seconds(last_successful_run.finished_at ?? 0)),
    },
    {
      name: 'region_last_sweep_timestamp_seconds',
      help: 'End of the last complete sweep of a region, in seconds since 1970.',
      samples: swept.map(({ region_id, name, last_complete_sweep_at }) => ({
        labels: { region_id: String(region_id), region: name ?? '' },
        value: seconds(last_complete_sweep_at ?? 0),
      })),
    },
    {
      name: 'region_contracts_listed',
      help: 'Contracts listed in a region.',
      samples: regions.map(({ region_id, name, contracts_listed }) => ({
        labels: { region_id: String(region_id), region: name ?? '' },
        value: contracts_listed,
      })),
    },
    {
      name: 'backlog_contracts',
      help: 'Listed contracts that are not stored, by reason.',
      samples: counts('status', backlog),
    },
    { name: 'contracts_sold', help: 'Auctions that the last pass recorded as sold.', samples: one(sold) },
    {
      name: 'history_contracts',
      help: 'Contracts in the database, including gone ones.',
      samples: one(contracts),
    },
    { name: 'history_changes', help: 'Changes of contracts in the database.', samples: one(changes) },
    { name: 'rolls_known', help: 'Mutated modules with known attributes.', samples: one(rolls.known) },
    { name: 'rolls_seen', help: 'Mutated modules offered in contracts.', samples: one(rolls.of) },
    {
      name: 'prices_timestamp_seconds',
      help: 'Time of the stored market prices, in seconds since 1970.',
      samples: prices_as_of === null ? [] : one(seconds(prices_as_of)),
    },
    {
      name: 'static_data_build',
      help: 'Build of the imported static data.',
      samples: static_data === null ? [] : one(static_data.build),
    },
    { name: 'database_bytes', help: 'Size of the database in bytes.', samples: one(bytes) },
  ];
}
