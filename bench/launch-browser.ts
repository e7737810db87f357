import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../src/main/engines/pages/find-chromium';
import { npmChromium } from '../src/main/engines/pages/npm-chromium';

/** @throws Error where there is no Chromium */
export async function launchBenchBrowser(): Promise<Browser> {
  const installed = await findChromium(process.env);
  const bundled = installed === null ? await npmChromium(process.env) : null;
  const executablePath = installed ?? bundled?.executable;
  if (executablePath === undefined)
    throw new Error('There is no Chromium to measure with: install one, or run npm ci.');
  return chromium.launch({
    executablePath,
    ...(bundled ? { env: bundled.env } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
