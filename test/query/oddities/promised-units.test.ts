import { describe, expect, it } from 'vitest';
import { asked, flags, item, plex, rifter, tritanium } from './judged.ts';

describe('a title that promises more units than are inside', () => {
  it.each([
    '10x Rifter',
    '10 x Rifters',
    '[10x] Rifter',
    '(10 x) Rifters',
    '{10x}Rifter',
    '[10] Rifter',
    '(10) Rifters',
    'Rifter (10)',
    'Rifters [10] cheap',
    'Rifter {10}, Jita',
    '"Rifter" (10)',
    'ten Rifters',
    'WTS Ten Rifters cheap',
    'two of Rifter',
    '[twelve Rifters]',
    'WTS 2x RIFTER, fitted',
    '10 Rifter cheap',
    '** 10 Rifters **',
    'Rifter x10',
    'rifter × 10!',
    'x10 Rifter',
    'x 10 rifters',
    '×10 Rifter',
    'WTS cheap x10 Rifter!',
    '3 gyros, x10 Rifter',
    '(x10 Rifter)',
    '[x10 Rifter] x3',
    '10x Rifter, no blueprint',
    '[5x] then 3x Rifter',
    '1,000 x Rifter',
    '１０x Rifter',
    '10\u200Bx Rifter',
    '1\u00AD0x Ri\u034Ffter\u3164',
    '10x R\u{E0041}ifter\uFE0F',
    '&gt;&gt; 10x Rifter &lt;&lt;',
    'Rifter x10 cheap',
    'Rifter x10, cheap',
    'Rifter x10 Jita',
    'Rifter x10 for you',
    'Rifter x10 for 10m each',
    'Rifter x10 - fitted for you',
    '10x "Rifter"',
    '10x [Rifter]',
    '10x - Rifter',
    'x10 [Rifter]',
    '"Rifter" x10',
    'Rifter [x10]',
    'Rifter (10x)',
    'Rifter 10x',
    'Rifters 10x cheap',
    'Rifter - x10',
    '10 units Rifter',
    '10 units of Rifter',
    '10 pieces Rifter',
    'Lot 3: 10x Rifter',
    'Batch no. 7, 10x Rifter',
  ])('%j with one Rifter', (title) => {
    expect(flags(title, [rifter])).toEqual(['title_promises_more']);
  });

  it.each([
    '1x Rifter',
    'Rifter',
    'Rifter (2026)',
    'Rifter (10/20)',
    '(10/20) Rifter',
    '[10/20] Rifter',
    'Rifter (10%)',
    'Rifter (10m)',
    'Rifter (10 runs)',
    'Rifter (1,000)',
    'Rifter (10) gyros',
    'Rifter (1)',
    'often Rifter',
    'seventy-ten Rifter',
    'one Rifter',
    'ten gyros, Rifter',
    'Rifter 10/20',
    '10% off Rifter',
    '-10 Rifter',
    '1.5x Rifter',
    'ME 10 Rifter',
    'Rifter x2 gyros',
    'Rifter for 10m',
    'Rifter 2026',
    '10x Rifterbane',
    'Superrifter x10',
    'Gyro x10 Rifter',
    'ME x10 Rifter',
    '1x10 Rifter',
    'box10 Rifter',
    'x10 fit Rifter',
    'x1 Rifter',
    '10 of 20 Rifter',
    'v2.0 Rifter',
    'T2 Rifter',
    '',
    null,
    '10x',
    '15,000,000 Rifter',
    '2500000 Rifter',
    '15m Rifter',
    '2 500 000 Rifter',
    '#12 Rifter',
    '# 12 Rifter',
    'Batch #2 x Rifter',
    'Lot 3 x Rifter',
    'Lot #3 x Rifter',
    'No. 3 x Rifter',
    'box 3 x Rifter',
    'Rifter x2 best gyros',
    'Rifter 10x gyros',
    'Rifter 10x Raven',
    'Rifter x10% off',
    'Rifter 10xl',
    'Rifter x1 150 mil',
    'Rifter x1.5',
    'Rifter 5*',
    '10 - Rifter',
  ])('not %j with one Rifter', (title) => {
    expect(flags(title, [rifter])).toEqual([]);
  });

  it('counts all stacks of the type, and nothing that is asked for', () => {
    expect(flags('10x Rifter', [item('Rifter', { quantity: 4 }), item('Rifter', { quantity: 6 })])).toEqual([]);
    expect(flags('11x Rifter', [item('Rifter', { quantity: 4 }), item('Rifter', { quantity: 6 })])).toEqual([
      'title_promises_more',
    ]);
    expect(flags('2x Tritanium', [rifter, asked(item('Tritanium'))])).toEqual([]);
    expect(flags('1,000,000 Tritanium', [tritanium])).toEqual(['title_promises_more']);
    expect(flags('1000 Tritanium', [tritanium])).toEqual([]);
  });

  it.each([
    'PLEX x500 Jita',
    'PLEX x500 for you',
    '500 units PLEX',
    '500 PLEX',
    '500 "PLEX"',
    'PLEX x 1 500',
    '10,000x PLEX',
  ])('%j with one PLEX', (title) => {
    expect(flags(title, [plex])).toEqual(['title_promises_more']);
  });

  it.each([
    '10k Tritanium',
    '1m Tritanium',
    '1.5m Tritanium',
    '10 000 Tritanium',
    '1 000 000 Tritanium',
    'Tritanium x 10 000',
    'Tritanium x10k',
    'Tritanium x 10 000!',
    '10k x Tritanium, Jita',
    '15,000,000 Tritanium',
  ])('%j with a thousand', (title) => {
    expect(flags(title, [tritanium])).toEqual(['title_promises_more']);
  });

  it.each(['1k Tritanium', '0.5k Tritanium', '1 000 Tritanium', 'Tritanium x 1 000', 'Tritanium for 10m'])(
    'not %j with a thousand',
    (title) => {
      expect(flags(title, [tritanium])).toEqual([]);
    },
  );

  it('is not read into a price of what does not come in bulk', () => {
    for (const title of ['850m PLEX', '5m PLEX', '2500000 PLEX', '900k PLEX']) expect(flags(title, [plex])).toEqual([]);
  });

  it('is not read into the number of runs, or into a longer name', () => {
    const blueprint = item('Rifter Blueprint', { is_blueprint: true });
    expect(flags('10x Rifter Blueprint', [blueprint])).toEqual([]);
    expect(
      flags('10x Rifter Blueprint', [blueprint, item('Rifter Blueprint', { is_blueprint: true, quantity: 9 }), rifter]),
    ).toEqual([]);
    expect(flags('2x Caracal Navy Issue', [item('Caracal'), item('Caracal Navy Issue', { quantity: 2 })])).toEqual([]);
    expect(flags('100mm Plate', [item('100mm Plate')])).toEqual([]);
  });

  it.each([
    '10x rifter blueprint',
    '10x Rifter Blueprints',
    'x10 Rifter Blueprint',
    'Rifter Blueprint x10',
    '10x Rifter Sarum SKIN',
    "10x 'Augmented' Rifter",
    "'Augmented' Rifter x10",
    '10x Rifter BPC',
    '10 rifter bpos',
    '10x Rifter SKIN',
    '10x "Rifter" blueprint',
    '10x Rifter (BPC)',
    '10x Rifter-BPC',
    'Rifter 10x BPC',
    'Rifter x10 SKINs',
  ])('is not read into a longer name of another type, or another thing of the name: %j with one Rifter', (title) => {
    expect(flags(title, [rifter])).toEqual([]);
  });

  it('is not read into the end of a longer name', () => {
    expect(flags('Compressed Tritanium x5000', [tritanium])).toEqual([]);
    expect(flags('Tritanium x5000 + Compressed Tritanium', [tritanium])).toEqual(['title_promises_more']);
  });

  it('is not read from a name that is nothing, or cannot be seen', () => {
    for (const name of ['', ' ', '\u200B']) expect(flags('10x', [item(name)])).toEqual([]);
  });

  it('is not read from a name that would be a pattern', () => {
    expect(flags('5x .*', [item('.*')])).toEqual(['title_promises_more']);
    expect(flags('5x anything', [item('.*')])).toEqual([]);
    expect(flags(`${'9'.repeat(5_000)}x Rifter`, [rifter])).toEqual(['title_promises_more']);
    expect(flags(`${'1,111 '.repeat(20_000)}x Rifter`, [rifter])).toEqual(['title_promises_more']);
  });

  it.each(['111 ', 'Rifter ', 'Rifter x', 'x1 Rifter for ', '"', '1 x ', ' ', '10x "'])(
    'is read at once from a title of nothing but %j',
    (piece) => {
      // A rule that looks at all of such a title for each of its words would outlast the test.
      expect(flags(piece.repeat(50_000), [item('Rifter', { quantity: 10_000_000 })])).toEqual([]);
    },
  );
});
