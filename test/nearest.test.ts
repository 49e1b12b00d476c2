import { describe, expect, it } from 'vitest';
import { didYouMean, nearestAtAll, nearestNames } from '../src/nearest.ts';

const regions = ['The Forge', 'Domain', 'Heimatar', 'Sinq Laison', 'Metropolis', 'Forgeworld'];

describe('nearest names', () => {
  it.each([
    ['Domian', 'Domain'],
    ['heimtar', 'Heimatar'],
    ['METROPOLIS', 'Metropolis'],
    ['sinq', 'Sinq Laison'],
    ['the forgee', 'The Forge'],
  ])('%s is most likely %s', (text, name) => {
    expect(nearestNames(text, regions)[0]).toBe(name);
  });

  it('a name that begins with what was typed comes before one that holds it', () => {
    expect(nearestNames('forge', regions).slice(0, 2)).toEqual(['Forgeworld', 'The Forge']);
  });

  it('there are none for what is like nothing', () => {
    expect(nearestNames('qqqqqqqqqqqq', regions)).toEqual([]);
    expect(nearestNames('anything', [])).toEqual([]);
  });

  it('there is a maximum number, each once', () => {
    expect(nearestNames('ab', ['ab', 'ab', 'abc', 'abd', 'abe', 'abf'])).toEqual(['ab', 'abc', 'abd']);
  });

  it('a single letter has no suggestions, and a word of a name is enough', () => {
    expect(nearestNames('%', ['Nyx', 'Sin'])).toEqual([]);
    expect(nearestNames('Forg3', regions)).toContain('The Forge');
  });

  it('without a likely one, the nearest are given on request', () => {
    expect(nearestAtAll('qqqqqqqqqqqq', regions)).toHaveLength(3);
    expect(nearestAtAll('forge', regions)).toEqual(nearestNames('forge', regions));
    expect(nearestAtAll(' ', regions)).toEqual([]);
    expect(nearestAtAll('anything', [])).toEqual([]);
  });

  it('the order does not depend on the order of the candidates', () => {
    const names = ['Badger', 'Bader', 'Badges', 'Bad'];
    expect(nearestNames('badge', names.toReversed())).toEqual(nearestNames('badge', names));
  });
});

describe('the question that suggests them', () => {
  it.each([
    [[], ''],
    [['a'], '. Did you mean "a"?'],
    [['a', 'b'], '. Did you mean "a" or "b"?'],
    [['a', 'b', 'c'], '. Did you mean "a", "b" or "c"?'],
  ])('of %j is %j', (names, question) => {
    expect(didYouMean(names)).toBe(question);
  });
});
