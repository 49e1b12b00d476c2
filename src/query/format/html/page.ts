import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../folders.ts';
import { text } from './markup.ts';

/** The assets that are inlined in every page. */
export interface PageParts {
  /** The page's CSS, and the script of its tables. */
  readonly style: string;
  readonly script: string;
}

/** Runs before the rows are parsed, so that the browser only lays out visible rows until the page's script runs. */
const firstScript = "document.documentElement.classList.add('starting')";

let parts: PageParts | undefined;

function pageParts(): PageParts {
  const read = (file: string) => readFileSync(join(packageRoot(), 'assets', file), 'utf8');
  parts ??= { style: read('page.css'), script: read('page.js') };
  return parts;
}

const hashOf = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

/**
 * The beginning of a page, up to and including `<body>`. Its content security policy allows this style and these
 * scripts by hash, and nothing else: no other script, URL or form. Markup in player text has no effect even if an
 * escape is missed.
 */
export function pageStart(title: string): string {
  const { style, script } = pageParts();
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(firstScript)} ${hashOf(script)}`,
    // For the empty icon below, without which browsers request one from the server.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${text(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
<script>${firstScript}</script>
</head>
<body>
`;
}

/** The end of a page. The script comes last, after the elements that it needs. */
export function pageEnd(): string {
  return `<footer>Made by hangarbay from the public contracts of EVE Online; not affiliated with CCP.</footer>
<script>${pageParts().script}</script>
</body>
</html>
`;
}
