import { describe, expect, it } from 'vitest';
import { asked, flags, item, plex, rifter, tritanium } from './judged.ts';

describe('the same type both ways', () => {
  it('is flagged where it is offered and asked for', () => {
    expect(flags('', [plex, asked({ ...plex, quantity: 50 })])).toEqual(['same_type_both_ways']);
  });
  it('is not flagged where it is only one of them, or another type', () => {
    expect(flags('', [plex, plex])).toEqual([]);
    expect(flags('', [asked(plex), asked(plex)])).toEqual([]);
    expect(flags('', [rifter, asked(plex)])).toEqual([]);
  });
});

describe('a selling title over items that are asked for', () => {
  it.each([
    'WTS Caracal',
    'selling PLEX',
    'Rifter FOR SALE!',
    '>wts<',
    'w\u200Bts',
    'Sell Rifter',
    'Sale: Rifter',
    'Rifter SALE',
    'Selling Rifter - buy it now',
    'Rifter for sale, buy now!',
    'need isk WTS Raven',
    'Need to sell Raven',
    'WTS: no trade, no swap',
    'WTS Raven, no trades',
  ])('%j', (title) => {
    expect(flags(title, [rifter, asked(plex)])).toContain('title_sells_but_asks_for_items');
  });
  it.each([
    'WTB, not WTS',
    'selling Rifter for your PLEX',
    'trade, for sale',
    'newts',
    'Rifter',
    '',
    null,
    'Sell me your PLEX',
    'sell your PLEX here',
    'Sell PLEX to us',
    'WTS or trade, no swap',
    'WTS, need PLEX',
    'buy it now',
    'wholesale',
  ])('not %j', (title) => {
    expect(flags(title, [rifter, asked(plex)])).toEqual([]);
  });
  it('is not flagged where nothing is asked for', () => {
    expect(flags('WTS Rifter', [rifter])).toEqual([]);
  });
});

describe('a price of zero over items that are asked for', () => {
  it.each([0, null])('is flagged with a reward of %j', (reward) => {
    expect(flags('', [rifter, asked(plex)], { price: 0, reward })).toEqual(['price_zero_but_asks_for_items']);
  });
  it('is not flagged where the issuer pays, where a price is asked too or not known, or nothing is asked for', () => {
    expect(flags('', [asked(plex)], { price: 0, reward: 1 })).toEqual([]);
    expect(flags('', [rifter, asked(plex)], { price: 1 })).toEqual([]);
    expect(flags('', [rifter, asked(plex)], { price: null })).toEqual([]);
    expect(flags('', [rifter], { price: 0 })).toEqual([]);
  });
});

describe('a ship in the title and none inside', () => {
  it.each([
    'Raven',
    'RAVEN!!!',
    'Selling a Raven, cheap',
    '♦ raven ♦',
    'WTS 2x Ravens',
    'Caracal Navy Issue - fully fitted',
  ])('%j with minerals', (title) => {
    expect(flags(title, [tritanium])).toContain('ship_in_title_but_none_inside');
  });
  it.each([
    'Raven parts',
    'Raven fit',
    'fittings for a Raven',
    'Raven BPC',
    'Raven SKIN',
    'Ravenous',
    'ravenravens',
    '2 drakes eggs',
    '',
    null,
  ])('not %j with minerals', (title) => {
    expect(flags(title, [tritanium])).toEqual([]);
  });
  it('is not flagged where a ship is inside or asked for, where items are unknown, or bear the name', () => {
    expect(flags('Raven', [item('Raven')])).toEqual([]);
    expect(flags('Raven', [rifter])).toEqual([]);
    expect(flags('Raven', [asked(item('Raven'))])).toEqual([]);
    expect(flags('Raven', [item(null)])).toEqual([]);
    expect(flags('Probes', [item('Core Scanner Probe I')])).toEqual([]);
    expect(flags('Raven', [])).toEqual([]);
  });

  const blueprint = item('Raven Blueprint', { is_blueprint: true });
  const skin = item('Raven Wiyrkomi SKIN (Permanent)');
  it.each(['Raven', 'RAVEN for you!', 'WTS Raven, cheap'])(
    '%j with nothing but its blueprint, or its skin',
    (title) => {
      for (const inside of [blueprint, skin]) expect(flags(title, [inside])).toEqual(['ship_in_title_but_none_inside']);
    },
  );
  it.each([
    'Raven BPC',
    'Raven Blueprint',
    'Raven bpo, cheap',
    'Raven SKIN',
    'Raven 10/20',
    'Raven copy',
    'Raven ME 10',
  ])('not %j with its blueprint, or its skin', (title) => {
    for (const inside of [blueprint, skin]) expect(flags(title, [inside])).toEqual([]);
  });
});
