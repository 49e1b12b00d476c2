import { contractItemsPath } from '../esi/routes/contract-items.ts';
import type { Log } from '../log.ts';
import type { DueContract } from '../store/records/pass.ts';
import type { ContractResult } from './contract.ts';

type NotStored = Exclude<ContractResult, { status: 'stored' }>;

interface Ids {
  readonly region_id: number;
  readonly contract_id: number;
}

/** Failures for one reason, with the fields of the first. */
interface Kind {
  readonly reason: string;
  readonly fields: Ids;
  count: number;
}

const route = contractItemsPath(0).replace(/\d+$/, '{id}');
/** So many kinds of failures get a line each; the summary counts all. */
const kindsToTell = 10;

/**
 * Failures of contracts, one line a kind: ESI refuses thousands for one reason on a bad day, and each line is a line of a
 * mail.
 */
export class ContractFaults {
  readonly #kinds = new Map<string, Kind>();

  /** Writes a detail to the log, and keeps for {@link tell} what no earlier pass has told. */
  note(
    { region_id, contract_id, attempts }: DueContract,
    { status, reason, httpStatus }: NotStored,
    { isNews, log }: { readonly isNews: boolean; readonly log: Log },
  ): void {
    const fields = { region_id, contract_id, route, status: httpStatus, attempt: attempts + 1 };
    log.debug(`${nameOf(fields)} is ${status}: ${reason}`, fields);
    if (!isNews) return;
    // Messages about requests name the contract.
    const kind = reason.replaceAll(String(contract_id), '…');
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { reason, fields, count: 1 });
    else known.count += 1;
  }

  tell(log: Log): void {
    for (const { reason, fields, count } of [...this.#kinds.values()].slice(0, kindsToTell)) {
      if (count === 1) log.warn(`${nameOf(fields)} is deferred: ${reason}`, fields);
      else log.warn(`${count} contracts are deferred, the first is ${nameOf(fields)}: ${reason}`, { ...fields, count });
    }
  }
}

const nameOf = ({ contract_id, region_id }: Ids) => `contract ${contract_id} in region ${region_id}`;
