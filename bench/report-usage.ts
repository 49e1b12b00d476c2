/** Loaded into a process that is measured, with `--import`: leaves what the operating system says of it in a file. */
import { writeFileSync } from 'node:fs';

const path = process.env.BENCH_USAGE_FILE;
process.once('exit', () => {
  if (path !== undefined) writeFileSync(path, JSON.stringify(process.resourceUsage()));
});
