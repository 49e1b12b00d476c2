import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { completionScripts } from '../../src/commands/completion/completion-scripts.ts';
import { databaseAt, type TestDatabase } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { configured, oddName, openNamed } from './completed.ts';

const executable = join(import.meta.dirname, '../../bin/hangarbay.js');

/** The command that starts each shell, and its start-up file. */
const shells = {
  bash: { command: 'bash --norc --noprofile -i', setUp: 'source <(hangarbay completion bash)' },
  zsh: {
    command: 'zsh -f -i',
    setUp: 'autoload -U compinit; compinit -u -D; source <(hangarbay completion zsh)',
  },
} as const;

const installed = (['bash', 'zsh', 'fish'] as const).filter((shell) => spawnSync(shell, ['--version']).status === 0);
const withoutShell = (shell: (typeof installed)[number]) => !installed.includes(shell);

/** The arguments of lines typed into a shell, with \t for the Tab key. */
async function typed(
  shell: keyof typeof shells,
  database: TestDatabase,
  lines: readonly string[],
  first = ':',
): Promise<string[]> {
  const { command, setUp } = shells[shell];
  const folder = temporaryFolder();
  // Prints its arguments, except for completions.
  writeFileSync(
    join(folder, 'hangarbay'),
    `#!/bin/sh\ncase "$1" in __complete|completion) exec "${process.execPath}" "${executable}" "$@";; esac\n` +
      `for argument; do printf '<%s>' "$argument"; done >> "${folder}/said"; echo >> "${folder}/said"\n`,
  );
  chmodSync(join(folder, 'hangarbay'), 0o755);
  writeFileSync(join(folder, 'inputrc'), 'set bell-style none\nset enable-bracketed-paste off\n');
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      HOME: folder,
      TERM: 'dumb',
      INPUTRC: join(folder, 'inputrc'),
      XDG_CONFIG_HOME: configured(),
      HANGARBAY_DATABASE_URL: database.url,
    },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  onTestFinished(() => {
    terminal.kill('SIGKILL');
  });
  terminal.stdin.write(`${first}\n${setUp}\n${lines.join('\n')}\nexit 0\n`);
  const [code] = (await once(terminal, 'close')) as [number | null];
  expect(code).toBe(0);
  return readFileSync(join(folder, 'said'), 'utf8').trimEnd().split('\n');
}

describe.skipIf(process.platform !== 'linux')('in a real bash', () => {
  it('names with spaces and quotes are completed and quoted, in quotes and without', async () => {
    const lines = [
      ['hangarbay query --region Th\t', '<query><--region><The Forge>'],
      ['hangarbay query --region The\\ F\t--ships', '<query><--region><The Forge><--ships>'],
      ['hangarbay query --region "the f\t', '<query><--region><The Forge>'],
      ["hangarbay query --region 'The F\t", '<query><--region><The Forge>'],
      ['hangarbay query --region=The\\ F\t', '<query><--region=The Forge>'],
      ['hangarbay query --region Odd\t', `<query><--region><${oddName}>`],
      ['hangarbay query --region "Odd\t', `<query><--region><${oddName}>`],
      ["hangarbay query --region 'Odd\t", `<query><--region><${oddName}>`],
      ['hangarbay query @ch\t--limit 1', '<query><@cheap-ships><--limit><1>'],
      ['hangarbay que\tty\t--na\tx', '<query><types><--name><x>'],
      ['hangarbay query --fields price,ship_n\t', '<query><--fields><price,ship_name>'],
      ['hangarbay query --region Nowh\t', '<query><--region><Nowh>'],
    ] as const;
    expect(
      await typed(
        'bash',
        await openNamed(),
        lines.map(([line]) => line),
      ),
    ).toEqual(lines.map(([, expected]) => expected));
  });

  it('as old as that of macOS, which has no mapfile and no compopt, names are completed as well', async () => {
    const lines = [
      ['hangarbay query --region Th\t', '<query><--region><The Forge>'],
      ['hangarbay query --env-file /etc/passw\t', '<query><--env-file></etc/passwd>'],
    ] as const;
    const said = await typed(
      'bash',
      await openNamed(),
      lines.map(([line]) => line),
      'enable -n mapfile readarray compopt',
    );
    expect(said).toEqual(lines.map(([, expected]) => expected));
  });

  it('nothing happens without a database, and paths are completed with files', async () => {
    const lines = [
      ['hangarbay query --region Th\t', '<query><--region><Th>'],
      ['hangarbay query --env-file /etc/passw\t', '<query><--env-file></etc/passwd>'],
    ] as const;
    const none = databaseAt('sqlite:/nonexistent/contracts.db');
    // The machine may also have passwd-, so bash only completes up to the common prefix.
    const said = await typed(
      'bash',
      none,
      lines.map(([line]) => line),
    );
    expect(said).toEqual(lines.map(([, expected]) => expected));
  });
});

