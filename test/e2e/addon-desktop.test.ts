import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDesktop } from '../helpers/desktop-app';
import { needs } from '../helpers/needs';
import { mainEntry, manifestEntry, rawZip } from '../helpers/raw-zip';
import { temporaryFolder } from '../helpers/temporary-folder';
import { writeAddon } from '../main/addons/fixture';

/** Waits that a slow machine meets, in milliseconds. */
const TIME = 60_000;

needs.electron('add-ons in the desktop app', () => {
  it(
    'are installed by the file dialog and by dropping a folder, and their files are shown',
    async () => {
      const folder = temporaryFolder();
      const zip = join(folder, 'small.zip');
      writeFileSync(zip, rawZip([manifestEntry(), mainEntry()]));
      const dropped = join(folder, 'dropped');
      mkdirSync(dropped);
      await writeAddon(dropped, 'dropped', { main: 'export function register() {}' });
      const desktop = await startDesktop();
      onTestFinished(() => desktop.close());
      const { app, page, dataFolder } = desktop;
      page.setDefaultTimeout(TIME);
      await page.getByRole('region', { name: 'Properties' }).getByText('turntable', { exact: true }).waitFor();
      await page.keyboard.press('Control+,');
      const dialog = page.getByRole('dialog', { name: 'Preferences' });

      /** What the system's dialog answers, in place of a person. */
      const answer = (filePaths: string[]): Promise<void> =>
        app.evaluate(({ dialog: system }, paths) => {
          system.showOpenDialog = async () => ({ canceled: paths.length === 0, filePaths: paths });
        }, filePaths);
      await answer([]);
      await dialog.getByRole('button', { name: 'Install from Disk…' }).click();
      await answer([zip]);
      await dialog.getByRole('button', { name: 'Install from Disk…' }).click();
      await dialog.getByText('Small 1.0.0 is installed').waitFor();
      await page.getByRole('button', { name: 'Details of Small' }).click();

      const shown = app.evaluate(
        ({ shell }) => new Promise<string>((settle) => (shell.showItemInFolder = (path: string) => settle(path))),
      );
      await page.getByRole('button', { name: 'Show Files' }).click();
      const file = await shown;
      expect(file).toBe(join(dataFolder, 'addons', 'small', 'addon.json'));
      expect(existsSync(file)).toBe(true);

      await page.keyboard.press('Escape');
      const devtools = await page.context().newCDPSession(page);
      for (const type of ['dragEnter', 'dragOver', 'drop'])
        await devtools.send('Input.dispatchDragEvent', {
          type: type as 'drop',
          x: 300,
          y: 300,
          data: { items: [], files: [dropped], dragOperationsMask: 1 },
        });
      await page.getByText('Test dropped 1.0.0 is installed').waitFor();
      expect(existsSync(join(dataFolder, 'addons', 'dropped', 'main.mjs'))).toBe(true);
    },
    2 * TIME,
  );
});
