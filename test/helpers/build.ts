import { execFileSync } from 'node:child_process';

/** The end-to-end tests run the built executable, so it is built once before them. */
export default function build(): void {
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
}
