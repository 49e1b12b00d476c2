import ms from 'ms';
import { heldBy } from '../../store/lock.ts';
import { showControlCharacters } from '../../visible.ts';
import type { OutputRow, Subject } from '../engine/subject.ts';
import type { Destination } from '../format/format.ts';
import { loadFormat } from '../format/load.ts';
import { regions as regionsSubject } from '../subjects/regions.ts';
import { runs as runsSubject } from '../subjects/runs.ts';
import type { Run, RunningPass, StaticDataStatus, Status } from './status.ts';

const regionFields = [
  'region_id',
  'name',
  'is_fresh',
  'age',
  'last_complete_sweep_at',
  'last_sweep_outcome',
  'contracts_listed',
];
const runFields = ['started_at', 'finished_at', 'outcome', 'exit_code', 'host', 'error'];

/** Maximum of stale regions in the first line; the table shows all. */
const namedRegions = 5;

/** The status as text: the verdict first, then its details. */
export async function statusText(status: Status, destination: Destination): Promise<string> {
  const { as_of, running, lock, last_run, backlog, rolls, prices_as_of, static_data, pruned_before } = status;
  const regions = status.regions.map((region) => ({ ...region, age: ageText(region.age_seconds) }));
  const lines = [
    verdictLine(status),
    ...(last_run === null ? [] : [lastRunLine(last_run, as_of)]),
    ...(running === null ? [] : [runningLine(running)]),
    ...(lock.is_held === true ? [showControlCharacters(`lock: ${heldBy(lock.holder)}`)] : []),
    `backlog: ${backlog.deferred} deferred, ${backlog.gone_before_items} gone before their items, ` +
      `${backlog.quarantined} quarantined`,
    ...(rolls.of === 0 ? [] : [`rolls of mutated modules: ${rolls.known} of ${rolls.of} known`]),
    ...(prices_as_of === null ? [] : [`market prices: of ${prices_as_of}`]),
    ...(static_data === null ? [] : [staticDataLine(static_data)]),
    ...(pruned_before === null ? [] : [`history: contracts gone before ${pruned_before} may have been pruned`]),
  ];
  const tables = [
    await table(regionsSubject, regionFields, regions, destination),
    await table(runsSubject, runFields, status.runs as unknown as OutputRow[], destination),
  ];
  return `${lines.join('\n')}\n${tables
    .filter((text) => text !== '')
    .map((text) => `\n${text}`)
    .join('')}`;
}

function verdictLine({ verdict, regions, max_age_seconds }: Status): string {
  const age = ms(max_age_seconds * 1_000);
  const stale = regions.filter(({ is_fresh }) => !is_fresh);
  if (verdict === 'no_successful_pass') return 'no pass has succeeded yet. Run: hangarbay aggregate';
  if (verdict === 'fresh') return `fresh: ${regions.length} of ${regions.length} regions swept within ${age}`;
  const named = stale.slice(0, namedRegions).map(({ name, region_id }) => name ?? String(region_id));
  const others = stale.length > named.length ? ` and ${stale.length - named.length} more` : '';
  return showControlCharacters(
    `stale: ${stale.length} of ${regions.length} regions without a complete sweep within ${age}: ` +
      `${named.join(', ')}${others}`,
  );
}

function ageText(seconds: number | null): string {
  if (seconds === null) return 'never';
  return seconds > 0 ? ms(seconds * 1_000) : '0s';
}

function staticDataLine({ build, released_at, imported_at }: StaticDataStatus): string {
  return `static data: build ${build}${released_at === null ? '' : ` of ${released_at}`}, imported ${imported_at}`;
}

function lastRunLine({ outcome, exit_code, finished_at }: Run, as_of: string): string {
  const age = Date.parse(as_of) - Date.parse(finished_at ?? as_of);
  const ago = age > 0 ? `${ms(age, { long: true })} ago` : 'just now';
  const code = exit_code === null ? '' : `, exit code ${exit_code}`;
  return `last pass: ${outcome}${code}, ended ${finished_at}, ${ago}`;
}

function runningLine({ started_at, host, process_id, is_alive }: RunningPass): string {
  const end = is_alive === false ? '; its process has ended, the next pass closes its row' : '';
  return showControlCharacters(`running: a pass since ${started_at} (process ${process_id} on ${host})${end}`);
}

async function table(
  subject: Subject,
  fields: readonly string[],
  rows: OutputRow[],
  destination: Destination,
): Promise<string> {
  if (rows.length === 0) return '';
  const format = await loadFormat('table', { subject, fields, standard: fields, ...destination });
  return format.begin() + format.rows(rows) + format.end();
}
