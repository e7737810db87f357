import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { NativeMenus } from '../../src/shared/native-menus';
import { needs } from '../helpers/needs';
import { sampleScene, sampleState } from '../helpers/samples';
import { launchBrowser, PAGES } from './open-page';
import { startScriptedHost } from './scripted-host';

declare global {
  interface Window {
    /** What the page has told its bridge, and its listener there. */
    shown: NativeMenus[];
    choose: (id: string) => void;
  }
}

needs.chromium('menus that the system draws', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('are those of the window, as they stand, and run what is chosen there', async () => {
    const state = sampleState({ scene: sampleScene() });
    const mac = { ...state, info: { ...state.info, shell: 'desktop', platform: 'darwin' } };
    const host = await startScriptedHost(PAGES, state);
    onTestFinished(() => host.close());
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.addInitScript((value) => {
      const none = (): Promise<null> => Promise.resolve(null);
      const call = async (operation: string): Promise<unknown> =>
        operation === 'host.state'
          ? { ok: true, value }
          : { ok: false, error: { kind: 'failed', message: `There is no ${operation}.` } };
      window.shown = [];
      Object.assign(window, {
        framegauge: {
          call,
          onEvent: () => () => {},
          image: none,
          pixels: none,
          lending: none,
          speak: none,
          showMenus: async (menus: NativeMenus) => void window.shown.push(menus),
          onMenu: (listener: (id: string) => void) => {
            window.choose = listener;
            return () => {};
          },
        },
      });
    }, mac);
    await page.goto(host.url);
    const checked = (): Promise<unknown> =>
      page.evaluate(() =>
        window.shown
          .at(-1)
          ?.flatMap(({ items }) => items)
          .find((item) => item !== null && 'id' in item && item.id === 'toggle-properties'),
      );
    await expect.poll(checked).toMatchObject({ label: 'Properties', checked: true, enabled: true });
    expect(await page.getByRole('menubar').count()).toBe(0);
    await page.evaluate(() => window.choose('toggle-properties'));
    await expect.poll(checked).toMatchObject({ checked: false });
    await page.evaluate(() => window.choose('show-statistics'));
    await expect.poll(checked).toMatchObject({ enabled: false });
    await page.evaluate(() => window.choose('show-render'));

    // In a text, Undo takes back what was typed.
    const frame = page.getByRole('textbox', { name: 'Current frame' });
    await frame.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('77');
    expect(await frame.inputValue()).toBe('77');
    await page.evaluate(() => window.choose('undo'));
    await expect.poll(() => frame.inputValue()).not.toBe('77');
    await page.evaluate(() => window.choose('shortcuts'));
    await page.getByRole('dialog', { name: 'Keyboard Shortcuts' }).waitFor();
    // A dialog is not replaced.
    await page.evaluate(() => window.choose('about'));
    expect(await page.getByRole('dialog').count()).toBe(1);
  });
});
