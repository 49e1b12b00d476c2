import type { Random } from './random.ts';
import type { Fault, FaultMatch, Faults, RequestRecord } from './types.ts';

interface Injection {
  match: FaultMatch;
  fault: Fault;
  timesLeft: number;
  probability: number;
}

/** Kinds that leave the right answer in place and change something about it. */
const changingKinds: ReadonlySet<Fault['kind']> = new Set([
  'truncate',
  'delay',
  'drip',
  'missingPages',
  'pages',
  'lastModified',
  'headers',
  'duplicateContract',
  'transform',
]);

/** Starts without faults; also returns the function that selects the faults of a request. */
export function createFaults(random: Random): { faults: Faults; happeningTo(record: RequestRecord): Fault[] } {
  let injections: Injection[] = [];

  const faults: Faults = {
    inject({ match = {}, fault, times = Number.POSITIVE_INFINITY, probability = 1 }) {
      const injection = { match, fault, timesLeft: times, probability };
      injections.push(injection);
      return {
        remove() {
          injections = injections.filter((other) => other !== injection);
        },
      };
    },
    clear() {
      injections = [];
    },
  };

  const happeningTo = (record: RequestRecord): Fault[] => {
    const happening: Fault[] = [];
    for (const injection of injections) {
      const { match, fault, timesLeft, probability } = injection;
      // The draw comes last, so that requests which do not match leave the sequence of draws alone.
      if (timesLeft > 0 && matches(record, match) && (probability >= 1 || random.chance(probability))) {
        injection.timesLeft--;
        happening.push(fault);
        if (!changingKinds.has(fault.kind)) {
          break;
        }
      }
    }
    return happening;
  };

  return { faults, happeningTo };
}

/** Whether a request is among those that are meant. */
export function matches(record: RequestRecord, { route, ...fields }: FaultMatch): boolean {
  return (
    (route === undefined || route === 'any' || route === record.route) &&
    (fields.region_id === undefined || fields.region_id === record.region_id) &&
    (fields.contract_id === undefined || fields.contract_id === record.contract_id) &&
    (fields.page === undefined || fields.page === record.page) &&
    (fields.id === undefined || fields.id === record.id)
  );
}
