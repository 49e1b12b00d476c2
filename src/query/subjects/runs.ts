import { sql } from 'drizzle-orm';
import { columnsIn } from '../engine/column.ts';
import type { Subject } from '../engine/subject.ts';

const own = columnsIn('runs');

export const runs: Subject = {
  kind: 'rows',
  name: 'runs',
  description: 'the ledger of passes, newest first',
  columns: {
    run_id: own('text', 'run_id', 'id of the pass; ids sort by time'),
    started_at: own('instant', 'started_at', 'when the pass began'),
    finished_at: own('instant', 'finished_at', 'when the pass ended; null while it is running'),
    outcome: own('text', 'outcome', 'complete, partial, failed, interrupted, or running'),
    exit_code: own('number', 'exit_code', 'exit code of its process'),
    regions_complete: own('number', 'regions_complete', 'regions swept completely'),
    regions_inconclusive: own('number', 'regions_inconclusive', 'regions whose pages did not fit together'),
    regions_failed: own('number', 'regions_failed', 'regions with a page that could not be fetched'),
    regions_fresh: own('number', 'regions_fresh', 'regions whose list had not expired'),
    regions_not_reached: own('number', 'regions_not_reached', 'regions that the pass did not reach'),
    contracts_listed: own('number', 'contracts_listed', 'contracts on the lists'),
    contracts_new: own('number', 'contracts_new', 'contracts listed for the first time'),
    contracts_stored: own('number', 'contracts_stored', 'contracts stored with their items'),
    contracts_gone: own('number', 'contracts_gone', 'contracts found to be gone'),
    contracts_deferred: own('number', 'contracts_deferred', 'contracts waiting for another attempt'),
    contracts_quarantined: own('number', 'contracts_quarantined', 'malformed rows'),
    items_stored: own('number', 'items_stored', 'stacks of items stored'),
    requests_total: own('number', 'requests_total', 'requests sent, retries included'),
    requests_not_modified: own('number', 'requests_not_modified', 'answers with status 304'),
    requests_errors: own(
      'number',
      'requests_errors',
      'answers with status 400 and above, and requests without an answer',
    ),
    error: own('text', 'error', 'reason of a failure'),
    host: own('text', 'host', 'host it ran on'),
    process_id: own('number', 'process_id', 'its process id'),
    version: own('text', 'version', 'version of hangarbay'),
    regions_doubtful: own(
      'number',
      'regions_doubtful',
      'regions whose list lost an implausible share of contracts at once',
    ),
  },
  from: sql`runs`,
  key: [sql`runs.run_id`],
  order: sql`runs.started_at DESC, runs.run_id DESC`,
  tableFields: [
    'started_at',
    'finished_at',
    'outcome',
    'exit_code',
    'contracts_listed',
    'contracts_stored',
    'contracts_gone',
    'contracts_deferred',
    'requests_total',
    'requests_errors',
  ],
  filters: [],
  defaults: {},
  nested: [],
};
