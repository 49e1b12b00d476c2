import { contractItemsPath } from '../esi/routes/contract-items.ts';
import type { Log } from '../log.ts';
import type { DueContract } from '../store/records/pass.ts';
import type { ContractResult } from './contract.ts';

type NotStored = Exclude<ContractResult, { status: 'stored' }>;

interface Ids {
  readonly region_id: number;
  readonly contract_id: number;
}

/** Failures with the same reason, and the fields of the first. */
interface Kind {
  readonly reason: string;
  readonly fields: Ids;
  count: number;
}

const route = contractItemsPath(0).replace(/\d+$/, '{id}');
/** Kinds of failures with a line each; the summary counts all. */
const reportedKinds = 10;

/**
 * Failures of contracts, one line per kind: on a bad day ESI refuses thousands for one reason, and every line ends up
 * in a mail.
 */
export class ContractFaults {
  readonly #kinds = new Map<string, Kind>();

  /** Logs a detail, and keeps failures that no earlier pass has reported for {@link report}. */
  note(
    { region_id, contract_id, attempts }: DueContract,
    { status, reason, httpStatus }: NotStored,
    { isNews, log }: { readonly isNews: boolean; readonly log: Log },
  ): void {
    const fields = { region_id, contract_id, route, status: httpStatus, attempt: attempts + 1 };
    log.debug(`${nameOf(fields)} is ${status}: ${reason}`, fields);
    if (!isNews) return;
    // Request errors contain the contract's id, which would make every reason unique.
    const kind = reason.replaceAll(String(contract_id), '…');
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { reason, fields, count: 1 });
    else known.count += 1;
  }

  report(log: Log): void {
    for (const { reason, fields, count } of [...this.#kinds.values()].slice(0, reportedKinds)) {
      if (count === 1) log.warn(`${nameOf(fields)} is deferred: ${reason}`, fields);
      else log.warn(`${count} contracts are deferred, first ${nameOf(fields)}: ${reason}`, { ...fields, count });
    }
  }
}

const nameOf = ({ contract_id, region_id }: Ids) => `contract ${contract_id} in region ${region_id}`;
