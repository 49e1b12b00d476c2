/** A family of gauges in the Prometheus text format. */
export interface Family {
  /** Without the program's prefix. */
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

const prefix = 'hangarbay_';

/**
 * Families in the text exposition format, as read by Prometheus and node_exporter's textfile collector. Without
 * timestamps, because the collector rejects files that have them.
 *
 * @param before the text to replace: its families that are not among the new ones are kept
 */
export function exposition(families: readonly Family[], before = ''): string {
  const blocks = new Map(blocksOf(before));
  for (const { name, help, samples } of families) {
    const lines = samples.map(({ labels = {}, value }) => `${prefix}${name}${labelText(labels)} ${value}`);
    const head = [`# HELP ${prefix}${name} ${help}`, `# TYPE ${prefix}${name} gauge`];
    if (lines.length === 0) blocks.delete(prefix + name);
    else blocks.set(prefix + name, [...head, ...lines].join('\n'));
  }
  return [...blocks].map(([, block]) => `${block}\n`).join('');
}

/** The families of a file that this program has written; other contents are dropped. */
function blocksOf(text: string): [name: string, block: string][] {
  return text
    .split(/^(?=# HELP )/m)
    .map((block) => [/^# HELP (\S+)/.exec(block)?.[1] ?? '', block.trim()] satisfies [string, string])
    .filter(([name]) => name.startsWith(prefix));
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
