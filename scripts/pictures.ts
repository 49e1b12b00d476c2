/**
 * Makes the pictures of docs/pictures/ with the installed Chromium: `node scripts/pictures.ts`. The data is that of the
 * documents' commands.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { commandsIn, runCommands } from '../test/documents/transcript.ts';
import { openDocumentsWorld } from '../test/documents/world.ts';
import { browserPath } from '../test/helpers/browser-path.ts';

const folder = join(import.meta.dirname, '../docs/pictures');

/** The pictures: each page's query, or the page of the site, and the browser settings. */
const pictures = [
  { name: 'prices', page: 'prices-rifter.html', width: 1000, height: 820, colorScheme: 'light' },
  { name: 'site', page: 'index.html', width: 1000, height: 760, colorScheme: 'dark' },
  { name: 'phone', page: 'ships.html', width: 360, height: 640, colorScheme: 'light' },
] as const;

const executablePath = browserPath();
if (executablePath === undefined) throw new Error('Chromium is missing; install it, or set CHROMIUM to its path');
mkdirSync(folder, { recursive: true });
const world = await openDocumentsWorld();
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
try {
  const commands = commandsIn('```sh\nhangarbay report --out site --prices Rifter\n```');
  const { home } = await runCommands(commands, world);
  for (const { name, page, width, height, colorScheme } of pictures) {
    const tab = await browser.newPage({ viewport: { width, height }, colorScheme });
    await tab.goto(pathToFileURL(join(home, 'site', page)).href);
    await tab.screenshot({ path: join(folder, `${name}.jpg`), quality: 60 });
  }
} finally {
  await browser.close();
  await world.close();
}
