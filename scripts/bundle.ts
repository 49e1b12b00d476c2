import type { BuildOptions } from 'rolldown';

/** The program as one bundle in dist/, split so that each subcommand loads only what it needs. */
export const bundle = {
  input: 'src/cli.ts',
  platform: 'node',
  transform: { target: 'node22.12' },
  // What is imported late in one place may be loaded anyway in another.
  checks: { ineffectiveDynamicImport: false },
  output: {
    dir: 'dist',
    cleanDir: true,
    sourcemap: true,
    // Half of it is read by Node in half the time; names stay, for stack traces.
    minify: { compress: true, mangle: { keepNames: true }, codegen: true },
  },
} satisfies BuildOptions;
