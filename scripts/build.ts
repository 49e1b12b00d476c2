import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type RolldownOutput } from 'rolldown';
import { completionScripts } from '../src/commands/completion/completion-scripts.ts';
import { bundle } from './bundle.ts';

const { dir } = bundle.output;
/** Platforms with a bundled binary; see `src/store/sqlite/library.ts` for others. */
const platforms = ['linux-x64', 'linux-arm64', 'linuxmusl-x64'];
const sqlite = 'node_modules/better-sqlite3';

const bundled = await build(bundle);
copySqlite();
// The library looks for the file next to its code.
copyFileSync('node_modules/bzip2-wasm/bzip2-1.0.8/bzip2.wasm', join(dir, 'bzip2.wasm'));
writeCompletions();
writeFileSync(join(dir, 'THIRD-PARTY-LICENSES.txt'), licencesOf(packagesIn(bundled)));

/** Native code cannot be bundled, and the dependency would include SQLite's source and binaries for eight platforms. */
function copySqlite(): void {
  const copied = ['LICENSE', 'package.json', 'lib', ...platforms.map((platform) => `prebuilds/${platform}.node`)];
  for (const part of copied) cpSync(join(sqlite, part), join(dir, 'better-sqlite3', part), { recursive: true });
}

/** Completion scripts under the file names that each shell expects. */
function writeCompletions(): void {
  const names = { bash: 'hangarbay', zsh: '_hangarbay', fish: 'hangarbay.fish' } as const;
  for (const [shell, name] of Object.entries(names)) {
    const folder = join(dir, 'completions', shell);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), completionScripts[shell as keyof typeof names]);
  }
}

/** The folders of the bundled packages. */
function packagesIn({ output }: RolldownOutput): string[] {
  const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
  const folders = modules.flatMap((id) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/** The licence texts of the bundled packages. */
function licencesOf(folders: readonly string[]): string {
  const texts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying|unlicense)/i.test(entry));
    const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return `hangarbay's program contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}
