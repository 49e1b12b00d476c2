import { describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { type Ended, run } from '../helpers/cli.ts';
import { sharedMarket } from '../helpers/shared.ts';

/** A mistake ends with 2, says why on stderr without a stack trace, and leaves stdout alone. */
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
      ['there is no subject "contract"', 'did you mean "contracts"?', 'market-groups'],
    ],
    [
      ['query', 'marketgroups'],
      ['there is no subject "marketgroups"', 'did you mean "market-groups"?'],
    ],
    [
      ['query', 'xyzzyplugh'],
      ['there is no subject "xyzzyplugh"', '. Known are: contracts, items'],
    ],
    [['query', '-q', 'ships'], ['name the subject first: hangarbay query ships, then flags']],
    [['query', 'items', 'contracts'], ['a question is about one subject, and "items" was named before "contracts"']],
    [['query', 'contracts', '--ships', 'types'], ['"contracts" was named before "types"']],
    [
      ['query', 'items', 'Tritanium'],
      ['"Tritanium" is one word too many', 'hangarbay query items --help'],
    ],
    [['query', '-q', '@mine'], ['name the view first: hangarbay query @mine, then flags']],
    [['query', 'items', '@mine'], ['"items" was named before "@mine"']],
    [['migrate', 'now'], ['now']],
    [
      ['help', 'bogus'],
      ['there is no command "hangarbay bogus"', 'migrate'],
    ],
    [
      ['help', 'quary'],
      ['there is no command "hangarbay quary"', 'did you mean "query"?'],
    ],
    [
      ['help', 'query', 'item'],
      ['there is no command "hangarbay query item"', 'did you mean "items"?'],
    ],
    [['query', 'help', 'xyzzy'], ['there is no command "hangarbay query xyzzy"']],
    [['help', 'migrate', 'now'], ['there is no command "hangarbay migrate now"']],
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
      msg: "unknown option '--itm'\n(Did you mean --item?)\n(add --help for what is possible)",
    });
  });

  it.each([
    ['in the environment', ['query'], { HANGARBAY_LOG_FORMAT: 'pretty' }],
    ['as a flag', ['query', '--log-format', 'pretty'], { HANGARBAY_LOG_FORMAT: 'json' }],
    ['as a flag of one word', ['query', 'types', '--log-format=pretty'], {}],
  ])('in lines for people where they ask for it %s', async (_, args, environment) => {
    const { code, stderr } = await run([...args, '--bogus\u001b'], environment);
    expect(code).toBe(2);
    expect(stderr).toBe("error: unknown option '--bogus\\u001b'\n(add --help for what is possible)\n");
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
      ['--fields', '"pric"', 'did you mean "price"'],
    ],
    [['--fields', ''], ['--fields']],
    [
      ['--sort', 'prise'],
      ['--sort', '"prise"', 'did you mean "price"'],
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
      ['there is no ship "Riftr"', 'did you mean "Rifter"'],
    ],
    [
      ['--region', 'The Frog'],
      ['there is no region "The Frog"', 'did you mean "The Forge"'],
    ],
    [
      ['--item', 'Tritanum'],
      ['there is no type "Tritanum"', 'did you mean "Tritanium"'],
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
      ['--state', '"lsted"', 'did you mean "listed"'],
    ],
    [
      ['--type', 'curier'],
      ['--type', '"curier"', 'did you mean "courier"'],
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
      ['--fields', '"pric"', 'did you mean "price"'],
    ],
    [
      ['--fields', 'contract_id', '--fields', 'pric'],
      ['--fields', '"pric"'],
    ],
    [
      ['--sort', 'price', '--sort', 'title'],
      ['--sort', "'title'", 'by one field'],
    ],
    [['runs', '--fields', 'link'], ['--fields: there is no field "link"']],
  ])('%j', async (args, texts) => {
    const { database } = market();
    expectRefused(await run(['query', ...args, '--database-url', database.url]), ...texts);
  });
});
