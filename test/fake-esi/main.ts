/*
 * Starts a stand-in ESI by hand: `node test/fake-esi/main.ts --contracts 1000`. Prints its URL and runs until it is
 * interrupted.
 */
import { parseArgs } from 'node:util';
import { startStandInEsi } from './server.ts';

const { values } = parseArgs({
  options: {
    contracts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    'list-lifetime': { type: 'string', default: '1800' },
    latency: { type: 'string', default: '0' },
    'synthetic-types': { type: 'string', default: '0' },
  },
});

const esi = await startStandInEsi({
  contracts: wholeNumber('contracts'),
  seed: wholeNumber('seed'),
  port: wholeNumber('port'),
  lifetimes: { list: wholeNumber('list-lifetime') },
  latencyMilliseconds: wholeNumber('latency'),
  syntheticTypes: wholeNumber('synthetic-types'),
});
process.stdout.write(`${esi.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void esi.close());
}

function wholeNumber(option: keyof typeof values): number {
  const number = Number(values[option]);
  if (!Number.isSafeInteger(number) || number < 0) {
    process.stderr.write(`--${option} must be a whole number, such as --${option} 10\n`);
    process.exit(2);
  }
  return number;
}
