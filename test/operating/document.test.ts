import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { buildUniverse } from '../fake-esi/universe/build.ts';
import { compileCache } from '../helpers/executable.ts';
import { serveFiles } from '../helpers/file-server.ts';
import { exportOf, zipOf } from '../helpers/static-export.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');
const theForge = 10000002;

/** The lines of a page's blocks that begin with a command. */
const shown = page.split('\n').flatMap((line) => /^ {4}((?:sudo )?[a-z]+ .*)$/.exec(line)?.[1] ?? []);
const own = shown.filter((line) => /^(sudo )?hangarbay /.test(line));

it('the page shows what an operator needs', () => {
  for (const words of [
    'doctor',
    'status --check',
    'aggregate --plan',
    '--metrics-file',
    '--ping-url',
    'migrate --wait',
  ])
    expect(
      own.some((line) => line.includes(words)),
      words,
    ).toBe(true);
});

it('each hangarbay command of docs/operating.md does what it says', async () => {
  const esi = await openEsi({ contracts: 6, regions: [theForge] });
  const zip = await zipOf(exportOf(buildUniverse({ regions: [theForge], syntheticTypes: 0 })));
  const { url } = await serveFiles({ '/sde.zip': zip });
  const service = createServer((_, response) => response.end('OK'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void service.close());
  const pings = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const folder = temporaryFolder();
  for (const name of ['bin', 'data', 'metrics']) mkdirSync(join(folder, name));
  const executable = join(root, 'bin/hangarbay.js');
  writeFileSync(join(folder, 'bin/hangarbay'), `#!/bin/sh\nexec "${process.execPath}" -- "${executable}" "$@"\n`, {
    mode: 0o755,
  });
  const env = {
    PATH: `${folder}/bin:${process.env.PATH}`,
    HOME: folder,
    HANGARBAY_DATABASE_URL: join(folder, 'data/hangarbay.db'),
    HANGARBAY_ESI_URL: esi.url,
    HANGARBAY_CONTACT: 'pilot@example.com',
    HANGARBAY_REGIONS: 'The Forge',
    HANGARBAY_DOWNTIME: 'none',
    ...compileCache(),
  };
  const sh = (command: string) => promisify(execFile)('/bin/sh', ['-c', command], { cwd: folder, env });
  // Only then is there anything to look at.
  await sh('hangarbay aggregate');
  for (const line of own) {
    const given = line
      .replace('sudo ', '')
      .replace('import sde', `import sde ${url}/sde.zip`)
      .replace('https://hc-ping.com', pings)
      .replace('/var/lib/prometheus/node-exporter', "'../metrics'")
      .replaceAll('/var/lib/hangarbay', `'${folder}/data'`)
      .replaceAll("'../metrics'", `'${folder}/metrics'`);
    const { stderr } = await sh(given);
    // With --log-level info a pass logs its result, which is not a complaint.
    expect({ line, complaints: stderr.split('\n').filter((text) => /"(warn|error)"/.test(text)) }).toEqual({
      line,
      complaints: [],
    });
  }
  expect(readFileSync(join(folder, 'metrics/hangarbay.prom'), 'utf8')).toContain('hangarbay_last_run_exit_code 0');
});
