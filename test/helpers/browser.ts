import { type Page, chromium } from 'playwright';
import { onTestFinished } from 'vitest';
import { environmentOf, pathOf } from './needs';

/** Opens a page in its own real browser, closed with the test. Any error on the page's console fails the test. */
export async function openBrowser(url: string, viewport = { width: 1400, height: 860 }): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: pathOf('chromium'),
    env: environmentOf('chromium'),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const complaints: string[] = [];
  onTestFinished(async () => {
    await browser.close();
    if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
  });
  const page = await browser.newPage({ viewport });
  // A slow machine is not a failure; the test's own timeout ends a hang.
  page.setDefaultTimeout(280_000);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}
