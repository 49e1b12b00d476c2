import type { Command } from 'commander';

/**
 * Example command lines of the help and the man page, by command path; a test runs each of them. Other programs are
 * only used after a pipe.
 */
export const examples: Readonly<Record<string, readonly string[]>> = {
  migrate: [
    'hangarbay migrate',
    'hangarbay migrate --status',
    'hangarbay migrate --database-url sqlite:/var/lib/hangarbay/hangarbay.db',
  ],
  aggregate: [
    'hangarbay aggregate --region "The Forge" --contact pilot@example.com',
    'hangarbay aggregate --max-duration 25m --json | jq .contracts',
    'HANGARBAY_REGIONS="Domain,Heimatar" hangarbay aggregate',
  ],
  import: [
    'hangarbay import sde',
    'hangarbay import sde --if-newer --quiet',
    'hangarbay import structures structures.csv',
  ],
  'import sde': [
    'hangarbay import sde',
    'hangarbay import sde --if-newer --contact pilot@example.com',
    'hangarbay import sde eve-online-static-data-3561556-jsonl.zip --json | jq .rows',
  ],
  'import structures': [
    'hangarbay import structures structures.csv',
    'hangarbay import structures structures.json --json',
    'hangarbay import structures - < structures.csv',
  ],
  'import everef': [
    'hangarbay import everef',
    'hangarbay import everef public-contracts-latest.v2.tar.bz2 --json',
    'hangarbay import everef archives --quiet',
  ],
  'import dump': [
    'hangarbay import dump contracts.dump.gz --database-url sqlite:/var/lib/hangarbay/copy.db',
    'hangarbay import dump - < contracts.dump.gz',
    'hangarbay import dump old.dump.gz --merge --json | jq .rows',
  ],
  export: [
    'hangarbay export dump contracts.dump.gz',
    'hangarbay export dump contracts.dump.gz --json | jq .rows',
    'hangarbay export parquet lake',
  ],
  'export dump': [
    'hangarbay export dump contracts.dump.gz',
    'hangarbay export dump contracts.dump.gz --quiet --json',
    'hangarbay export dump - > contracts.dump.gz',
  ],
  'export everef': [
    'hangarbay export everef public-contracts.v2.tar.bz2',
    'hangarbay export everef public-contracts.v2.tar.bz2 --json | jq .rows',
    'hangarbay export everef public-contracts.v2.tar.bz2 --quiet',
  ],
  'export parquet': [
    'hangarbay export parquet lake',
    'hangarbay export parquet lake --json | jq .files_written',
    'hangarbay export parquet lake --quiet',
  ],
  report: [
    'hangarbay report --out /var/lib/hangarbay/site',
    'hangarbay report --out site @cheap-ships --prices Rifter',
    'hangarbay report --out site --json | jq ".pages[].file"',
  ],
  prune: [
    'hangarbay prune --gone-before 90d --dry-run',
    'hangarbay prune --gone-before 365d --keep-sold --quiet',
    'hangarbay prune --gone-before 2026-01-01T00:00:00Z --vacuum --json | jq .contracts',
  ],
  status: [
    'hangarbay status',
    'hangarbay status --region "The Forge" --max-age 45m --json | jq .verdict',
    'hangarbay status --quiet | mail -s hangarbay operator@example.com',
  ],
  doctor: [
    'hangarbay doctor',
    'hangarbay doctor --json | jq .problems',
    'hangarbay doctor --contact pilot@example.com --region "The Forge"',
  ],
  query: [
    'hangarbay query --region "The Forge" --ship Rifter --max-price 2m',
    'hangarbay query types --name rifter',
    'hangarbay query @cheap-ships --limit 5',
  ],
  'query contracts': [
    'hangarbay query --ships --sort price --limit 10 --fields contract_id,ship_name,price,system_name --links',
    'hangarbay query --ship Rifter --fields title,price,items.type_name --limit 0 --format csv > rifters.csv',
    'hangarbay query --priced --min-margin 50m --sort margin --desc --limit 20',
  ],
  'query items': [
    'hangarbay query items --item Tritanium --region "The Forge" --sort quantity --desc',
    'hangarbay query items --bpc --min-me 10 --fields contract_id,type_name,runs,price',
    'hangarbay query items --group Frigate --count',
  ],
  'query ships': [
    'hangarbay query ships --group Frigate --sort cheapest',
    'hangarbay query ships --region "The Forge" --sort contracts --desc --limit 20',
    'hangarbay query ships --ship Rifter --format json | jq ".[].median"',
  ],
  'query blueprints': [
    'hangarbay query blueprints --item "Rifter Blueprint" --me 10 --te 20 --min-runs 5 --sort price-per-run',
    'hangarbay query blueprints --bpo --max-price 1b --sort price',
    'hangarbay query blueprints --item "Rifter Blueprint" --bundles --limit 0 --format csv > blueprints.csv',
  ],
  'query couriers': [
    'hangarbay query couriers --no-structures --max-collateral 1b --sort reward-per-m3 --desc',
    'hangarbay query couriers --secure --max-jumps 20 --sort reward-per-jump --desc',
    'hangarbay query couriers --limit 0 --format ndjson | jq .end_system_name',
  ],
  'query rolls': [
    'hangarbay query rolls --sort price --limit 20',
    'hangarbay query rolls --quality "maxRange>=80" --attr "maxRange>=12000" --sort attr.maxRange --desc',
    'hangarbay query rolls --limit 0 --format ndjson | jq .type_name',
  ],
  'query prices': [
    'hangarbay query prices --item Rifter --by region',
    'hangarbay query prices --item "Rifter Blueprint" --bpc --outcome accepted,sold',
    'hangarbay query prices --item Rifter --region "The Forge" --format json | jq ".[].median"',
  ],
  'query changes': [
    'hangarbay query changes --since 1h --change appeared --ship Rifter --max-price 2m',
    'hangarbay query changes --since last --format ndjson | jq -r .title',
    'hangarbay query changes --since 3 --limit 100',
  ],
  'query types': [
    'hangarbay query types --name rifter',
    'hangarbay query types --sort name --limit 0 --format csv > types.csv',
    'hangarbay query types --count',
  ],
  'query market-groups': [
    'hangarbay query market-groups --name frigates',
    'hangarbay query market-groups --sort name --fields market_group_id,name',
    'hangarbay query market-groups --limit 0 --format ndjson | jq -r .name',
  ],
  'query regions': [
    'hangarbay query regions --sort contracts_listed --desc',
    'hangarbay query regions --name forge',
    'hangarbay query regions --sort last_complete_sweep_at --limit 5',
  ],
  'query runs': [
    'hangarbay query runs --limit 5',
    'hangarbay query runs --sort requests_errors --desc --limit 1',
    'hangarbay query runs --fields started_at,outcome,contracts_stored --limit 0 --format csv > runs.csv',
  ],
  views: [
    'hangarbay query --ships --max-price 10m --sort price --save cheap-ships',
    'hangarbay query @cheap-ships --region Domain',
    'hangarbay views',
  ],
  'views remove': [
    'hangarbay views remove cheap-ships',
    'hangarbay views remove @cheap-ships',
    'hangarbay views remove --quiet cheap-ships',
  ],
  completion: [
    'source <(hangarbay completion bash)',
    'hangarbay completion zsh > ~/.zfunc/_hangarbay',
    'hangarbay completion fish > ~/.config/fish/completions/hangarbay.fish',
  ],
};

/** The path of a command without the program's name: `query contracts`. */
export function pathOf(command: Command): string {
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** Adds a command's examples to the end of its help. */
export function addExamples(command: Command, path: string): Command {
  const lines = (examples[path] ?? []).map((line) => `  $ ${wrapped(line)}\n`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('')}`);
}

/** Width of a help line without the prompt and the backslash. */
const exampleWidth = 80 - '  $ '.length - ' \\'.length;

/** A command line wrapped between words, with backslashes for the shell. */
function wrapped(line: string): string {
  const lines: string[] = [];
  // Text in quotation marks is one word.
  for (const [word] of line.matchAll(/(?:"[^"]*"|\S)+/g)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trimStart();
    if (lines.length > 0 && longer.length <= exampleWidth) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? word : `  ${word}`);
  }
  return lines.map((each, index) => (index === 0 ? each : `    ${each}`)).join(' \\\n');
}
