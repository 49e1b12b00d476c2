import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { run, startProcess } from '../helpers/cli.ts';
import { compileCache } from '../helpers/executable.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const root = join(import.meta.dirname, '../..');
const contrib = join(root, 'contrib/docker');
const theForge = 10000002;
const images = ['Dockerfile', 'Dockerfile.alpine'].map((name) => ({
  name,
  text: readFileSync(join(contrib, name), 'utf8'),
}));

/** Whether this user may create a separate file system, like a container. */
const maySeparate = spawnSync('unshare', ['--mount', 'true']).status === 0;

describe.each(images)('contrib/docker/$name', ({ text }) => {
  it('copies existing files, runs as an unprivileged user, and keeps its data in a volume', () => {
    for (const [, source = ''] of text.matchAll(/^COPY (?!--from)(\S+) /gm))
      expect(existsSync(join(root, source))).toBe(true);
    expect(text).toMatch(/^USER hangarbay$/m);
    expect(text).toMatch(/^VOLUME \/var\/lib\/hangarbay$/m);
    const [, folder = ''] = /HANGARBAY_DATABASE_URL=sqlite:(\S+)\/hangarbay\.db/.exec(text) ?? [];
    expect(folder).toBe('/var/lib/hangarbay');
  });

  it('has a health check that knows a fresh database from a stale one', async () => {
    const [, words = '[]'] = /^HEALTHCHECK .*? CMD (\[.*\])$/m.exec(text) ?? [];
    const [program, ...args] = JSON.parse(words) as string[];
    expect(program).toBe('hangarbay');
    const esi = await openEsi({ contracts: 4, regions: [theForge] });
    const environment = { HANGARBAY_DATABASE_URL: join(temporaryFolder(), 'a.db'), HANGARBAY_ESI_URL: esi.url };
    expect((await run(args, environment)).code).not.toBe(0);
    await run(['aggregate', '--contact', 'pilot@example.com'], environment);
    expect(await run(args, environment)).toMatchObject({ code: 0 });
  });
});

it('the passes of a container that stays go on after one that failed, and end when it is stopped', async () => {
  const esi = await openEsi({ contracts: 4, regions: [theForge] });
  const folder = temporaryFolder();
  const executable = join(root, 'bin/hangarbay.js');
  writeFileSync(join(folder, 'hangarbay'), `#!/bin/sh\nexec "${process.execPath}" -- "${executable}" "$@"\n`, {
    mode: 0o755,
  });
  const passes = startProcess('/bin/sh', [join(contrib, 'passes'), '--region', 'The Forge'], {
    PATH: `${folder}:/usr/bin:/bin`,
    HANGARBAY_DATABASE_URL: join(folder, 'a.db'),
    HANGARBAY_ESI_URL: esi.url,
    HANGARBAY_CONTACT: 'pilot@example.com',
    ...compileCache(),
  });
  const database = ['--database-url', join(folder, 'a.db')];
  await expect.poll(async () => (await run(['status', ...database])).code, { timeout: 20_000 }).toBe(0);
  passes.process.kill('SIGTERM');
  expect(await passes.ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(statSync(join(contrib, 'passes')).mode & 0o111).toBe(0o111);
});

it.skipIf(!maySeparate)(
  'a root that is read-only and has no folder for temporary files is enough (needs root)',
  async () => {
    const esi = await openEsi({ contracts: 150, regions: [theForge], lifetimes: { list: 1 } });
    const folder = temporaryFolder();
    const [image, data] = [join(folder, 'image'), join(folder, 'data')];
    for (const path of [image, data]) mkdirSync(path);
    const node = `"${process.execPath}" -- "${join(root, 'bin/hangarbay.js')}"`;
    const inside = [
      'touch /tmp/a 2>/dev/null && exit 90',
      `${node} aggregate && sleep 1 && ${node} aggregate && sleep 1 && ${node} aggregate`,
      `${node} query items --sort quantity --limit 0 --format csv > "${data}/items.csv"`,
      `${node} query changes --since 0 --format ndjson > "${data}/changes.ndjson"`,
      `${node} prune --gone-before 1s --vacuum`,
      `${node} export dump "${data}/a.dump"`,
      `${node} import dump "${data}/a.dump" --database-url "${data}/b.db"`,
      `${node} status > "${data}/status"`,
    ];
    const outside = [
      `mount --bind / "${image}"`,
      `mount -o remount,ro,bind "${image}"`,
      `mount --bind "${data}" "${image}${data}"`,
      `mount --rbind /dev "${image}/dev" && mount --rbind /proc "${image}/proc"`,
      `exec chroot "${image}" /bin/sh -ec '${inside.join('\n')}'`,
    ];
    const ended = await startProcess('unshare', ['--mount', '/bin/sh', '-ec', outside.join('\n')], {
      HANGARBAY_DATABASE_URL: join(data, 'a.db'),
      HANGARBAY_ESI_URL: esi.url,
      HANGARBAY_REGIONS: 'The Forge',
      HANGARBAY_CONTACT: 'pilot@example.com',
    }).ended;
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(data)).toEqual(
      expect.arrayContaining(['a.db', 'a.dump', 'b.db', 'changes.ndjson', 'items.csv']),
    );
  },
  60_000,
);
