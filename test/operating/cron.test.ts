import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { StandInEsi } from '../fake-esi/types.ts';
import { buildUniverse } from '../fake-esi/universe/build.ts';
import { type DatabaseMaker, newDatabase, postgreSql, sqlite } from '../helpers/backings.ts';
import { type Ended, run, start, startProcess } from '../helpers/cli.ts';
import { compileCache } from '../helpers/executable.ts';
import { serveFiles } from '../helpers/file-server.ts';
import { exportOf, zipOf } from '../helpers/static-export.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const root = join(import.meta.dirname, '../..');
const theForge = 10000002;
const crontab = readFileSync(join(root, 'crontab.example'), 'utf8');

interface Entry {
  readonly schedule: string;
  readonly command: string;
}

/** The table as cron reads it: assignments, and five fields and a command a line; `#` in front of those that are shown only. */
function readCrontab(text: string): { variables: Record<string, string>; entries: Entry[] } {
  const variables = [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  const entries = [...text.matchAll(/^#?((?:[\d,*/-]+ ){4}[\d,*/-]+) {2}(.+)$/gm)].map(
    ([, schedule = '', command = '']) => ({
      schedule,
      command,
    }),
  );
  return { variables: Object.fromEntries(variables), entries };
}

const { variables, entries } = readCrontab(crontab);

/** A machine set up by the comments of the example, below a folder; with only cron's environment. */
async function newMachine(backing: DatabaseMaker, settings: readonly string[] = []) {
  const esi = await openEsi({ contracts: 12, regions: [theForge] });
  const database = await newDatabase(backing);
  const folder = temporaryFolder();
  for (const path of ['bin', 'etc', 'var/lib/hangarbay', 'var/log/hangarbay'])
    mkdirSync(join(folder, path), { recursive: true });
  const file = [
    'HANGARBAY_CONTACT=pilot@example.com',
    `HANGARBAY_DATABASE_URL=${database.url}`,
    `HANGARBAY_ESI_URL=${esi.url}`,
    'HANGARBAY_REGIONS=The Forge',
    'HANGARBAY_DOWNTIME=none',
    ...settings,
  ];
  writeFileSync(join(folder, 'etc/hangarbay.env'), `${file.join('\n')}\n`);
  const executable = join(root, 'bin/hangarbay.js');
  writeFileSync(join(folder, 'bin/hangarbay'), `#!/bin/sh\nexec "${process.execPath}" -- "${executable}" "$@"\n`, {
    mode: 0o755,
  });

  const cron = (command: string): Promise<Ended> => {
    const given = command
      .replaceAll('/etc/hangarbay.env', `'${folder}/etc/hangarbay.env'`)
      .replaceAll('/var/log/', `'${folder}'/var/log/`);
    const path = [join(folder, 'bin'), ...(variables.PATH ?? '').split(':')].join(delimiter);
    const assigned = Object.entries({ ...variables, ...compileCache(), PATH: path }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const own = [`HOME=${join(folder, 'var/lib/hangarbay')}`, 'LOGNAME=hangarbay', 'SHELL=/bin/sh'];
    return startProcess('env', ['-i', ...own, ...assigned, '/bin/sh', '-c', given]).ended;
  };
  return { esi, database, folder, cron };
}

const quiet = { code: 0, stdout: '', stderr: '' };
const commandOf = (words: string) => entries.find(({ command }) => command.includes(words))?.command ?? '';

it("the example's lines are what Debian's cron accepts", () => {
  expect(entries.length).toBe(5);
  expect(variables).toMatchObject({ MAILTO: expect.anything(), HANGARBAY_LOG_FORMAT: 'pretty' });
  // cron takes a percent sign for the end of the command.
  for (const { command } of entries) expect(command).not.toContain('%');
  const minutes = entries.slice(0, 4).flatMap(({ schedule }) => schedule.split(' ')[0]?.split(',') ?? []);
  expect(new Set(minutes).size).toBe(minutes.length);
});

it.skipIf(!existsSync('/usr/bin/crontab'))("the example is a table for Debian's crontab", () => {
  execFileSync('crontab', ['-n', join(root, 'crontab.example')]);
});

describe.each([sqlite, postgreSql])('cron with $name', (backing) => {
  it('runs each line of the example, and mails nothing while all is well', async () => {
    const zip = await zipOf(exportOf(buildUniverse({ regions: [theForge], syntheticTypes: 0 })));
    const { url } = await serveFiles({ '/sde.zip': zip });
    const machine = await newMachine(backing);
    if (backing.name === 'PostgreSQL') {
      expect(await machine.cron('hangarbay migrate --env-file /etc/hangarbay.env')).toEqual({ ...quiet, signal: null });
    }
    for (const { command } of entries) {
      const ended = await machine.cron(command.replace('import sde', `import sde ${url}/sde.zip`));
      expect({ command, ...ended }).toEqual({ command, ...quiet, signal: null });
    }
    const log = readFileSync(join(machine.folder, 'var/log/hangarbay/passes.log'), 'utf8');
    for (const line of log.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('time');
    expect(log).toContain('complete in');
  });
});

describe('trouble', () => {
  const aggregate = commandOf('--skip-locked');

  it('that lasts is one mail that people can read', async () => {
    const { esi, cron } = await newMachine(sqlite);
    expect(await cron(aggregate)).toMatchObject(quiet);
    esi.faults.inject({ fault: { kind: 'status', status: 503 } });
    const passes = [
      await cron(`${aggregate} --no-cache`),
      await cron(`${aggregate} --no-cache`),
      await cron(`${aggregate} --no-cache`),
    ];
    expect(passes.map(({ code }) => code)).toEqual([12, 12, 12]);
    const [first, ...later] = passes.map(({ stdout, stderr }) => stdout + stderr);
    expect(first).toMatch(/^warning: unavailable in .*: region 10000002 failed .*503/m);
    expect(later).toEqual(['', '']);
    const check = await cron(commandOf('--check').replace('6h', '1s'));
    expect(check.stdout).toMatch(/^HANGARBAY CRITICAL - 1 of 1 regions stale: The Forge, last pass unavailable/);
  });

  it("with another pass's lock sends no mail", async () => {
    const { esi, database, cron } = await newMachine(sqlite);
    await holdLock(esi, database.url);
    expect(await cron(aggregate)).toEqual({ code: 11, signal: null, stdout: '', stderr: '' });
    expect(await cron(aggregate.replace(' --skip-locked', ''))).toMatchObject({
      code: 11,
      stderr: expect.stringMatching(
        /^error: another pass holds the lock of .*held by process \d+ on \S+ since \S+Z\. Run again later/,
      ),
    });
  });
});

describe('--wait', () => {
  it('waits for the lock with --wait, and names its holder', async () => {
    const { esi, database, cron } = await newMachine(sqlite);
    await holdLock(esi, database.url);
    for (const command of ['aggregate', 'migrate', 'prune --gone-before 1d', 'import sde /nowhere.zip']) {
      const wait = `hangarbay ${command} --env-file /etc/hangarbay.env --wait 300ms --log-level info`;
      const { code, stderr } = await cron(wait);
      expect({ command, code }).toEqual({ command, code: 11 });
      expect(stderr).toMatch(/^· waiting up to 300ms: .*held by process \d+/m);
      expect(stderr).toMatch(/^error: another pass holds the lock/m);
    }
    const refused = await cron('hangarbay aggregate --env-file /etc/hangarbay.env --wait long');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--wait: "long" is not a duration') });
  });
});

/** A running pass that ends with the test, because ESI does not answer it. */
async function holdLock(esi: StandInEsi, url: string): Promise<void> {
  expect(await run(['migrate', '--database-url', url])).toMatchObject({ code: 0 });
  esi.faults.inject({ fault: { kind: 'hang' } });
  const settings = { HANGARBAY_DATABASE_URL: url, HANGARBAY_ESI_URL: esi.url, HANGARBAY_CONTACT: 'pilot@example.com' };
  const holder = start(['aggregate'], settings);
  await expect
    .poll(async () => (await run(['status', '--json', '--database-url', url])).stdout, {
      timeout: 20_000,
      interval: 200,
    })
    .toContain(`"process_id":${holder.process.pid},"since"`);
}
