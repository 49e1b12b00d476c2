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
    ['structure_id,name,system_id\n60003760,Jita,30000142', 'row 1: structure_id: is not the id of a player structure'],
    ['structure_id,name,system_id\n1035466617946,,30000142', 'row 1: name: is empty'],
    ['structure_id,name,system_id\n1035466617946,A,5', 'row 1: system_id: is not the id of a solar system'],
    ['structure_id,name,system_id\nx,A,', 'row 1: structure_id: is not the id of a player structure'],
    ['', 'is empty'],
    ['\uFEFF\r\n', 'is empty'],
    ['id,name\n1,A', 'lacks the column structure_id; its header is "id,name"'],
    ['id,title\n', 'lacks the columns structure_id and name; its header is "id,title"'],
    ['Not found', 'lacks the columns structure_id and name; its header is "Not found"'],
    ['<!DOCTYPE html>\n<html lang="en">\n<p>503</p></html>', 'is HTML or XML instead of CSV or JSON'],
    ['structure_id;name;system_id\n1035466617946;A;', 'has ";" between its columns; separate them with ","'],
    ['structure_id\tname\n1035466617946\tA', 'has tabs between its columns; separate them with ","'],
    ['\u001F\uFFFD\b\0\0', 'is a binary file; save the list as CSV or JSON, and decompress it'],
    ['PK\u0003\u0004structure_id,name\n', 'is a binary file; save the list as CSV or JSON, and decompress it'],
    ['{"error":"down"}', 'is a JSON object, not an array of structures'],
    ['[1]', 'row 1: is not an object'],
    ['[{"structure_id":1035466617946}]', 'row 1: name: is missing'],
    ['[{"name":"A"}]', 'row 1: structure_id: is missing'],
    ['[{"structure_id":1035466617946,"name":5}]', 'row 1: name: is not a text'],
    ['[{"structure_id":null,"name":"A"}]', 'row 1: structure_id: is not the id of a player structure'],
    ['[{"structure_id":9e300,"name":"A"}]', 'row 1: structure_id: is not the id of a player structure'],
    ['[{"structure_id":1035466617946,"name":"A","system_id":{}}]', 'row 1: system_id: is not the id of a solar system'],
    ['structure_id,name\n1035466617946,A,B,C\n', 'line 2 has 4 values, but the header has 2'],
    ['structure_id,name\n1035466617946,A"B\n', 'line 2: a quotation mark is misplaced or missing'],
    ['structure_id,name\n1035466617946,"A\n', 'line 2: a quotation mark is misplaced or missing'],
  ])('is refused as a whole: %j', (text, message) => {
    expect(() => parseStructures(text)).toThrow(new Error(message));
  });

  it('is refused if it is not JSON to its end', () => {
    expect(() => parseStructures('[{')).toThrow(/^is not valid JSON: /);
  });
});
