import type { Contract } from '../eve/contract.ts';
import type { ValueKind } from './script.ts';

/**
 * Columns of contracts that were added after contracts had been stored without them, with what they hold. A list that
 * shows a contract fills them in where they are null, and reports no difference.
 */
export const laterColumns: Readonly<Partial<Record<keyof Contract, ValueKind>>> = {};
