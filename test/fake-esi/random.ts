/** Random values that follow from a seed. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from `lowest` to `highest`, both included. */
  integer(lowest: number, highest: number): number;
  chance(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** One of the values, each as often as its weight says. */
  weighted<Value>(values: readonly (readonly [value: Value, weight: number])[]): Value;
  /** Normally distributed around 0 with standard deviation 1. */
  normal(): number;
}

/** Starts a sequence of draws; equal seeds give equal sequences. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  // Mulberry32: 32 bits of state are plenty for test data, and it is one of the fastest generators in JavaScript.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };

  return {
    next,
    integer: (lowest, highest) => lowest + Math.floor(next() * (highest - lowest + 1)),
    chance: (probability) => next() < probability,
    pick: (values) => {
      const value = values[Math.floor(next() * values.length)];
      if (value === undefined) {
        throw new RangeError('Nothing to pick from.');
      }
      return value;
    },
    weighted: (values) => {
      let rest = next() * values.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of values) {
        rest -= weight;
        if (rest < 0) {
          return value;
        }
      }
      throw new RangeError('Nothing to pick from.');
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}
