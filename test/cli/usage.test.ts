import { describe, expect, it } from 'vitest';
import { sqlite } from '../helpers/backings.ts';
import { type Ended, run } from '../helpers/cli.ts';
import { sharedMarket } from '../helpers/shared.ts';

/** A mistake ends with 2, says why on stderr without a stack trace, and leaves stdout alone. */
function expectRefused({ code, stdout, stderr }: Ended, ...texts: readonly string[]): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const said = stderr.replaceAll('\\"', '"');
  for (const text of texts) expect(said).toContain(text);
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
    [['query', 'contracts', 'types'], ['types']],
    [['migrate', 'now'], ['now']],
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
  ])('%j', async (args, texts) => {
    const { database } = market();
    expectRefused(await run(['query', '--database-url', database.url, ...args]), ...texts);
  });
});
