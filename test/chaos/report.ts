import { cpus } from 'node:os';
import type { BudgetResult } from './budget.ts';
import type { KillResult } from './kills.ts';
import { rates } from './plan.ts';
import type { ScenarioResult } from './scenario.ts';

/** The results of a run of the suite. */
export interface Report {
  readonly seed: number;
  readonly kills: readonly {
    readonly backing: string;
    readonly signal: NodeJS.Signals;
    readonly passes: number;
    readonly result: KillResult;
  }[];
  readonly budget: BudgetResult;
  readonly scenarios: readonly {
    readonly backing: string;
    readonly name: string;
    readonly rate: number;
    readonly result: ScenarioResult;
  }[];
  readonly minutes: number;
}

/** The page with the results; all numbers in it were measured in the run. */
export function renderReport(report: Report): string {
  const { seed, kills, budget, scenarios, minutes } = report;
  const results = [...kills, ...scenarios].map(({ result }) => result);
  const looks = results.reduce((sum, result) => sum + result.looks, 0);
  const violations = [...results, budget].flatMap((result) => result.violations);
  return `# Reliability

This page shows how passes behave under faults and kills, with measured results. \`npm run chaos -- --seed ${seed}\` generates
it: the suite runs the built executable in real processes against a fake ESI over HTTP, SQLite files and a PostgreSQL server.
The seed determines the world, the faults and the times of kills. Which request gets which fault also depends on scheduling.

Last run: ${new Date().toISOString().slice(0, 10)}, ${minutes.toFixed(1)} minutes, ${cpus().length} cores, Node ${process.version}.
**${violations.length} violations** of the guarantees below, in ${count(looks)} reads of the database during the run.
${violations.map((violation) => `\n- ${violation}`).join('')}${violations.length === 0 ? '' : '\n'}
## Guarantees

- A reader of the database always sees each stored contract with all its items.
- After the faults stop, one pass makes the database equal to the server in every field of every contract.
- A contract that is listed in any region is never marked as gone, even if ESI returns complete, well-formed, empty lists.
- A later expiry of an auction, and a move to another region, are copied from the list.
- A list is not requested before it expires. If pages of a list disagree, the pass requests only those pages again. If they
  still disagree, it uses only what they agree on.
- Items are not requested again after a complete answer, nor after a refusal in the same pass.
- ESI's error limit is never reached: the only 420 answers are injected ones.
- No pass ends with a stack trace, with an exit code other than 0, 3 or 12, or with an open row in the ledger.
- A pass ends within five seconds of SIGTERM or SIGINT.

## Killed passes

Each row is a series of passes that get the signal at random times while contracts appear and disappear. Each pass continues
from the state that the previous one left. "Interrupted" counts the passes that were sending requests at that time.

| database | signal | passes | interrupted | reads | slowest exit | violations |
|---|---|---|---|---|---|---|
${kills.map(killRow).join('\n')}

## The error budget

A first pass over ${count(budget.contracts)} contracts, with 403 or 404 for ${count(budget.refused)} of them and a limit of 100 errors per two seconds instead of
ESI's sixty: ${count(budget.requests)} requests in ${budget.seconds.toFixed(0)} s, ${budget.violations.length} violations. With ESI's window it would take ${Math.ceil(budget.refused / 80)} minutes, because 20 of
the 100 errors are reserved for the user's other tools.

## Faults

One pass runs with a fault in the given share of its requests, then one without. A cell shows the first pass's exit code,
the faulty requests and all requests, and the contracts left for the next pass: \`3: 2/27, 1\`. **✗** marks a violation.

| fault | ${columns(scenarios).join(' | ')} |
|---|${columns(scenarios)
    .map(() => '---')
    .join('|')}|
${faultRows(scenarios).join('\n')}
`;
}

const count = (number: number) => number.toLocaleString('en-US');

function killRow({ backing, signal, passes, result }: Report['kills'][number]): string {
  const cells = [
    backing,
    signal,
    passes,
    result.interrupted,
    count(result.looks),
    `${Math.round(result.slowestMilliseconds)} ms`,
    result.violations.length,
  ];
  return `| ${cells.join(' | ')} |`;
}

function backingsOf(scenarios: Report['scenarios']): string[] {
  return [...new Set(scenarios.map(({ backing }) => backing))];
}

function columns(scenarios: Report['scenarios']): string[] {
  return backingsOf(scenarios).flatMap((backing) => rates.map((rate) => `${backing} ${rate * 100} %`));
}

function faultRows(scenarios: Report['scenarios']): string[] {
  const names = [...new Set(scenarios.map(({ name }) => name))];
  return names.map((name) => {
    const cells = backingsOf(scenarios).flatMap((backing) =>
      rates.map((rate) => {
        const found = scenarios.find((each) => each.name === name && each.backing === backing && each.rate === rate);
        return found === undefined ? '' : cell(found.result);
      }),
    );
    return `| ${name} | ${cells.join(' | ')} |`;
  });
}

function cell({ exitCode, faulted, requests, left, violations }: ScenarioResult): string {
  return `${exitCode}: ${faulted}/${requests}, ${left}${violations.length === 0 ? '' : ' **✗**'}`;
}
