import { describe, expect, it } from 'vitest';
import { parseFit } from '../src/eve/fit.ts';

const fitted = `
[Rifter, A fit, with a comma]
Damage Control II
Gyrostabilizer II
Gyrostabilizer II /OFFLINE
[Empty Low slot]

5MN Y-T8 Compact Microwarpdrive
Abyssal Stasis Webifier [1]

200mm AutoCannon II, Republic Fleet EMP S
200mm AutoCannon II, Republic Fleet EMP S


Warrior II x3
Warrior II x2

Nanite Repair Paste x50

[1] Stasis Webifier II
  Unstable Stasis Webifier Mutaplasmid
  cpu 30.0, maxRange 14000.0
`;

describe('a fit', () => {
  it('has the ship, modules, charges, drones and cargo, and nothing of empty slots and rolls', () => {
    expect(Object.fromEntries(parseFit(fitted.replaceAll('\n', '\r\n')))).toEqual({
      Rifter: 1,
      'Damage Control II': 1,
      'Gyrostabilizer II': 2,
      '5MN Y-T8 Compact Microwarpdrive': 1,
      'Abyssal Stasis Webifier': 1,
      '200mm AutoCannon II': 2,
      'Republic Fleet EMP S': 2,
      'Warrior II': 5,
      'Nanite Repair Paste': 50,
    });
  });

  it.each(['', '\n', 'Rifter', '[Rifter]', '[, a fit]', 'Damage Control II\n[Rifter, late]'])(
    'that does not begin with a ship is refused: %j',
    (text) => {
      expect(() => parseFit(text)).toThrow('the first line has no ship');
    },
  );
});
