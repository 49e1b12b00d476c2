/**
 * Runs the commands of the given documents, or of all, and writes their output below them. A test compares them; use
 * this after a change of output: `node scripts/transcripts.ts docs/querying.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { documents } from '../test/documents/documents.ts';
import { commandsIn, isAsShown, isRun, runCommands } from '../test/documents/transcript.ts';
import { openDocumentsWorld } from '../test/documents/world.ts';

const world = await openDocumentsWorld();
try {
  const named = process.argv.slice(2);
  for (const path of named.length > 0 ? named : documents()) {
    const lines = readFileSync(path, 'utf8').split('\n');
    const commands = commandsIn(lines.join('\n')).filter(isRun);
    const { ran } = await runCommands(commands, world);
    for (const [index, { text, output, outputLines }] of [...commands.entries()].toReversed()) {
      const { code, output: printed } = ran[index] ?? { code: 255, output: '' };
      if (code !== 0) process.stderr.write(`${path}: exit ${code}: ${text}\n${printed}\n`);
      if (output === undefined || isAsShown(output, printed)) continue;
      const [from, to] = outputLines;
      const shown =
        printed.trimEnd() === ''
          ? []
          : printed
              .trimEnd()
              .split('\n')
              .map((line) => line.trimEnd());
      lines.splice(from, to - from, ...shown, ...(lines[to]?.startsWith('$ ') ? [''] : []));
    }
    writeFileSync(path, lines.join('\n'));
  }
} finally {
  await world.close();
}
