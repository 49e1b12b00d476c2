import { replaceHazards } from '../../visible.ts';

/** A partially typed command line, split like a shell does. */
export interface TypedLine {
  /** The words without their quotes; the last is at the cursor, and may be empty. */
  readonly words: readonly string[];
  /** The open quote of the last word; empty outside of quotes. */
  readonly quote: '' | '"' | "'";
}

/** Splits a line like a shell, with quotes and backslashes only; expands and runs nothing. */
export function splitLine(line: string): TypedLine {
  return readWords(line, /\s/);
}

/** A piece of such a line without its quotes; its opening quote may be missing. */
export function unquote(piece: string): string {
  return readWords(piece, undefined).words.join('');
}

function readWords(line: string, separator: RegExp | undefined): TypedLine {
  const words: string[] = [];
  let quote: TypedLine['quote'] = '';
  let word = '';
  let isInWord = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] as string;
    if (quote === '' && separator?.test(character)) {
      if (isInWord) words.push(word);
      word = '';
      isInWord = false;
      continue;
    }
    isInWord = true;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === '\\' && quote !== "'") {
      index += 1;
      const escaped = line[index] ?? '';
      word += quote === '"' && !'"\\$`'.includes(escaped) ? `\\${escaped}` : escaped;
    } else word += character;
  }
  return { words: [...words, word], quote };
}

/** Escapes a text for use within this quote. */
export function quoteFor(text: string, quote: TypedLine['quote']): string {
  if (quote === "'") return text.replaceAll("'", "'\\''");
  if (quote === '"') return text.replaceAll(/["\\$`]/g, '\\$&');
  return text.replaceAll(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
}

/**
 * A word quoted for bash and zsh, safe to show on a terminal: invisible characters are written as their bytes, which
 * every locale reads alike.
 */
export function shellQuoted(word: string): string {
  // zsh expands a word that begins with = to the path of a command.
  if (/^(?!=)[\w@%+=:,./-]+$/.test(word)) return word;
  if (replaceHazards(word, () => '') === word) return `'${word.replaceAll("'", "'\\''")}'`;
  // Also escapes !, which is history expansion in a shell that loses count of the quotes.
  return `$'${replaceHazards(word.replaceAll(/['!]|\\/g, bytesOf), bytesOf)}'`;
}

function bytesOf(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
