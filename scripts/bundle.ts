import type { BuildOptions } from 'rolldown';

/** The program as a bundle in dist/, split so that each subcommand loads only its own code. */
export const bundle = {
  input: 'src/cli.ts',
  platform: 'node',
  transform: { target: 'node22.12' },
  // A module may be imported lazily in one place and eagerly in another.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist',
    cleanDir: true,
    sourcemap: true,
    // Node reads a minified bundle in half the time; names are kept for stack traces.
    minify: { compress: true, mangle: { keepNames: true }, codegen: true },
  },
} satisfies BuildOptions;
