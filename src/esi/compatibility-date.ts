/**
 * The release of ESI's interface that this program was written against. Without a date ESI answers as in 2020; a date
 * in the future is refused.
 */
export const compatibilityDate = '2026-08-18';
