import { replaceHazards } from '../../visible.ts';

/** What a shell would make of a line that is still being typed. */
export interface TypedLine {
  /** The words without their quotes; the last is the one at the cursor, and may be empty. */
  readonly words: readonly string[];
  /** The quote that the last word is still in; empty outside of quotes. */
  readonly quote: '' | '"' | "'";
}

/** Splits a line as a shell does, as far as quotes and backslashes go; nothing is expanded, nothing is run. */
export function splitLine(line: string): TypedLine {
  return readWords(line, /\s/);
}

/** A piece of such a line without its quotes; the quote that it begins in may be missing. */
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

/** Writes a text so that a shell, standing within this quote, reads it as it is. */
export function quoteFor(text: string, quote: TypedLine['quote']): string {
  if (quote === "'") return text.replaceAll("'", "'\\''");
  if (quote === '"') return text.replaceAll(/["\\$`]/g, '\\$&');
  return text.replaceAll(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
}

/**
 * A word as bash and zsh take it back, shown so that a terminal obeys nothing in it: characters that cannot be seen are
 * written as their bytes, which every locale reads alike.
 */
export function shellQuoted(word: string): string {
  // To zsh a word that begins with = is the path of a command.
  if (/^(?!=)[\w@%+=:,./-]+$/.test(word)) return word;
  if (replaceHazards(word, () => '') === word) return `'${word.replaceAll("'", "'\\''")}'`;
  // No ! either, which would be history to a shell that loses count of the quotes.
  return `$'${replaceHazards(word.replaceAll(/['!]|\\/g, bytesOf), bytesOf)}'`;
}

function bytesOf(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
