import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COMMAND_LIST } from '../../src/renderer/command-list';
import { AREA_KEYS } from '../../src/renderer/model/area-keys';
import { needs } from '../helpers/needs';
import { sampleJob, sampleScene, sampleState } from '../helpers/samples';
import { launchBrowser, openPage } from './open-page';

const state = () => sampleState({ scene: sampleScene(), jobs: [sampleJob({ state: 'completed', finishedAt: 5 })] });

needs.chromium('the keys that are told', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const hints = (page: Page): Promise<string[]> =>
    page.locator('.status-key').evaluateAll((all) => all.map((one) => (one.textContent ?? '').trim()));

  it('are those of the area under the pointer, or where the focus went, and none is cut', async () => {
    const { page, faults } = await openPage(browser, state());
    await page.getByRole('region', { name: 'Queue' }).hover();
    await expect.poll(() => hints(page)).toContain('F2 Edit');
    await page.getByRole('region', { name: 'Timeline' }).hover();
    await expect.poll(() => hints(page)).toContain('Page Up, Page Down Ten Frames');
    expect(await hints(page)).not.toContain('F2 Edit');
    await page.getByRole('textbox', { name: 'Width', exact: true }).focus();
    await expect.poll(() => hints(page)).toEqual(['↑ ↓ Step', 'Enter Apply', 'Esc Restore']);
    await page.getByRole('menubar').hover();
    await expect
      .poll(() => hints(page))
      .toEqual(['F3 Search', 'F12 Render Image', 'Ctrl + F12 Render Animation', '? Keyboard Shortcuts']);
    for (const width of [900, 560]) {
      await page.setViewportSize({ width, height: 600 });
      const cut = await page.locator('.status-keys').evaluate((line) => {
        const { right, bottom } = line.getBoundingClientRect();
        return [...line.children].filter((key) => {
          const box = key.getBoundingClientRect();
          return box.top < bottom - 1 && box.right > right + 1;
        }).length;
      });
      expect(cut).toBe(0);
    }
    expect(faults).toEqual([]);
  });

  it('stand in the sheet: each that is bound to a command, and each of an area', async () => {
    const { page } = await openPage(browser, state());
    await page.getByRole('region', { name: 'Queue' }).hover();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard Shortcuts' });
    await sheet.waitFor();
    const keys = await sheet.locator('kbd').evaluateAll((all) => all.map((one) => one.textContent));
    const bound = COMMAND_LIST.filter(({ command }) => command !== 'quit').flatMap(({ keys: own }) => own ?? []);
    expect(keys).toEqual([...bound.map((own) => own.replaceAll('+', ' + ')), ...AREA_KEYS.map((row) => row.keys)]);
  });
});
