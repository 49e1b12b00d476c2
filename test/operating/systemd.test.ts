import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import type { StandInEsi } from '../fake-esi/types.ts';
import { run } from '../helpers/cli.ts';
import { compileCache } from '../helpers/executable.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const root = join(import.meta.dirname, '../..');
const contrib = join(root, 'contrib/systemd');
const analyze = '/usr/bin/systemd-analyze';
const theForge = 10000002;

const units = readdirSync(contrib).map((name) => ({ name, text: readFileSync(join(contrib, name), 'utf8') }));
const programs = units.filter(({ text }) => text.includes('ExecStart=hangarbay '));
const commandsOf = (text: string) =>
  [...text.matchAll(/^ExecStart=hangarbay (.*)$/gm)].map(([, words = '']) => words.split(' '));

/**
 * A service environment of systemd with DynamicUser=, StateDirectory= and LoadCredential=; no HOME, and stderr to the
 * journal.
 */
function openService(esi: StandInEsi, settings: readonly string[] = []) {
  const folder = temporaryFolder();
  const [state, credentials, journal] = ['state', 'credentials', 'journal'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(state);
  mkdirSync(credentials);
  const file = [
    'HANGARBAY_CONTACT=pilot@example.com',
    `HANGARBAY_ESI_URL=${esi.url}`,
    'HANGARBAY_REGIONS=The Forge',
    ...settings,
  ];
  writeFileSync(join(credentials, 'hangarbay.env'), file.join('\n'));

  async function start(words: readonly string[]): Promise<{ code: number; lines: string[] }> {
    const stderr = openSync(journal, 'w');
    const { dev, ino } = statSync(journal);
    const child = spawn(process.execPath, ['--', join(root, 'bin/hangarbay.js'), ...words], {
      cwd: '/',
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        STATE_DIRECTORY: state,
        CREDENTIALS_DIRECTORY: credentials,
        JOURNAL_STREAM: `${dev}:${ino}`,
        HANGARBAY_DOWNTIME: 'none',
        ...compileCache(),
      },
      stdio: ['ignore', 'ignore', stderr],
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, lines: readFileSync(journal, 'utf8').split('\n').slice(0, -1) };
  }
  return { state, start };
}

describe('the units of systemd', () => {
  it('run commands that there are, each for a dynamic user with a folder and settings', async () => {
    expect(programs.map(({ name }) => name)).toEqual([
      'hangarbay-status.service',
      'hangarbay-upkeep.service',
      'hangarbay.service',
    ]);
    for (const { text } of programs) {
      for (const line of [
        'DynamicUser=yes',
        'StateDirectory=hangarbay',
        'ProtectSystem=strict',
        'CapabilityBoundingSet=',
      ])
        expect(text.split('\n')).toContain(line);
      expect(text).toMatch(/^LoadCredential=hangarbay\.env:/m);
      expect(text).not.toMatch(/^MemoryDenyWriteExecute=/m);
      for (const words of commandsOf(text)) {
        const command = words.filter((word) => !word.startsWith('-') && !/\d/.test(word));
        expect(await run([...command, '--help'])).toMatchObject({ code: 0 });
      }
    }
  });

  it.skipIf(!existsSync(analyze))('are what systemd accepts, and are exposed no more than they need to be', () => {
    const folder = temporaryFolder();
    for (const { name, text } of units) {
      // The program is installed on no machine that tests.
      writeFileSync(join(folder, name), text.replaceAll('=hangarbay ', '=/bin/true '));
    }
    const paths = units.map(({ name }) => join(folder, name));
    execFileSync(analyze, ['verify', '--man=no', ...paths], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const { name } of programs) {
      const options = ['security', '--offline=true', '--no-pager', '--threshold=20', join(folder, name)];
      execFileSync(analyze, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    }
  });
});

describe('a service of systemd', () => {
  it('finds its settings and its folder without a home, and says nothing while all is well', async () => {
    const esi = await openEsi({ contracts: 10, regions: [theForge] });
    const { state, start } = openService(esi);
    for (const name of ['hangarbay.service', 'hangarbay-status.service']) {
      const text = programs.find((unit) => unit.name === name)?.text ?? '';
      for (const words of commandsOf(text))
        expect({ words, ...(await start(words)) }).toEqual({ words, code: 0, lines: [] });
    }
    expect(readdirSync(state)).toContain('hangarbay.db');
    expect(await start(['query', 'changes', '--since', 'last', '-q'])).toEqual({ code: 0, lines: [] });
  });

  it('writes lines with the priorities of the journal, and without a time', async () => {
    const esi = await openEsi({ contracts: 10, regions: [theForge] });
    const { start } = openService(esi);
    const { lines } = await start(['aggregate', '-v']);
    expect(lines.filter((line) => !/^<[67]>[^{]/.test(line))).toEqual([]);
    esi.faults.inject({ fault: { kind: 'status', status: 503 } });
    const failed = await start(['aggregate', '--no-cache']);
    expect(failed.code).toBe(12);
    expect(failed.lines).toEqual([expect.stringMatching(/^<4>unavailable .*region 10000002 failed .*503/)]);
    expect((await start(['aggregate', '--nonsense'])).lines).toEqual([
      expect.stringMatching(/^<3>unknown option/),
      expect.stringMatching(/^<3>\(run with --help/),
    ]);
  });

  it('writes JSON where that is asked for, and to a file that a shell puts in place of the journal', async () => {
    const esi = await openEsi({ contracts: 3, regions: [theForge] });
    const { start } = openService(esi);
    const { lines } = await start(['aggregate', '--log-level', 'info', '--log-format', 'json']);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('time');
    const other = await run(['query', '--nonsense'], { JOURNAL_STREAM: '1:2' });
    expect(JSON.parse(other.stderr)).toMatchObject({ level: 'error' });
  });

  it('takes flags and the environment before the credential', async () => {
    const esi = await openEsi({ contracts: 3, regions: [theForge] });
    const { start } = openService(esi, ['HANGARBAY_LOG_LEVEL=debug']);
    expect((await start(['aggregate'])).lines.length).toBeGreaterThan(0);
    expect((await start(['aggregate', '--log-level', 'error'])).lines).toEqual([]);
  });
});
