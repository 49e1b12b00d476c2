import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SettingName, settings } from '../../src/config.ts';
import { run } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

/** A bad value of every setting. */
const bad: Readonly<Record<SettingName, string>> = {
  databaseUrl: 'mysql://database.example/hangarbay',
  databaseConnections: '0',
  cacheUrl: 'http://cache.example',
  esiUrl: 'esi.evetech.net',
  contact: 'pilöt@example.com',
  regions: 'Domain,,Heimatar',
  concurrency: '0',
  maxRequests: 'many',
  maxDuration: '25',
  resolve: '-1',
  downtime: '11:15-10:58',
  metricsFile: '$HOME/hangarbay.prom',
  pingUrl: 'hc-ping.com/uuid',
  logLevel: 'loud',
  logFormat: 'xml',
};

const entries = Object.entries(bad) as [SettingName, string][];

function ofVariable(name: SettingName): unknown {
  const { environment } = settings[name];
  return expect.stringMatching(new RegExp(`^${environment}: .+; for example ${environment}=.+`));
}

/** The lines of the message on stderr, whatever its format. */
function messageLines(stderr: string): string[] {
  return (JSON.parse(stderr) as { msg: string }).msg.split('\n');
}

describe('a bad setting is refused with its name, the problem and an example', () => {
  it('by flag, all of them at once', async () => {
    const args = entries.flatMap(([name, value]) => [settings[name].flag, value]);
    const { code, stdout, stderr } = await run(['aggregate', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const expected = entries.map(([name]) => {
      const { flag } = settings[name];
      return expect.stringMatching(new RegExp(`^${flag}: .+; for example ${flag} .+`));
    });
    expect(messageLines(stderr)).toEqual(expected);
  });

  it('by environment, all of them at once', async () => {
    const environment = Object.fromEntries(entries.map(([name, value]) => [settings[name].environment, value]));
    const { code, stdout, stderr } = await run(['aggregate'], environment);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(messageLines(stderr)).toEqual(entries.map(([name]) => ofVariable(name)));
  });

  it('alone as well', async () => {
    const { code, stdout, stderr } = await run(['aggregate'], { HANGARBAY_LOG_LEVEL: bad.logLevel });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(messageLines(stderr)).toEqual([ofVariable('logLevel')]);
  });

  it('by env file, all of them at once', async () => {
    const path = join(temporaryFolder(), 'hangarbay.env');
    writeFileSync(path, entries.map(([name, value]) => `${settings[name].environment}="${value}"\n`).join(''));
    const { code, stdout, stderr } = await run(['aggregate', '--env-file', path], { HANGARBAY_DOWNTIME: '' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(messageLines(stderr)).toEqual(entries.map(([name]) => ofVariable(name)));
  });

  it('several from several places, at once', async () => {
    const { code, stdout, stderr } = await run(['aggregate', '--concurrency', 'x', '--log-level', 'loud'], {
      HANGARBAY_MAX_DURATION: 'soon',
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(messageLines(stderr).map((line) => line.split(':')[0])).toEqual([
      '--concurrency',
      'HANGARBAY_MAX_DURATION',
      '--log-level',
    ]);
  });

  it('for every command that has it', async () => {
    for (const command of ['migrate', 'query']) {
      const { code, stdout, stderr } = await run([command], { HANGARBAY_DATABASE_URL: bad.databaseUrl });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(messageLines(stderr)[0]).toMatch(/^HANGARBAY_DATABASE_URL: /);
    }
  });
});

it('every setting is covered here', () => {
  expect(Object.keys(bad)).toEqual(Object.keys(settings));
});
