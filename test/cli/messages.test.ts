import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEsi } from '../fake-esi/open-esi.ts';
import { run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const failing = ['query', '--database-url', '/nonexistent/contracts.db'];

describe('the message of a failure', () => {
  it('is a line of JSON when stderr is not a terminal', async () => {
    const { code, stdout, stderr } = await run(failing);
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', msg: expect.stringContaining('does not exist') });
  });

  it('is a line for people where they ask for it', async () => {
    const byFlag = await run([...failing, '--log-format', 'pretty']);
    expect(byFlag.stderr).toMatch(/^error: the database .* does not exist/);
    const byEnvironment = await run(failing, { HANGARBAY_LOG_FORMAT: 'pretty' });
    expect(byEnvironment.stderr).toBe(byFlag.stderr);
  });

  it('is shown to those who asked for quiet, too', async () => {
    const { code, stderr } = await run([...failing, '-q']);
    expect(code).toBe(10);
    expect(stderr).toContain('does not exist');
  });

  it('has colour where that is forced, and only in lines for people', async () => {
    const pretty = await run([...failing, '--log-format', 'pretty'], { FORCE_COLOR: '1' });
    expect(pretty.stderr).toContain('\u001B[');
    const without = await run([...failing, '--log-format', 'pretty'], { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(without.stderr).not.toContain('\u001B');
    const json = await run(failing, { FORCE_COLOR: '1' });
    expect(json.stderr).not.toContain('\u001B');
  });
});

describe('a pass', () => {
  async function aggregate(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const esi = await openEsi({ contracts: 4, regions: [10000002] });
    const path = join(temporaryFolder(), 'contracts.db');
    return run(['aggregate', '--esi-url', esi.url, '--database-url', path, ...args], {
      HANGARBAY_CONTACT: 'pilot@example.com',
      ...environment,
    });
  }

  it('that is clean prints nothing', async () => {
    expect(await aggregate([])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('has its summary on stdout as one JSON object, its log on stderr', async () => {
    const { code, stdout, stderr } = await aggregate(['--json', '-v']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'complete', contracts: { stored: 4 }, exit_code: 0 });
    const lines = stderr.trimEnd().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
  });

  it.each([
    ['-q beats the environment', ['-q'], { HANGARBAY_LOG_LEVEL: 'debug' }, false],
    ['-v beats the environment', ['-v'], { HANGARBAY_LOG_LEVEL: 'error' }, true],
    ['the environment beats the default', [], { HANGARBAY_LOG_LEVEL: 'info' }, true],
    ['--log-level is a flag like them', ['--log-level', 'info'], { HANGARBAY_LOG_LEVEL: 'error' }, true],
  ])('%s', async (_, args, environment, isTold) => {
    const { code, stdout, stderr } = await aggregate(args, environment);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.includes('complete')).toBe(isTold);
  });

  it('warns once that no contact is set', async () => {
    const { code, stderr } = await aggregate([], { HANGARBAY_CONTACT: '' });
    expect(code).toBe(0);
    expect(stderr.match(/HANGARBAY_CONTACT/g)).toHaveLength(1);
  });

  it.each(['25m', '30d'])('that may take %s is not ended at once', async (duration) => {
    const { code, stderr } = await aggregate(['--max-duration', duration]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
