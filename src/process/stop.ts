/** Why a pass ends early. */
export type StopCause =
  | 'signal'
  | 'plan'
  | 'max_requests'
  | 'max_duration'
  | 'esi_unavailable'
  | 'limited'
  | 'downtime';

/** Causes for which ESI as a whole gives no answers. */
export const keptOut: readonly (StopCause | undefined)[] = ['esi_unavailable', 'limited', 'downtime'];

/** Ends the pass: no further request may be sent. Never counts as a failure of the contract in progress. */
export class StopError extends Error {
  override readonly cause: StopCause;

  constructor(cause: StopCause, message: string) {
    super(message);
    this.name = 'StopError';
    this.cause = cause;
  }
}