describe.skipIf(withoutShell('zsh'))('in a real zsh, where there is one', () => {
  it('names with spaces and quotes are completed and quoted, in quotes and without', async () => {
    const lines = [
      ['hangarbay query --region Th\t', '<query><--region><The Forge>'],
      ['hangarbay query --region th\t--ships', '<query><--region><The Forge><--ships>'],
      ['hangarbay query --region "The F\t', '<query><--region><The Forge>'],
      ["hangarbay query --region 'The F\t", '<query><--region><The Forge>'],
      ['hangarbay query --region Odd\t', `<query><--region><${oddName}>`],
      ['hangarbay query @ch\t--limit 1', '<query><@cheap-ships><--limit><1>'],
      ['hangarbay que\tty\t--na\tx', '<query><types><--name><x>'],
      ['hangarbay query --region Nowh\t', '<query><--region><Nowh>'],
    ] as const;
    expect(
      await typed(
        'zsh',
        await openNamed(),
        lines.map(([line]) => line),
      ),
    ).toEqual(lines.map(([, expected]) => expected));
  });
});

describe.skipIf(withoutShell('fish'))('in a real fish, where there is one', () => {
  it.each([
    ['hangarbay query --region Th', ['The Forge']],
    ['hangarbay query --region "the f', ['The Forge']],
    ['hangarbay query --region Odd', [oddName]],
    ['hangarbay query --state gon', ['gone']],
    ['hangarbay query @ch', ['@cheap-ships\tsaved view']],
    ['hangarbay quer', ['query\tquery the database']],
    ['hangarbay query --region Nowh', []],
  ])('%s is completed', async (line, expected) => {
    const folder = temporaryFolder();
    const script = `#!/bin/sh\nexec "${process.execPath}" "${executable}" "$@"\n`;
    writeFileSync(join(folder, 'hangarbay'), script, { mode: 0o755 });
    const commands = 'hangarbay completion fish | source; complete -C $LINE';
    const { stdout, stderr } = await promisify(execFile)('fish', ['--no-config', '-c', commands], {
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        HOME: folder,
        XDG_CONFIG_HOME: configured(),
        HANGARBAY_DATABASE_URL: (await openNamed()).url,
        LINE: line,
      },
    });
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((candidate) => candidate !== '')).toEqual(expected);
  });
});

it('every shell is given a script that asks the program, and nothing else', async () => {
  for (const [shell, script] of Object.entries(completionScripts)) {
    expect(await run(['completion', shell])).toEqual({ code: 0, signal: null, stdout: script, stderr: '' });
    expect(script).toContain(`hangarbay __complete ${shell} -- `);
    expect(script).toContain('2>/dev/null');
  }
  expect(completionScripts.zsh).toMatch(/^#compdef hangarbay\n/);
  expect(completionScripts.fish).toContain('complete -c hangarbay -f ');
  expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' });
});

it.each(installed)('%s can read its script', (shell) => {
  const path = join(temporaryFolder(), 'script');
  writeFileSync(path, completionScripts[shell]);
  const { status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
