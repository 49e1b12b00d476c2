/** Preloaded with `--import` into a measured process: writes its resource usage to a file. */
import { writeFileSync } from 'node:fs';

const path = process.env.BENCH_USAGE_FILE;
process.once('exit', () => {
  if (path !== undefined) writeFileSync(path, JSON.stringify(process.resourceUsage()));
});
