import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, run } from '../helpers/cli.ts';
import type { Market } from '../helpers/market.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

/** A user with a separate configuration, and a database. */
export function userOf(market: () => Market) {
  const config = temporaryFolder();
  const file = join(config, 'hangarbay', 'views.json');
  const environment = { XDG_CONFIG_HOME: config };
  return {
    config,
    file,
    hangarbay: (...args: string[]) => run(args, { ...environment, HANGARBAY_DATABASE_URL: market().database.url }),
    write(text: string): void {
      mkdirSync(join(config, 'hangarbay'), { recursive: true });
      writeFileSync(file, text);
    },
    environment,
  };
}

/** The ids of a successful answer. */
export function idsIn({ code, stdout, stderr }: Ended): number[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { contract_id: number }[]).map(({ contract_id }) => contract_id);
}

/** The one line on stderr. */
export function messageIn(stderr: string): string {
  const { level, msg: message } = JSON.parse(stderr) as { level: string; msg: string };
  expect(level).toBe('error');
  return message;
}

/** The message of a mistake: exit code 2, nothing on stdout, a line on stderr. */
export function refusalOf({ code, stdout, stderr }: Ended): string {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return messageIn(stderr);
}
