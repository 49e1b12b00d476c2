import { describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { type Ended, run } from '../helpers/cli.ts';
import { sharedMarket } from '../helpers/shared.ts';

/** Asserts a usage error: exit code 2, a message on stderr without a stack trace, and nothing on stdout. */
function expectRefused({ code, stdout, stderr }: Ended, ...texts: readonly string[]): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const { level, msg: message } = JSON.parse(stderr) as { level: string; msg: string };
  expect(level).toBe('error');
  for (const text of texts) expect(message).toContain(text);
  expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
}

describe('a mistake in the command line is refused with what may have been meant', () => {
  it.each([
    [['agregate'], ["unknown command 'agregate'", 'aggregate']],
    [['--verison'], ["unknown option '--verison'", '--version']],
    [
      ['migrate', '--statsu'],
      ["unknown option '--statsu'", '--status'],
    ],
    [
      ['aggregate', '--concurency', '5'],
      ["unknown option '--concurency'", '--concurrency'],
    ],
    [
      ['query', '--itm', 'Rifter'],
      ["unknown option '--itm'", '--item'],
    ],
    [
      ['query', 'contracts', '--min-prce', '5'],
      ["unknown option '--min-prce'", '--min-price'],
    ],
    [['query', 'types', '--ship', 'Rifter'], ["unknown option '--ship'"]],
    [
      ['query', 'contract'],
      ['subject "contract" is unknown', 'Did you mean "contracts"?', 'market-groups'],
    ],
    [
      ['query', 'marketgroups'],
      ['subject "marketgroups" is unknown', 'Did you mean "market-groups"?'],
    ],
    [
      ['query', 'xyzzyplugh'],
      ['subject "xyzzyplugh" is unknown', '. Subjects: contracts, items'],
    ],
    [['query', '-q', 'ships'], ['put the subject first: hangarbay query ships, then flags']],
    [['query', 'items', 'contracts'], ['only one subject is allowed: "items" or "contracts"']],
    [['query', 'contracts', '--ships', 'types'], ['only one subject is allowed: "contracts" or "types"']],
    [
      ['query', 'items', 'Tritanium'],
      ['unexpected argument "Tritanium"', 'hangarbay query items --help'],
    ],
    [['query', '-q', '@mine'], ['put the view first: hangarbay query @mine, then flags']],
    [['query', 'items', '@mine'], ['only one subject is allowed: "items" or "@mine"']],
    [['migrate', 'now'], ['now']],
    [
      ['help', 'bogus'],
      ['command "hangarbay bogus" is unknown', 'migrate'],
    ],
    [
      ['help', 'quary'],
      ['command "hangarbay quary" is unknown', 'Did you mean "query"?'],
    ],
    [
      ['help', 'query', 'item'],
      ['command "hangarbay query item" is unknown', 'Did you mean "items"?'],
    ],
    [['query', 'help', 'xyzzy'], ['command "hangarbay query xyzzy" is unknown']],
    [['help', 'migrate', 'now'], ['command "hangarbay migrate now" is unknown']],
    [['aggregate', 'now'], ['now']],
    [
      ['query', '--limit'],
      ['--limit', 'argument missing'],
    ],
    [
      ['query', '--format', 'xml'],
      ['--format', 'xml', 'table, json, ndjson, csv'],
    ],
  ])('%j', async (args, texts) => {
    expectRefused(await run(args), ...texts);
  });

  it('with where to read on, once', async () => {
    const { stderr } = await run(['query', '--itm', 'Rifter']);
    expect(JSON.parse(stderr)).toMatchObject({
      msg: "unknown option '--itm'\n(Did you mean --item?)\n(run with --help for usage)",
    });
  });

  it.each([
    ['in the environment', ['query'], { HANGARBAY_LOG_FORMAT: 'pretty' }],
    ['as a flag', ['query', '--log-format', 'pretty'], { HANGARBAY_LOG_FORMAT: 'json' }],
    ['as a flag of one word', ['query', 'types', '--log-format=pretty'], {}],
  ])('in lines for people where they ask for it %s', async (_, args, environment) => {
    const { code, stderr } = await run([...args, '--bogus\u001b'], environment);
    expect(code).toBe(2);
    expect(stderr).toBe("error: unknown option '--bogus\\u001b'\n(run with --help for usage)\n");
  });

  it('also where the setting of the log is the mistake', async () => {
    expectRefused(await run(['query', '--itm', 'Rifter'], { HANGARBAY_LOG_FORMAT: 'xml' }), '--itm');
    expectRefused(await run(['query'], { HANGARBAY_LOG_FORMAT: 'xml' }), 'HANGARBAY_LOG_FORMAT', '"xml"');
  });

  it('but help that was not asked for stays help', async () => {
    const { code, stdout, stderr } = await run([]);
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(/^Usage: hangarbay /);
    expect(stdout + stderr).not.toContain('outputHelp');
  });
});

describe('a mistake in a question is refused, and nothing is put out', () => {
  const market = sharedMarket(sqlite);

  it.each([
    [
      ['--fields', 'contract_id,pric'],
      ['--fields', '"pric"', 'Did you mean "price"'],
    ],
    [['--fields', ''], ['--fields']],
    [
      ['--sort', 'prise'],
      ['--sort', '"prise"', 'Did you mean "price"'],
    ],
    [['--desc'], ['--desc', '--sort']],
    [
      ['--limit', 'ten'],
      ['--limit', '"ten"', 'whole number'],
    ],
    [
      ['--limit', '-1'],
      ['--limit', '"-1"'],
    ],
    [
      ['--offset', '1.5'],
      ['--offset', '"1.5"'],
    ],
    [
      ['--ship', 'Riftr'],
      ['ship "Riftr" is unknown', 'Did you mean "Rifter"'],
    ],
    [
      ['--region', 'The Frog'],
      ['region "The Frog" is unknown', 'Did you mean "The Forge"'],
    ],
    [
      ['--item', 'Tritanum'],
      ['type "Tritanum" is unknown', 'Did you mean "Tritanium"'],
    ],
    [
      ['--min-price', 'cheap'],
      ['--min-price', '"cheap"', 'for example --min-price 150m'],
    ],
    [
      ['--min-price', '2b', '--max-price', '1b'],
      ['--min-price 2b', '--max-price 1b'],
    ],
    [
      ['--state', 'lsted'],
      ['--state', '"lsted"', 'Did you mean "listed"'],
    ],
    [
      ['--type', 'curier'],
      ['--type', '"curier"', 'Did you mean "courier"'],
    ],
    [
      ['--id', 'first'],
      ['--id', '"first"', 'for example --id'],
    ],
    [
      ['--count', '--sort', 'prise'],
      ['--sort', '"prise"'],
    ],
    [
      ['--count', '--fields', 'pric'],
      ['--fields', '"pric"', 'Did you mean "price"'],
    ],
    [
      ['--fields', 'contract_id', '--fields', 'pric'],
      ['--fields', '"pric"'],
    ],
    [
      ['--sort', 'price', '--sort', 'title'],
      ['--sort', "'title'", 'takes one field'],
    ],
    [['runs', '--fields', 'link'], ['--fields: field "link" is unknown']],
  ])('%j', async (args, texts) => {
    const { database } = market();
    expectRefused(await run(['query', ...args, '--database-url', database.url]), ...texts);
  });
});
