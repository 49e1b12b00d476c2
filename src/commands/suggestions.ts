import type { Option } from 'commander';

const suggestions = new WeakMap<Option, readonly string[]>();

/** Says what a shell may complete an option's value to; unlike commander's choices, other values stay possible. */
export function suggest(option: Option, values: readonly string[]): Option {
  suggestions.set(option, values);
  return option;
}

/** The values that an option may have, as far as they are known without a database. */
export function suggestionsFor(option: Option): readonly string[] | undefined {
  return option.argChoices ?? suggestions.get(option);
}
