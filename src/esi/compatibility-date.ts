/**
 * The version of ESI's interface that this program was written for. Without a date ESI answers as in 2020; it refuses a
 * date in the future.
 */
export const compatibilityDate = '2026-08-18';
