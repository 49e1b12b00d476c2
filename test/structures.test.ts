import { describe, expect, it } from 'vitest';
import { parseStructures } from '../src/eve/structures.ts';

const perimeter = {
  structure_id: 1_035_466_617_946,
  name: 'Perimeter - Tranquility, "Trading"',
  system_id: 30_000_144,
};

describe('a list of structures', () => {
  it.each([
    ['CSV', '\uFEFFstructure_id,name,system_id\r\n1035466617946,"Perimeter - Tranquility, ""Trading""",30000144\r\n'],
    [
      'CSV with other columns',
      'name,owner,structure_id,solar_system_id\n"Perimeter - Tranquility, ""Trading""",9,1035466617946,30000144',
    ],
    ['JSON', JSON.stringify([{ ...perimeter, type_id: 35834 }])],
  ])('is read from %s', (_what, text) => {
    expect(parseStructures(text)).toEqual([perimeter]);
  });

  it('may leave out systems, and says a structure twice at its own risk', () => {
    const text = 'structure_id,name,system_id\n1035466617946,Old,30000144\n1035466617946,New,\n';
    expect(parseStructures(text)).toEqual([{ structure_id: 1_035_466_617_946, name: 'New', system_id: null }]);
    expect(parseStructures('structure_id,name\n')).toEqual([]);
  });

  it.each([
    ['structure_id,name,system_id\n60003760,Jita,30000142', /row 1: structure_id: is not the id of a player structure/],
    ['structure_id,name,system_id\n1035466617946,,30000142', /row 1: name: is empty/],
    ['structure_id,name,system_id\n1035466617946,A,5', /row 1: system_id: /],
    ['id,name\n1,A', /row 1: structure_id: /],
    ['{"a":1}', /not an array of structures/],
    ['[1]', /row 1: /],
    ['[{', /JSON/],
    ['structure_id,name\n1035466617946,A,B,C\n', /Invalid Record Length/],
  ])('is refused as a whole: %j', (text, message) => {
    expect(() => parseStructures(text)).toThrow(message);
  });
});
