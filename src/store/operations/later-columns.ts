import type { Contract } from '../../eve/contract.ts';
import type { ValueKind } from '../script.ts';

/**
 * Columns of contracts that were added later, with their values. A list that shows a contract fills in nulls, which do
 * not count as differences.
 */
export const laterColumns: Readonly<Partial<Record<keyof Contract, ValueKind>>> = {};
