import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../helpers/needs';
import { sampleState } from '../helpers/samples';
import { launchBrowser, openPage } from './open-page';

needs.chromium('the language of the window', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('is the chosen one at once, and still after a reload', async () => {
    const { page, faults } = await openPage(browser, sampleState());
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.keyboard.press('Control+,');
    await page.getByRole('tab', { name: 'Interface' }).click();
    await page.getByLabel('Language').focus();
    await page.getByLabel('Language').selectOption('Deutsch');
    await page.getByLabel('Sprache').selectOption('日本語');
    const chosen = page.getByLabel('言語');
    await chosen.waitFor();
    // Whoever chooses by the keyboard goes on from there.
    expect(await chosen.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
    await page.reload();
    await page.locator('html[lang="ja"] .app-frame').waitFor();
    expect(faults).toEqual([]);
  });

  it('is that of the browser where none was chosen', async () => {
    const { page } = await openPage(
      { newContext: (options) => browser.newContext({ ...options, locale: 'de-AT' }) },
      sampleState(),
    );
    await page.locator('html[lang="de"] .app-frame').waitFor();
  });
});
