import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents } from './documents.ts';
import { commandsIn, isAsShown, isRun, masked, runCommands } from './transcript.ts';
import { type DocumentsWorld, openDocumentsWorld } from './world.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

/** Programs that the commands need besides hangarbay, and script(1), which gives them a terminal. */
const missing = ['script', 'jq', 'sqlite3'].filter((program) => spawnSync('which', [program]).status !== 0);
const reason = missing.length === 0 ? '' : ` (needs ${missing.join(', ')})`;

describe.skipIf(process.platform !== 'linux' || missing.length > 0)(`commands of the documents${reason}`, () => {
  let world: DocumentsWorld | undefined;
  beforeAll(async () => {
    world = await openDocumentsWorld();
  });
  afterAll(() => world?.close());

  const withCommands = documents().filter((path) => commandsIn(textOf(path)).some(isRun));

  it.each(withCommands)('%s: each runs, and prints what is shown', async (path) => {
    const commands = commandsIn(textOf(path)).filter(isRun);
    if (world === undefined) throw new Error('the world is not there');
    const { ran } = await runCommands(commands, world);
    for (const [index, { line, text, output }] of commands.entries()) {
      const { code, output: printed } = ran[index] ?? { code: -1, output: '' };
      const where = `${path}:${line}: ${text}`;
      expect({ where, code, ...(code === 0 ? {} : { printed }) }).toEqual({ where, code: 0 });
      if (output === undefined || isAsShown(output, printed)) continue;
      // To update: node scripts/transcripts.ts
      expect(`${where}\n${masked(printed)}`).toBe(`${where}\n${masked(output.join('\n'))}`);
    }
  });
});

/** The anchors of a document's headings, as on GitHub. */
function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links of the documents', () => {
  it.each([...documents(), 'CHANGELOG.md'])('%s: each leads somewhere', (path) => {
    const text = textOf(path)
      .replaceAll(/^```.*?^```/gms, '')
      .replaceAll(/`[^`\n]*`/g, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('the table of contents has every page', () => {
    const contents = textOf('docs/README.md');
    const missing = documents().filter(
      (path) => path.startsWith('docs/') && path !== 'docs/README.md' && !contents.includes(`(${path.slice(5)})`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the README', () => {
  it('fits a screen', () => {
    expect(Buffer.byteLength(textOf('README.md'))).toBeLessThanOrEqual(6 * 1024);
  });
});
