import * as z from 'zod';
import type { Contract } from '../../eve/contract.ts';
import type { Refusal } from '../answer.ts';
import { amount, id, instant, integer, orNull, parse, text, trueOrAbsent } from '../schema.ts';

/** The paged list of a region's public contracts; a new generation every half hour. */
export const contractListPath = (regionId: number) => `contracts/public/${regionId}`;

const contractSchema: z.ZodType<Contract> = z.object({
  contract_id: id,
  type: text.pipe(z.string().min(1)),
  title: orNull(text),
  price: orNull(amount),
  reward: orNull(amount),
  collateral: orNull(amount),
  buyout: orNull(amount),
  volume: orNull(amount),
  days_to_complete: orNull(integer),
  for_corporation: trueOrAbsent,
  date_issued: instant,
  date_expired: instant,
  issuer_id: id,
  issuer_corporation_id: id,
  start_location_id: orNull(id),
  end_location_id: orNull(id),
});

export const parseContract = (row: unknown) => parse(contractSchema, row);

/** The contract id of a row, even if the rest of the row is malformed. */
export function contractIdOf(row: unknown): number | null {
  return z.object({ contract_id: id }).safeParse(row).data?.contract_id ?? null;
}

/** Whether a refused page is past the end of a list that has become shorter. */
export function isPastEnd({ status }: Refusal, page: number): boolean {
  return status === 404 && page > 1;
}
