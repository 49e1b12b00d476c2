import { join } from 'node:path';
import type { BuildOptions } from 'rolldown';

/**
 * Chunks and the modules that load them. A module goes into the first chunk whose modules import it; all others are
 * split by rolldown. Node takes up to a millisecond per file, and a query would load forty.
 */
const chunks: Readonly<Record<string, readonly string[]>> = {
  start: ['cli.ts'],
  program: ['commands/program.ts'],
  query: ['commands/query/query.ts', 'store/open.ts', 'store/sqlite/backend.ts'],
  status: ['commands/status.ts', 'commands/monitor/monitors.ts', 'query/status/status.ts', 'query/status/totals.ts'],
};

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** The name of a module's chunk; null to leave it to rolldown. */
function chunkOf(id: string, graph: ModuleGraph): string | null {
  return Object.keys(chunks).find((name) => modulesOf(name, graph).has(id)) ?? null;
}

const found = new Map<string, ReadonlySet<string>>();

/** The modules of `chunks` and those that they import, directly or not. */
function modulesOf(name: string, graph: ModuleGraph): ReadonlySet<string> {
  const known = found.get(name);
  if (known !== undefined) return known;
  const ids = new Set(chunks[name]?.map((path) => join(import.meta.dirname, '../src', path)));
  // The iteration includes what is added meanwhile.
  for (const id of ids) {
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) if (!isUnused(imported)) ids.add(imported);
  }
  found.set(name, ids);
  return ids;
}

/** drizzle's SQL imports one module of its code for PostgreSQL, and uses nothing of what that one imports. */
const isUnused = (id: string) => id.includes('/pg-core/') && !id.endsWith('/enum.js');

/** The program as a bundle in dist/, split so that each subcommand loads only its own code. */
export const bundle = {
  input: 'src/cli.ts',
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  transform: { target: 'node22.12' },
  // A module may be imported lazily in one place and eagerly in another.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist',
    cleanDir: true,
    sourcemap: true,
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunkOf, debugName: 'chunks' }] },
    // Node reads a minified bundle in half the time; names are kept for stack traces.
    minify: { compress: true, mangle: { keepNames: true }, codegen: true },
  },
} satisfies BuildOptions;
