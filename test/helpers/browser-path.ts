import { existsSync } from 'node:fs';

/** Where systems install Chromium; playwright-core downloads none. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium of the machine, or the one that `CHROMIUM` names; undefined where there is none. */
export function browserPath(): string | undefined {
  return [process.env.CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path));
}
