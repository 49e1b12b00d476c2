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

This page is made by \`npm run chaos -- --seed ${seed}\`, which puts the built executable to the test: real processes, a
stand-in ESI over HTTP, SQLite files and a PostgreSQL server. Equal seeds give equal worlds, faults and moments of kills;
which request meets which fault also depends on how the machine schedules them.

Last run: ${new Date().toISOString().slice(0, 10)}, ${minutes.toFixed(1)} minutes, ${cpus().length} cores, Node ${process.version}.
**${violations.length} violations** of the promises below; the database was read ${count(looks)} times meanwhile.
${violations.map((violation) => `\n- ${violation}`).join('')}${violations.length === 0 ? '' : '\n'}
## What is promised

- Whoever reads the database at any moment finds every stored contract with all its items.
- Once the faults are over, one more pass makes the database equal to the server, contract by contract, field by field.
- No contract is ever said to be gone that was listed all the time, in whatever region, and not even when ESI answers
  with whole, well-formed and empty lists.
- A later end of an auction and another region are taken over from the list.
- No list is asked for before it has expired; where pages of one list disagree, only those pages are asked for again. A
  flaw that stays is believed as far as the pages agree.
- No items are asked for that have come whole, or that have been refused in the same pass.
- ESI's error limit is never reached: no answer of 420 but those that were injected.
- No pass ends in a stack trace, with an exit code other than 0, 3 or 12, or with an open row in the ledger.
- After SIGTERM and SIGINT a pass is over within five seconds.

## Killed passes

Each row is a series of passes, ended from outside at random moments while contracts come and go; every pass takes up
what the one before it left.

| database | signal | passes | met at work | reads meanwhile | slowest end | violations |
|---|---|---|---|---|---|---|
${kills.map(killRow).join('\n')}

## The error budget

A cold start of ${count(budget.contracts)} contracts, ${count(budget.refused)} of them refused with 403 or 404, under a limit of 100 errors in windows of two seconds
instead of ESI's sixty: ${count(budget.requests)} requests in ${budget.seconds.toFixed(0)} s, ${budget.violations.length} violations. With ESI's windows the same takes ${Math.ceil(budget.refused / 80)}
minutes, because a reserve of 20 errors is left to the user's other tools.

## Faults

A pass among faults that happen to a share of the requests, then one more without. Each cell tells the pass's exit code,
requests that a fault happened to of all requests, and contracts left to the next pass; **✗** marks a violation.

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
