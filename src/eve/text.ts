/**
 * Text as every database can hold it: PostgreSQL knows no NUL, and no encoding knows half a surrogate pair; each becomes
 * U+FFFD. All other text is kept as it came.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** A value as JSON that every database can hold. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'string') return storableText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, field]) => [storableText(key), field]));
  });
}
