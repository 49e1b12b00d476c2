import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../src/commands/doctor/finding.ts';
import { newReadyUser, newUser, type User } from '../end-to-end/user.ts';
import { backings, processBackings, sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { openUnprivileged } from '../helpers/unprivileged.ts';

interface Answer {
  readonly code: number | null;
  readonly findings: Readonly<Record<string, Finding>>;
}

async function doctorOf(user: User, ...args: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await user.run('doctor', '--json', ...args);
  expect(stderr).toBe('');
  const { findings, problems, exit_code } = JSON.parse(stdout) as {
    findings: Finding[];
    problems: number;
    exit_code: number;
  };
  expect(exit_code).toBe(code);
  expect(problems > 0).toBe(code === 3);
  return { code, findings: Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
}

const status = (found: Finding['status'], text: RegExp, advice: RegExp = /./) => ({
  status: found,
  found: expect.stringMatching(text),
  advice: expect.stringMatching(advice),
});

describe.each(processBackings)('hangarbay doctor, on $name', (backing) => {
  it('finds no problem in a good setup, and prints the state', async () => {
    const user = await newReadyUser(backing, { plainContracts: 3 });
    await user.aggregate();
    const { code, findings } = await doctorOf(user);
    expect(code).toBe(0);
    expect(Object.values(findings).filter((finding) => finding.status !== 'ok')).toMatchObject([
      { check: 'static data' },
    ]);
    expect(Object.keys(findings)).toEqual(
      expect.arrayContaining([
        'node',
        'contact',
        'rights',
        'migrations',
        'database',
        'lock',
        'passes',
        'cache',
        'esi',
        'clock',
        'compatibility date',
      ]),
    );
    const { stdout } = await user.run('doctor');
    expect(stdout).toMatch(/^ok {7}node {16}Node\.js \d+/);
    expect(stdout).toMatch(/^notice {3}static data .*\n {29}run: hangarbay import sde --if-newer$/m);
  });
});

describe.each(backings)('hangarbay doctor, on $name', (backing) => {
  it('says what to run for a new database', async () => {
    const user = await newUser(backing);
    expect(await doctorOf(user)).toMatchObject({
      code: 3,
      findings: { migrations: status('problem', /not migrated/, /run: hangarbay migrate|hangarbay aggregate/) },
    });
    expect(await user.run('migrate')).toMatchObject({ code: 0 });
    expect(await doctorOf(user)).toMatchObject({
      code: 3,
      findings: { passes: status('problem', /no pass has succeeded/, /run: hangarbay aggregate/) },
    });
  });
});

describe('hangarbay doctor', () => {
  it('finds what is wrong with ESI', async () => {
    const user = await newReadyUser(sqlite);
    const body = { compatibility_dates: ['2030-01-01'] };
    const match = { route: 'compatibilityDates' } as const;
    const twoHoursAgo = new Date(Date.now() - 7_200_000).toUTCString();
    user.esi.faults.inject({
      match,
      times: 1,
      fault: { kind: 'status', status: 200, body, headers: { date: twoHoursAgo } },
    });
    expect((await doctorOf(user)).findings).toMatchObject({
      'compatibility date': status('problem', /no longer supported/, /newer hangarbay/),
      clock: status('problem', /^7\d\d\d s ahead of ESI's/, /NTP/),
    });
    user.esi.faults.inject({ match, times: 1, fault: { kind: 'status', status: 503 } });
    expect((await doctorOf(user)).findings).toMatchObject({ esi: status('problem', /answers 503/) });
    expect((await doctorOf(user, '--esi-url', 'http://127.0.0.1:9')).findings).toMatchObject({
      esi: status('problem', /ECONNREFUSED/, /proxy/),
    });
    const now = new Date();
    const span = [new Date(now.getTime() - 60_000), new Date(now.getTime() + 3_600_000)].map((at) =>
      at.toISOString().slice(11, 16),
    );
    // Around midnight there is no such span.
    if (span.join() === span.toSorted().join()) {
      const { findings } = await doctorOf(user, '--downtime', span.join('-'));
      expect(findings).toMatchObject({ esi: status('notice', /daily downtime until/) });
    }
  });

  it('finds what is wrong with the surroundings', async () => {
    const user = await newReadyUser(sqlite);
    const { HANGARBAY_CONTACT: _, ...environment } = user.environment;
    const ended = await run(['doctor', '--cache-url', 'redis://127.0.0.1:9'], environment);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/^notice {3}contact {13}not set\n {29}.*HANGARBAY_CONTACT$/m);
    expect(ended.stdout).toMatch(/^problem {2}cache /m);
  });

  it.skipIf(process.getuid?.() !== 0)('names the owner of files that keep this user out (needs root)', async () => {
    const user = await newReadyUser(sqlite);
    const nobody = openUnprivileged();
    onTestFinished(() => nobody.close());
    const ended = await nobody.run('true', ['doctor'], { ...user.environment, HOME: nobody.folder });
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/^problem {2}rights .*belongs to root, and the current user is nobody/m);
    const pass = await nobody.run('true', ['aggregate'], { ...user.environment, HOME: nobody.folder });
    expect(pass).toMatchObject({
      code: 13,
      stderr: expect.stringMatching(/belongs to root, and the current user is nobody; run it as root, or: chown/),
    });
  });
});
