import { onTestFinished } from 'vitest';
import { type EsiClient, openEsiClient } from '../../src/esi/client.ts';
import { Governor, type GovernorOptions } from '../../src/esi/governor.ts';
import { StopError } from '../../src/process/stop.ts';
import type { StandInEsi } from '../fake-esi/types.ts';

export interface TestClient {
  readonly client: EsiClient;
  readonly governor: Governor;
  /** Ends the pass that the client works for. */
  readonly stop: AbortController;
  /** How often the client said that ESI is down. */
  readonly outages: () => number;
}

export interface TestClientOptions extends Partial<GovernorOptions> {
  readonly contact?: string;
  readonly attemptMilliseconds?: number;
}

/** A client of a stand-in ESI, wired as `aggregate` does it, and closed when the test has finished. */
export function openTestClient({ url }: Pick<StandInEsi, 'url'>, options: TestClientOptions = {}): TestClient {
  const { contact, concurrency = 20, attemptMilliseconds, ...limits } = options;
  const stop = new AbortController();
  const governor = new Governor({ concurrency, signal: stop.signal, ...limits });
  let outages = 0;
  const client = openEsiClient({
    baseUrl: new URL(url),
    contact,
    concurrency,
    governor,
    ...(attemptMilliseconds === undefined ? {} : { attemptMilliseconds }),
    onOutage() {
      outages += 1;
      stop.abort(new StopError('esi_unavailable', 'ESI does not answer'));
    },
  });
  onTestFinished(() => client.close());
  return { client, governor, stop, outages: () => outages };
}
