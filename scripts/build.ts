/** Bundles the program into dist/, split by subcommand so that each loads only what it needs. */
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  sourcemap: true,
  // Half of it is read by Node in half the time; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  // Native code cannot be bundled.
  external: ['better-sqlite3'],
  // Some CommonJS packages ask for Node's own modules with require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
