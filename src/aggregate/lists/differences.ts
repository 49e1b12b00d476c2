import type { Log } from '../../log.ts';
import type { ListedDifference } from '../../store/records/pass.ts';

/** Contracts with a line each; the summary counts all differences. */
const reportedContracts = 10;

/** Reports where lists differ from stored contracts, one line per contract. */
export class Differences {
  #contracts = 0;

  report(differing: readonly ListedDifference[], log: Log): void {
    for (const [contract_id, differences] of Map.groupBy(differing, (difference) => difference.contract_id)) {
      this.#contracts += 1;
      const fields = differences.map(
        ({ field, old_value, new_value }) =>
          `${field} ${JSON.stringify(new_value)}, stored with ${JSON.stringify(old_value)}`,
      );
      const message = `contract ${contract_id} is listed with ${fields.join('; ')}; keeping what is stored`;
      log[this.#contracts <= reportedContracts ? 'warn' : 'debug'](message, { contract_id });
    }
  }
}
