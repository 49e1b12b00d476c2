import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { configFolder, dataFolder, stateFolder } from '../src/folders.ts';
import { run } from './helpers/cli.ts';
import { temporaryFolder } from './helpers/temporary.ts';
import { openUnprivileged, type Unprivileged } from './helpers/unprivileged.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the folders of a user', () => {
  it.each(['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'])('are in %s where that is set', (variable) => {
    vi.stubEnv(variable, '/somewhere');
    const folders = [dataFolder(), configFolder(), stateFolder()];
    expect(folders.filter((folder) => folder === '/somewhere/hangarbay')).toHaveLength(1);
  });

  it.each([undefined, ''])('are where the system says that the user is at home when HOME is %j', (home) => {
    for (const name of ['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME']) vi.stubEnv(name, undefined);
    vi.stubEnv('HOME', home);
    const own = userInfo().homedir;
    expect(dataFolder()).toBe(join(own, '.local/share/hangarbay'));
    expect(configFolder()).toBe(join(own, '.config/hangarbay'));
    expect(stateFolder()).toBe(join(own, '.local/state/hangarbay'));
  });
});

/** Whom no system knows. */
const stranger = 54_321;

describe.skipIf(process.getuid?.() !== 0)('a user without a home of any kind (needs root)', () => {
  let unprivileged: Unprivileged;
  beforeAll(() => {
    unprivileged = openUnprivileged(stranger);
  });
  afterAll(() => unprivileged.close());

  async function hangarbay(...args: string[]) {
    const database = join(unprivileged.folder, 'contracts.db');
    await unprivileged.run('unset HOME', ['migrate', '--database-url', database]);
    return unprivileged.run('unset HOME', args, { HANGARBAY_DATABASE_URL: database });
  }

  it('asks a database that is named', async () => {
    expect(await hangarbay('query', '--count', '-q')).toMatchObject({ code: 0, stdout: '0\n', stderr: '' });
  });

  it.each([
    [['query', '--save', 'mine'], 'XDG_CONFIG_HOME'],
    [['query', '@mine'], 'XDG_CONFIG_HOME'],
    [['views'], 'XDG_CONFIG_HOME'],
    [['query', 'changes', '--since', 'last'], 'XDG_STATE_HOME'],
  ])('is pointed by %j to the variable that helps', async (args, variable) => {
    const { code, stdout, stderr } = await hangarbay(...args, '-q');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('HOME is not set');
    expect(stderr).toContain(variable);
    expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
  });

  it('is reported without a database setting, too', async () => {
    const { code, stderr } = await unprivileged.run('unset HOME', ['query']);
    expect(code).toBe(2);
    expect(stderr).toContain('HOME is not set');
    expect(stderr).toContain('XDG_DATA_HOME');
  });
});

it('a folder that a variable names is enough', async () => {
  const folder = temporaryFolder();
  expect(await run(['views'], { HOME: '', XDG_CONFIG_HOME: folder })).toMatchObject({ code: 0, stderr: '' });
});
