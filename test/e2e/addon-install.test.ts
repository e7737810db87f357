import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openBrowser } from '../helpers/browser';
import { runCli, startCli } from '../helpers/cli';
import { needs } from '../helpers/needs';
import { mainEntry, manifestEntry, rawZip } from '../helpers/raw-zip';
import { temporaryFolder } from '../helpers/temporary-folder';

const PICTURES = resolve(import.meta.dirname, '../../test-results');

needs.chromium('an add-on in the window of a real host', () => {
  it('is installed, enabled, updated with consent, rolled back and uninstalled, and a second window sees all of it', async () => {
    const folder = temporaryFolder();
    const zip = (version: string, permissions: object): string => {
      const file = join(folder, `small-${version}.zip`);
      writeFileSync(file, rawZip([manifestEntry({ version, permissions }), mainEntry(`This is ${version}`)]));
      return file;
    };
    const host = startCli(['serve', '--port', '0', '--data', join(folder, 'data')]);
    const [address] = await host.printed(/http:\/\/\S+/);
    const page = await openBrowser(address!);
    const other = await openBrowser(address!);
    for (const each of [page, other]) {
      await each.getByText('Connected', { exact: true }).waitFor();
      await each.keyboard.press('Control+,');
      await each.getByRole('toolbar', { name: 'List of add-ons' }).waitFor();
    }
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    mkdirSync(PICTURES, { recursive: true });
    await page.getByLabel('Add-on to install').setInputFiles(zip('1.0.0', { files: 'It reads a list of names.' }));
    const details = { name: 'Details of Small' };
    await dialog.getByText('Small 1.0.0 is installed').waitFor();
    await page.getByRole('button', details).click();
    await other.getByRole('button', details).click();
    await page.screenshot({ path: join(PICTURES, 'addon-installed.png') });
    await page.getByRole('checkbox', { name: 'Enable Small' }).check();
    await other.getByText('This is 1.0.0').waitFor();

    const update = zip('2.0.0', {
      files: 'It reads a list of names.',
      network: 'It sends them to your studio’s server.',
    });
    await page.getByLabel('Add-on to install').setInputFiles(update);
    const question = page.getByRole('dialog', { name: 'Update Small to 2.0.0' });
    await question.getByText('It sends them to your studio’s server.').waitFor();
    await page.screenshot({ path: join(PICTURES, 'addon-consent.png') });
    await question.getByRole('button', { name: 'Allow and Update' }).click();
    await other.getByText('This is 2.0.0').waitFor();
    await page.getByRole('button', { name: 'Go Back to 1.0.0' }).click();
    await other.getByText('This is 1.0.0').waitFor();

    await page.getByRole('button', { name: 'Uninstall…' }).click();
    await page.screenshot({ path: join(PICTURES, 'addon-uninstall.png') });
    await page
      .getByRole('dialog', { name: 'Uninstall Small' })
      .getByRole('button', { name: 'Uninstall', exact: true })
      .click();
    await other.getByRole('button', details).waitFor({ state: 'detached' });
    expect(readdirSync(join(folder, 'data', 'addons'))).toEqual([]);
  });

  it('is found in a repository, installed and updated from it, and blocked by it', async () => {
    const folder = temporaryFolder();
    const shelf = join(folder, 'shelf');
    mkdirSync(shelf);
    const offer = async (version: string, more: object = {}): Promise<void> => {
      writeFileSync(
        join(shelf, `small-${version}.zip`),
        rawZip([manifestEntry({ version, tags: ['text', 'example'], ...more }), mainEntry(`This is ${version}`)]),
      );
      writeFileSync(
        join(shelf, 'other.zip'),
        rawZip([manifestEntry({ id: 'other', name: 'Other', tagline: 'Something else' }), mainEntry()]),
      );
      expect(await runCli(['addons', 'index', shelf])).toMatchObject({ code: 0 });
    };
    await offer('1.0.0');
    const host = startCli(['serve', '--port', '0', '--data', join(folder, 'data')]);
    const page = await openBrowser((await host.printed(/http:\/\/\S+/))[0]);
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('tab', { name: 'Get Add-ons' }).click();
    await dialog.getByText('There are no repositories').waitFor();
    await dialog.getByLabel('Repositories', { exact: true }).fill(shelf);
    await dialog.getByLabel('Repositories', { exact: true }).press('Enter');
    await dialog.getByRole('button', { name: 'Install Other' }).waitFor();
    await dialog.getByLabel('Search the repositories').fill('example text small');
    await dialog.getByRole('button', { name: 'Install Other' }).waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Install Small' }).click();
    await dialog.getByText('Installed', { exact: true }).waitFor();

    await offer('2.0.0', { permissions: { network: 'It sends names.' } });
    await dialog.getByLabel('Search the repositories').fill('');
    await dialog.getByRole('button', { name: 'Refresh' }).click();
    await dialog.getByLabel('Show', { exact: true }).selectOption('updates');
    await dialog.getByRole('button', { name: 'Update Small' }).waitFor();
    await dialog.getByLabel('Show', { exact: true }).selectOption('all');
    await page.screenshot({ path: join(PICTURES, 'get-addons.png') });
    await dialog.getByRole('button', { name: 'Update Small' }).click();
    await page
      .getByRole('dialog', { name: 'Update Small to 2.0.0' })
      .getByRole('button', { name: 'Allow and Update' })
      .click();
    await dialog.getByText('Small 2.0.0 is installed in place of 1.0.0.').waitFor();

    await dialog.getByRole('tab', { name: 'Add-ons', exact: true }).click();
    await dialog.getByRole('checkbox', { name: 'Enable Small' }).check();
    await dialog.getByText('Running', { exact: true }).waitFor();
    const index = JSON.parse(readFileSync(join(shelf, 'index.json'), 'utf8')) as object;
    const blocked = [{ id: 'small', reason: 'It sends the wrong names.' }];
    writeFileSync(join(shelf, 'index.json'), JSON.stringify({ ...index, blocked }));
    await dialog.getByRole('tab', { name: 'Get Add-ons' }).click();
    await dialog.getByText('Blocked: It sends the wrong names.').waitFor();
    await dialog.getByRole('tab', { name: 'Add-ons', exact: true }).click();
    await dialog.getByText('It is blocked: It sends the wrong names.').waitFor();
    expect(await dialog.getByRole('checkbox', { name: 'Enable Small' }).isChecked()).toBe(false);
  });
});
