import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { browserPath } from './browser-path.ts';

const executablePath = browserPath();

/** Whether pages can be tested here. */
export const hasBrowser = executablePath !== undefined;

/** An open page, with its errors and requests. */
export interface Opened {
  readonly page: Page;
  /** Addresses that were asked for, other than the page's own, and lines of the console. Both should stay empty. */
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

export interface Appearance {
  /** In pixels. */
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A browser for the tests of a file; returns a function that opens a file in it. */
export function sharedBrowser(): (file: string, appearance?: Appearance) => Promise<Opened> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (executablePath === undefined) return;
    // Chromium has no sandbox for root.
    browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  });
  afterAll(() => browser?.close());
  return async (file, { width = 1280, colorScheme = 'light' } = {}) => {
    if (browser === undefined) throw new Error('no browser was found');
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const own = pathToFileURL(file).href;
    const [requests, complaints]: [string[], string[]] = [[], []];
    page.on('request', (request) => request.url() === own || requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(own);
    return { page, requests, complaints };
  };
}
