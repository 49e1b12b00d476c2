import fc from 'fast-check';

const firstSurrogate = 0xd800;
const surrogates = 0x800;

/**
 * Any Unicode character. The same as fast-check's unit `binary`, which first makes a table of all 1.1 million characters:
 * a second and 150 MB in each process.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - surrogates })
  .map((index) => String.fromCodePoint(index < firstSurrogate ? index : index + surrogates), indexOf);

/** Needed by fast-check to use its list of dangerous strings. */
function indexOf(character: unknown): number {
  const [first, ...more] = String(character);
  const code = first?.codePointAt(0);
  if (code === undefined || more.length > 0) throw new Error('this is not one character');
  return code < firstSurrogate ? code : code - surrogates;
}
