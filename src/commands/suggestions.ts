import type { Option } from 'commander';

const suggestions = new WeakMap<Option, readonly string[]>();

/** Adds completion values to an option; unlike commander's choices, other values stay valid. */
export function suggest(option: Option, values: readonly string[]): Option {
  suggestions.set(option, values);
  return option;
}

/** The values of an option that are known without a database. */
export function suggestionsFor(option: Option): readonly string[] | undefined {
  return option.argChoices ?? suggestions.get(option);
}
