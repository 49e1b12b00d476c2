/**
 * The time of the README's and the help's queries over 50,000 listed and 1,000,000 gone contracts: `npm run
 * bench:query`. `npm run bench:query -- URL` uses an existing database.
 */

import type { DatabaseLocation } from '../src/store/location.ts';
import { migrate, openForQueries } from '../src/store/open.ts';
import { fillHistory } from '../test/history/history.ts';
import { answer, questionAsked, questionLines } from '../test/history/questions.ts';
import { locationOf, machine, onEachDatabase, print } from './databases.ts';

const size = { listed: 50_000, gone: 1_000_000 };
const repetitions = 5;

async function measure(location: DatabaseLocation): Promise<void> {
  const store = await openForQueries(location);
  for (const line of questionLines()) {
    const times: number[] = [];
    let found = 0;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const begun = performance.now();
      found = await store.read((reader) => answer(questionAsked(line), reader));
      times.push(performance.now() - begun);
    }
    const [fastest = 0] = times.toSorted((a, b) => a - b);
    const median = times.toSorted((a, b) => a - b)[Math.floor(repetitions / 2)] ?? 0;
    print(`${median.toFixed(1).padStart(8)} ms  (fastest ${fastest.toFixed(1)})  ${line}: ${found}`);
  }
  await store.close();
}

const [given] = process.argv.slice(2);
if (given === undefined) {
  print(`${size.listed} contracts listed, ${size.gone} gone, ${machine}`);
  await onEachDatabase(async (name, location) => {
    const begun = performance.now();
    await migrate(location);
    await fillHistory(location, size);
    print(`${name}, filled in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
    await measure(location);
  });
} else await measure(locationOf(given));
