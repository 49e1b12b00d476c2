import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/config.ts';
import { flagOf } from '../../src/query/engine/filter.ts';
import { subjects } from '../../src/query/subjects/subjects.ts';
import { subjectNamed } from '../helpers/ask.ts';
import { backings, sqlite } from '../helpers/backings.ts';
import { run } from '../helpers/cli.ts';
import { sharedMarket } from '../helpers/shared.ts';
import { configured, oddName, openNamed } from './completed.ts';

/** The completions of the words after the program's name, as for zsh and fish. */
async function complete(environment: Readonly<Record<string, string>>, ...words: string[]): Promise<string[]> {
  const ended = await run(['__complete', 'zsh', '--', ...words], environment);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

const market = sharedMarket(sqlite);

const subcommands = 'migrate aggregate query import export report prune status doctor views completion'.split(' ');

describe('a word is completed to', () => {
  it.each<[string[], string[]]>([
    [[''], [...subcommands, 'help']],
    [['ag'], ['aggregate']],
    [['migrate', '--st'], ['--status']],
    [['query', 'MARK'], ['market-groups']],
    [['query', '--max-p'], ['--max-price']],
    [['query', 'types', '--na'], ['--name']],
    [['query', 'types', '--max-p'], []],
    [
      ['query', '--format', ''],
      ['table', 'json', 'ndjson', 'csv', 'tsv', 'markdown', 'html'],
    ],
    [['query', '--format=n'], ['--format=ndjson']],
    [
      ['query', 'contracts', '--ships', '--state', ''],
      ['listed', 'expired', 'gone', 'all'],
    ],
    [['query', '--type', 'au'], ['auction']],
    [['query', '--sort', 'pri'], ['price']],
    [['query', 'runs', '--sort', 'contracts_l'], ['contracts_listed']],
    [['query', '--fields', 'price,ship_n'], ['price,ship_name']],
    [
      ['query', '--fields', 'items.type_'],
      ['items.type_id', 'items.type_name'],
    ],
    [['query', '--title', ''], []],
    [['query', '--limit', ''], []],
    [['query', '--env-file', ''], [':files']],
    [['aggregate', '--database-url', ''], [':files']],
    [['import', 'sde', ''], [':files']],
    [['aggregate', '--log-level', 'w'], ['warn']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'fish', ''], []],
    [['xyzzy', ''], []],
    [
      ['query', ''],
      [...subjects.map(({ name }) => name), 'help', '@cheap-ships', '@names'],
    ],
    // A subject precedes the flags.
    [['query', '--xyzzy=', ''], []],
    [['query', '--ships', 'sh'], []],
    [['query', '--region', 'Domain', 'sh'], []],
    [
      ['query', 'prices', '--by', ''],
      ['region', 'day'],
    ],
    [
      ['query', '@'],
      ['@cheap-ships', '@names'],
    ],
    [['query', '@names', '--na'], ['--name']],
    [['views', ''], ['remove']],
    [['help', ''], [...subcommands]],
    [['help', 'query', 'ru'], ['runs']],
    [['help', 'views', ''], ['remove']],
    [['help', 'completion', ''], []],
    [['help', 'query', '--'], ['--help']],
    [['query', 'help', 'market'], ['market-groups']],
    [['views', 'remove', 'ch'], ['cheap-ships']],
  ])('%j: %j', async (words, expected) => {
    expect(await complete({ XDG_CONFIG_HOME: configured() }, ...words)).toEqual(expected);
  });

  it('every flag of its command', async () => {
    const flags = await complete({}, 'query', '--');
    for (const filter of subjectNamed('contracts').filters) expect(flags).toContain(flagOf(filter));
    expect(await complete({}, 'aggregate', '--')).toEqual(
      expect.arrayContaining(Object.values(settings).map(({ flag }) => flag)),
    );
  });

  it('something with a description', async () => {
    const { stdout } = await run(['__complete', 'fish', '--', 'query', '--max-pri']);
    expect(stdout).toBe('--max-price\tmaximum price\n');
  });
});

describe.each(backings)('names in the database on $name', (backing) => {
  it('are completed, whatever is in them', async () => {
    const { url } = await openNamed(backing);
    const environment = { HANGARBAY_DATABASE_URL: url };
    expect(await complete(environment, 'query', '--region', '')).toEqual(['Domain', 'Heimatar', oddName, 'The Forge']);
    expect(await complete(environment, 'query', '--region', 'the f')).toEqual(['The Forge']);
    expect(await complete(environment, 'aggregate', '--region=d')).toEqual(['--region=Domain']);
    expect(await complete(environment, 'query', '--ship', '')).toEqual(['Caracal', 'Ibis', 'Rifter']);
    expect(await complete(environment, 'query', '--item', 'ri')).toEqual(['Rifter', 'Rifter Blueprint']);
    expect(await complete({}, 'query', '--database-url', url, '--region', 'h')).toEqual(['Heimatar']);
  });
});

it('a bound is completed to the attributes that the item is rolled by', async () => {
  const environment = { HANGARBAY_DATABASE_URL: market().database.url };
  expect(await complete(environment, 'query', 'rolls', '--attr', 'max')).toEqual(['maxRange>=']);
  expect(await complete(environment, 'query', 'rolls', '--item', 'Rifter', '--quality', '')).toEqual([]);
});

it.each([
  ['is none', '/nonexistent/contracts.db'],
  ['is no database', import.meta.filename],
  ['is nowhere to be reached', 'postgres://127.0.0.1:1/nothing'],
  ['is not even an address', 'ftp://x'],
])('names are completed to nothing, in silence, where the database %s', async (_, url) => {
  expect(await complete({ HANGARBAY_DATABASE_URL: url }, 'query', '--region', 'T')).toEqual([]);
});

it('the file of saved questions may be broken', async () => {
  const config = configured();
  writeFileSync(join(config, 'hangarbay', 'views.json'), '{');
  expect(await complete({ XDG_CONFIG_HOME: config }, 'query', 'ty')).toEqual(['types']);
});
