/** Why a pass ends before its work does. */
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

/** The pass is to end: no further request may be sent. Never a fault of the unit of work that meets it. */
export class StopError extends Error {
  override readonly cause: StopCause;

  constructor(cause: StopCause, message: string) {
    super(message);
    this.name = 'StopError';
    this.cause = cause;
  }
}
