import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Ended, run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const executable = join(import.meta.dirname, '../../bin/hangarbay.js');

/** Runs the executable by its first line, as a shell does. */
function runByName(...args: string[]): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> {
  const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: '/nonexistent' };
  const child = spawn(executable, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}

function envFile(content: string): string {
  const path = join(temporaryFolder(), 'hangarbay.env');
  writeFileSync(path, content);
  return path;
}

describe('settings are taken', () => {
  it('from the env file before the default', async () => {
    const path = join(temporaryFolder(), 'by env file.db');
    const file = envFile(`HANGARBAY_DATABASE_URL="sqlite:${path}"\n`);
    const { code, stderr } = await run(['query', '--env-file', file]);
    expect(code).toBe(10);
    expect(stderr).toContain(path);
  });

  it('from the environment before the env file, and from a flag before both', async () => {
    const file = envFile('HANGARBAY_DATABASE_URL=sqlite:/nonexistent/by-file.db\n');
    const environment = { HANGARBAY_DATABASE_URL: 'sqlite:/nonexistent/by-environment.db' };
    const flag = ['--database-url', 'sqlite:/nonexistent/by-flag.db'];
    const byEnvironment = await run(['query', '--env-file', file], environment);
    expect(byEnvironment).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('/nonexistent/by-environment.db'),
    });
    const byFlag = await run(['query', '--env-file', file, ...flag], environment);
    expect(byFlag).toMatchObject({ code: 10, stderr: expect.stringContaining('/nonexistent/by-flag.db') });
  });

  it('from the XDG data directory without any of them', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await run(['query'], { XDG_DATA_HOME: folder });
    expect(code).toBe(10);
    expect(stderr).toContain(join(folder, 'hangarbay', 'hangarbay.db'));
  });
});

describe('an env file', () => {
  it.each(['--env-file PATH', '--env-file=PATH'])('that is not there is refused by name: %s', async (form) => {
    const path = join(temporaryFolder(), 'none.env');
    const { code, stdout, stderr } = await runByName(
      'query',
      ...form.split(' ').map((part) => part.replace('PATH', path)),
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`--env-file: cannot read ${path}`);
  });

  it('sets our settings and nothing of the runtime’s', async () => {
    const file = envFile('NODE_OPTIONS=--no-such-option\nHANGARBAY_DATABASE_URL=sqlite:/nonexistent/by-file.db\n');
    const { code, stderr } = await runByName('query', '--env-file', file);
    expect(stderr).toContain('/nonexistent/by-file.db');
    expect(code).toBe(10);
  });

  it('may begin with a byte-order mark, as some editors have it', async () => {
    const file = envFile('\uFEFFHANGARBAY_DATABASE_URL=sqlite:/nonexistent/by-file.db\n');
    expect((await run(['query', '--env-file', file])).stderr).toContain('/nonexistent/by-file.db');
  });

  it('with a misspelt setting of ours is refused', async () => {
    const file = envFile('HANGARBAY_DATABSE_URL=sqlite:/nonexistent/by-file.db\n');
    const { code, stdout, stderr } = await run(['query', '--env-file', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('HANGARBAY_DATABSE_URL');
  });
});
