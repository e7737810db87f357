import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { callInPage } from '../helpers/call-in-page';
import { startDesktop } from '../helpers/desktop-app';
import { needs } from '../helpers/needs';

const TURNTABLE = resolve(import.meta.dirname, '../../examples/turntable.glb');
/** Waits for something to come true, on a machine that may be busy. */
const eventually: typeof expect.poll = (look) => expect.poll(look, { timeout: 60_000 });

/** What the tray was given last: nothing of it can be asked of the system. */
interface Given {
  menu: { items: { label: string; enabled: boolean; click(): void }[] };
  tip: string;
}

needs.electron('the icon in the tray', () => {
  it('tells what is rendering, pauses, resumes, opens the window, speaks its language and quits', async () => {
    const desktop = await startDesktop();
    try {
      await desktop.app.evaluate(({ Tray }) => {
        const given: Partial<Given> = {};
        (globalThis as { given?: Partial<Given> }).given = given;
        const { setContextMenu, setToolTip } = Tray.prototype;
        Tray.prototype.setContextMenu = function set(menu) {
          given.menu = menu as unknown as Given['menu'];
          setContextMenu.call(this, menu);
        };
        Tray.prototype.setToolTip = function set(tip) {
          given.tip = tip;
          setToolTip.call(this, tip);
        };
      });
      const labels = (): Promise<string[]> =>
        desktop.app.evaluate(
          () => (globalThis as unknown as { given: Partial<Given> }).given.menu?.items.map(({ label }) => label) ?? [],
        );
      const press = (label: string): Promise<void> =>
        desktop.app.evaluate(
          (_electron, wanted) =>
            (globalThis as unknown as { given: Given }).given.menu.items.find((item) => item.label === wanted)!.click(),
          label,
        );
      const state = async (): Promise<unknown> => (await callInPage(desktop, 'host.state', {}))['queue'];

      await callInPage(desktop, 'queue.pause', {});
      await eventually(labels).toEqual([
        'The queue is paused',
        '',
        'Open Framegauge',
        'Resume Queue',
        '',
        'Quit Framegauge',
      ]);
      await callInPage(desktop, 'job.submit', {
        scene: TURNTABLE,
        frames: '1-400',
        width: 64,
        height: 36,
        output: join(desktop.dataFolder, 'out', '####.png'),
      });
      await press('Resume Queue');
      await eventually(labels).toContainEqual(expect.stringMatching(/^turntable: [1-9]\d* of 400 frames, \d+ %$/));
      expect(await desktop.app.evaluate(() => (globalThis as unknown as { given: Given }).given.tip)).toMatch(
        /^Framegauge: turntable: \d+ of 400 frames, \d+ %$/,
      );
      await press('Pause Queue');
      await eventually(state).toMatchObject({ state: 'paused' });
      await eventually(labels).toContain('Resume Queue');

      const shown = (): Promise<boolean> =>
        desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()));
      await desktop.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((window) => window.isVisible())!
          .hide(),
      );
      await eventually(shown).toBe(false);
      await press('Open Framegauge');
      await eventually(shown).toBe(true);

      await desktop.page.keyboard.press('Control+,');
      await desktop.page.getByRole('tab', { name: 'Interface' }).click();
      await desktop.page.getByLabel('Language').selectOption('Deutsch');
      await eventually(labels).toEqual([
        'Die Warteschlange ist angehalten',
        '',
        'Framegauge öffnen',
        'Warteschlange fortsetzen',
        '',
        'Framegauge beenden',
      ]);
      expect(await desktop.app.evaluate(() => (globalThis as unknown as { given: Given }).given.tip)).toBe(
        'Framegauge: Die Warteschlange ist angehalten',
      );

      const ended = desktop.app.waitForEvent('close');
      await press('Framegauge beenden').catch(() => undefined);
      await ended;
    } finally {
      await desktop.close();
    }
  });
});
