/**
 * Text that every database can store: PostgreSQL rejects NUL, and no encoding has lone surrogates; each becomes U+FFFD.
 * All other text is unchanged.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** A value as JSON that every database can store. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'string') return storableText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, field]) => [storableText(key), field]));
  });
}
