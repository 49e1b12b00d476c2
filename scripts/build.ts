import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { bundle } from './bundle.ts';

await build(bundle);
// The library looks for it beside its own code.
copyFileSync('node_modules/bzip2-wasm/bzip2-1.0.8/bzip2.wasm', join(bundle.output.dir, 'bzip2.wasm'));
