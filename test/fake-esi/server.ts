import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, failure } from './answers.ts';
import { createClock } from './clock.ts';
import { createContractRoutes } from './contract-routes.ts';
import { createErrorLimit, limitedAnswer } from './error-limit.ts';
import { applyFaults, type Outcome } from './fault-effects.ts';
import { createFaults, matches } from './faults.ts';
import { createGates } from './gate.ts';
import { createGenerations } from './generations.ts';
import { answerNames } from './names-route.ts';
import { createRandom } from './random.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRequestLog } from './request-log.ts';
import { send } from './responses.ts';
import { findTarget, type Target } from './routes.ts';
import { createStaticRoutes } from './static-routes.ts';
import type { RequestRecord, StandInEsi, StandInOptions } from './types.ts';
import { buildUniverse } from './universe/build.ts';
import { createContractStore } from './world/store.ts';

const defaults = {
  seed: 1,
  contracts: 0,
  pageSize: 1000,
  lifetimes: { list: 1800, items: 3600, bids: 300 },
  errorLimit: { limit: 100, windowSeconds: 60 },
} as const;

/** Keeps the draws of faults apart from those of contracts. */
const faultSeed = 0x5eed;

/** Starts a server on 127.0.0.1 that answers as ESI does, with an invented world and faults on demand. */
export async function startStandInEsi(options: StandInOptions = {}): Promise<StandInEsi> {
  const seed = options.seed ?? defaults.seed;
  const clock = createClock(options.now);
  const lifetimes = { ...defaults.lifetimes, ...options.lifetimes };
  const universe = buildUniverse({
    regions: options.regions ?? 'all',
    syntheticTypes: options.syntheticTypes ?? 0,
  });
  const store = createContractStore(seed, universe, clock);
  store.populate(options.contracts ?? defaults.contracts);
  const generations = createGenerations(store, clock, lifetimes, options.pageSize ?? defaults.pageSize);
  const errorLimit = createErrorLimit(clock, options.errorLimit ?? defaults.errorLimit);
  const rateLimits = createRateLimits(clock);
  const { faults, happeningTo } = createFaults(createRandom(seed ^ faultSeed));
  const gates = createGates(matches);
  const { log, write } = createRequestLog();
  const routes = {
    ...createContractRoutes(store, generations, clock, lifetimes, (regionId) => universe.regions.has(regionId)),
    ...createStaticRoutes(universe, store, clock, options.lifetimes?.static),
  };

  const answerTarget = (target: Target, body: string): Answer => {
    switch (target.route) {
      case 'unknown':
        return failure(404, 'Not found');
      case 'names':
        return answerNames(universe, body);
      default:
        return routes[target.route](target);
    }
  };

  const decide = (record: RequestRecord, target: Target, body: string): Outcome => {
    if (errorLimit.isExhausted()) {
      return applyFaults(limitedAnswer(errorLimit.headers()), []);
    }
    const secondsToWait = rateLimits.secondsToWait(record.route);
    if (secondsToWait !== undefined) {
      return applyFaults(failure(429, 'Too many requests', { 'Retry-After': String(secondsToWait) }), []);
    }
    if (record.compatibilityDate !== undefined && Number.isNaN(Date.parse(record.compatibilityDate))) {
      return applyFaults(failure(400, 'Invalid X-Compatibility-Date'), []);
    }
    const faults = happeningTo(record);
    record.faults = faults.map(({ kind }) => kind);
    return applyFaults(answerTarget(target, body), faults);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/' } = request;
    const target = findTarget(method, path);
    const record = describeRequest(request, method, path, target, clock.now());
    const regionId = target.route === 'list' ? target.ids[0] : store.find(record.contract_id ?? 0)?.region_id;
    if (regionId !== undefined) {
      record.region_id = regionId;
    }
    write(record);
    const body = method === 'POST' ? await readBody(request) : '';
    if (options.latencyMilliseconds !== undefined && options.latencyMilliseconds > 0) {
      await sleep(options.latencyMilliseconds);
    }
    await gates.passed(record);

    const { answer, connection, delayMilliseconds, ...manner } = decide(record, target, body);
    if (answer.expires !== undefined) {
      record.expires = answer.expires;
    }
    if (delayMilliseconds > 0) {
      await sleep(delayMilliseconds);
    }
    if (connection === 'reset') {
      request.socket.resetAndDestroy();
    } else if (connection !== 'hang') {
      const limitHeaders = (status: number): Record<string, string> => {
        if (rateLimits.covers(record.route)) {
          return rateLimits.charge(record.route, status);
        }
        if (status >= 400 && status !== 420) {
          errorLimit.count();
        }
        return errorLimit.headers();
      };
      record.status = send(request, response, answer, clock.now(), limitHeaders, {
        isTruncated: connection === 'truncate',
        ...manner,
      });
    }
  };

  const server = createServer((request, response) => {
    // A client that disconnects early is not an error.
    handle(request, response).catch(() => request.socket.destroy());
  });
  // Only faults may break connections, not a client that was idle for Node's five seconds.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    universe,
    clock,
    world: { ...store, regenerate: generations.regenerate },
    faults,
    requests: log,
    hold: gates.hold,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function describeRequest(
  request: IncomingMessage,
  method: string,
  path: string,
  { route, ids: [id], page }: Target,
  at: Date,
): RequestRecord {
  const compatibilityDate = request.headers['x-compatibility-date'];
  return {
    method,
    path,
    route,
    page,
    conditional: request.headers['if-none-match'] !== undefined,
    status: 0,
    faults: [],
    ...(route === 'items' || route === 'bids' ? { contract_id: id ?? Number.NaN } : {}),
    ...(id === undefined ? {} : { id }),
    userAgent: request.headers['user-agent'],
    compatibilityDate: Array.isArray(compatibilityDate) ? compatibilityDate[0] : compatibilityDate,
    at,
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
