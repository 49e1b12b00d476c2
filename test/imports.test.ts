import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/**
 * The layers of the source, from the bottom: a file may import from its own folder, and from folders of lower layers.
 */
const floors: readonly (readonly string[])[] = [
  ['src/eve'],
  ['src/esi', 'src/store'],
  ['src/validators', 'src/sde', 'src/dump', 'src/parquet'],
  ['src/query/engine'],
  ['src/query/contract'],
  ['src/query/filters', 'src/query/format', 'src/query/oddities'],
  ['src/query/subjects'],
  ['src/query/status', 'src/aggregate'],
  ['src/everef'],
  ['src/commands'],
];
/** What any room may use lies in `src` itself, and in turn uses no room but the facts of the game. */
const groundFloor = 'src';
/** The program itself, which puts the rooms together. */
const roof = ['src/cli.ts', 'src/config.ts', 'src/setting-values.ts'];

const mostFiles = 15;

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => join('src', path));

/** The project files that a file imports, including types and lazy imports. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const named = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g)].map(([, path = '']) => path);
  return named.map((path) => relative(root, join(root, dirname(file), path)));
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));

/** The room that a file lies in, however deep. */
function roomOf(file: string): string {
  return floors.flat().find((room) => file.startsWith(`${room}/`)) ?? groundFloor;
}

const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

describe('the imports of the program', () => {
  test('make no circle', () => {
    const done = new Set<string>();
    const circles: string[] = [];
    function visit(file: string, path: readonly string[]): void {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file) || path.includes(file)) return;
      for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
      done.add(file);
    }
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  test('lead to the same room, or down', () => {
    const upward = [...graph].flatMap(([file, imports]) => {
      const room = roomOf(file);
      if (roof.includes(file)) return [];
      return imports
        .filter((imported) => {
          const other = roomOf(imported);
          if (other === groundFloor || other === room) return false;
          if (room === groundFloor) return other !== 'src/eve';
          return floorOf(other) >= floorOf(room);
        })
        .map((imported) => `${file} -> ${imported}`);
    });
    expect(upward).toEqual([]);
  });

  test('belong to folders that one can look through', () => {
    const crowded = [...Map.groupBy(files, (file) => dirname(file))]
      .filter(([, inside]) => inside.length > mostFiles)
      .map(([folder, inside]) => `${folder}: ${inside.length}`);
    expect(crowded).toEqual([]);
  });
});
