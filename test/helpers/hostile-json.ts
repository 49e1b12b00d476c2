import fc from 'fast-check';
import { anyCharacter } from './any-character.ts';

/**
 * Any JSON as text, because a parsed value cannot represent everything: numbers beyond doubles, duplicate keys, keys
 * with a meaning in JavaScript, lone surrogates, NULs.
 */
const texts = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', '\0', 'a\0b', '\uD800', '\uDC00x', '\uDFFF\uD800', '\u202Eevil', '\u001b[31m', '=1+1', '💥'),
);

const instants = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '9999-12-31T23:59:59.9999999-23:59',
    '0001-01-01T00:00:00+23:59',
    '2026-03-01T10:00Z',
    '2024-02-29T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '-000001-01-01T00:00:00Z',
  ),
);

const numbers = fc.oneof(
  fc.double().map((number) => JSON.stringify(number) ?? 'null'),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.integer({ min: -2, max: 2 }).map(String),
  fc.constantFrom('-0', '-0.0', '1e400', '-1e400', '5e-324', '1e-400', '9007199254740993', '1.7976931348623157e308'),
);

/** Keys that a row has, so that they come twice, and keys that every object has. */
const keys = (known: readonly string[]) =>
  fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'length', ...known),
    fc.string({ unit: anyCharacter, maxLength: 8 }),
  );

/** The text of any JSON value; its objects like to have these keys. */
export function hostileJson(known: readonly string[] = []): fc.Arbitrary<string> {
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('null', 'true', 'false'),
      numbers,
      texts.map((text) => JSON.stringify(text)),
      instants.map((text) => JSON.stringify(text)),
      fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join(',')}]`),
      fc
        .array(fc.tuple(keys(known), tie('value')), { maxLength: 6 })
        .map((fields) => `{${fields.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`),
      fc.integer({ min: 1, max: 30_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    ),
  }));
  return value;
}

/** The text of a good row in which some fields are left out, replaced by anything, or come a second time. */
export function mutatedJson(row: Readonly<Record<string, unknown>>): fc.Arbitrary<string> {
  const names = Object.keys(row);
  const replacement = fc.oneof(
    hostileJson(names),
    texts.map((text) => JSON.stringify(text)),
    numbers,
  );
  const change = fc.record({
    name: fc.oneof(fc.constantFrom(...names), keys(names)),
    replacement: fc.option(replacement, { nil: undefined }),
    isTwice: fc.boolean(),
  });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const fields = Object.entries(row).map(([name, value]): [string, string] => [name, JSON.stringify(value)]);
    const left = fields.filter(
      ([name]) => !changes.some((each) => each.name === name && (each.replacement === undefined || !each.isTwice)),
    );
    const added = changes.flatMap(({ name, replacement: text }): [string, string][] =>
      text === undefined ? [] : [[name, text]],
    );
    return `{${[...left, ...added].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
  });
}

/** Titles that players write to provoke errors. */
export const hostileTexts: fc.Arbitrary<string> = fc.oneof(
  texts,
  fc
    .array(
      fc.constantFrom(
        ...['=', '+', '-', '@', '|', "'", '"', ',', ';', '\t', '\r', '\n', '\r\n', '\0', '\\', '%', '_', '{', '[', ' '],
        ...['\u001b[2J', '\u001b]0;x\u0007', '\u009b31m', '\u0085', '\u2028', '\u202e', '\u200b', '\ufeff', '\u00ad'],
        ...['\uD83D', '\uDE80', '🚀', '👩‍👩‍👧', 'Ä', 'İ', 'ß', '艦', 'a', '1', '<b>', '&gt;', '\u{E0041}', '\u{1D173}'],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);
