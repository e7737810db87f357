import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Addon } from '../../src/shared/addons';
import { needs } from '../helpers/needs';
import { sampleAddon, sampleState } from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { failed, ok, type ScriptedHost } from './scripted-host';

const addon = (id: string, name: string, category: string, more: Partial<Addon> = {}): Addon => {
  const sample = sampleAddon(more);
  return {
    ...sample,
    bundled: false,
    manifest: { ...sample.manifest, id, name, category, tagline: `${name} for a test` },
    ...more,
  };
};
const ADDONS = [
  addon('prometheus', 'Prometheus Metrics', 'Monitoring', { bundled: true, enabled: true }),
  addon('notify', 'Notify', 'Messages', { previousVersion: '0.9.0' }),
  addon('abacus', 'Abacus', 'Monitoring'),
];

needs.chromium('installing and managing add-ons in Preferences', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function open(script: (host: ScriptedHost) => void = () => {}): Promise<{ host: ScriptedHost; page: Page }> {
    const { host, page } = await openPage(browser, sampleState({ addons: ADDONS }), undefined, script);
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.keyboard.press('Control+,');
    await page.getByRole('toolbar', { name: 'List of add-ons' }).waitFor();
    return { host, page };
  }
  const names = (page: Page): Promise<string[]> =>
    page.getByRole('list', { name: 'Add-ons' }).locator('.addon-title').allTextContents();

  it('the list is searched, filtered and sorted', async () => {
    const { page } = await open();
    expect(await names(page)).toEqual(['Abacus', 'Notify', 'Prometheus Metrics']);
    await page.getByLabel('Sort by').selectOption('enabled');
    expect(await names(page)).toEqual(['Prometheus Metrics', 'Abacus', 'Notify']);
    await page.getByLabel('Sort by').selectOption('category');
    expect(await names(page)).toEqual(['Notify', 'Abacus', 'Prometheus Metrics']);
    await page.getByLabel('Show', { exact: true }).selectOption('in:Monitoring');
    expect(await names(page)).toEqual(['Abacus', 'Prometheus Metrics']);
    await page.getByLabel('Search add-ons').fill('prom monit');
    expect(await names(page)).toEqual(['Prometheus Metrics']);
    await page.getByLabel('Search add-ons').fill('nothing like this');
    await page.getByText('No add-on fits.').waitFor();
  });

  it('an update that asks for more is installed once the person agrees, and only with what was shown', async () => {
    const { host, page } = await open();
    host.install = (_name, consent) =>
      consent.length === 0
        ? {
            outcome: 'consent',
            id: 'notify',
            name: 'Notify',
            version: '2.0.0',
            installed: '1.0.0',
            asks: [{ permission: 'network', reason: 'It sends messages.' }],
          }
        : { outcome: 'installed', replaced: '1.0.0', addon: addon('notify', 'Notify', 'Messages') };
    await page
      .getByLabel('Add-on to install')
      .setInputFiles({ name: 'notify.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') });
    const question = page.getByRole('dialog', { name: 'Update Notify to 2.0.0' });
    await question.getByText('It sends messages.').waitFor();
    await question.getByRole('button', { name: 'Keep 1.0.0' }).click();
    await expect.poll(() => host.installs).toEqual([{ name: 'notify.zip', consent: [], bytes: Buffer.from('PK') }]);

    await page
      .getByLabel('Add-on to install')
      .setInputFiles({ name: 'notify.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') });
    await question.getByRole('button', { name: 'Allow and Update' }).click();
    await page
      .getByRole('dialog', { name: 'Preferences' })
      .getByText('Notify 1.0.0 is installed in place of 1.0.0.')
      .waitFor();
    expect(host.installs.at(-1)).toMatchObject({ consent: ['network'] });
  });

  it('updates all that have an update, asks where one wants more, and tells which failed', async () => {
    const offer = (id: string, name: string, more: object = {}): object => ({
      id,
      name,
      version: '2.0.0',
      tagline: name,
      author: 'A studio',
      license: 'MIT',
      category: 'Example',
      tags: [],
      permissions: [],
      bytes: 1_000,
      repository: '/srv/addons',
      installed: '1.0.0',
      update: true,
      blocked: null,
      ...more,
    });
    const offers = [
      offer('abacus', 'Abacus'),
      offer('notify', 'Notify'),
      offer('broken', 'Broken'),
      offer('other', 'Other', { blocked: 'It loses lines.' }),
    ];
    const { host, page } = await open((script) => {
      script.answers['addon.catalogue'] = () =>
        ok({ repositories: [{ address: '/srv/addons', name: 'Studio', problem: null }], addons: offers });
      script.answers['addon.install'] = ({ id, consent }: { id: string; consent: string[] }) => {
        if (id === 'broken') return failed('Its SHA-256 is another.');
        if (id !== 'notify' || consent.length > 0)
          return ok({ outcome: 'installed', replaced: '1.0.0', addon: addon(id, id, 'Example') });
        const asks = [{ permission: 'network', reason: 'It sends messages.' }];
        return ok({ outcome: 'consent', id, name: 'Notify', version: '2.0.0', installed: '1.0.0', asks });
      };
    });
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('tab', { name: 'Get Add-ons' }).click();
    await dialog.getByRole('button', { name: 'Update All (3)' }).waitFor();
    await dialog.getByRole('button', { name: 'Update All (3)' }).click();
    const question = page.getByRole('dialog', { name: 'Update Notify to 2.0.0' });
    await question.getByRole('button', { name: 'Allow and Update' }).click();
    await dialog.getByText('2 of 3 add-ons are updated. Broken: Its SHA-256 is another.').waitFor();
    expect(asked(host, 'addon.install')).toEqual([
      { id: 'abacus', consent: [] },
      { id: 'notify', consent: [] },
      { id: 'notify', consent: ['network'] },
      { id: 'broken', consent: [] },
    ]);

    await dialog.getByRole('button', { name: 'Update All (3)' }).click();
    await question.getByRole('button', { name: 'Keep 1.0.0' }).click();
    await dialog.getByText('1 of 3 add-ons are updated. Broken: Its SHA-256 is another.').waitFor();
    offers.splice(1);
    await dialog.getByRole('button', { name: 'Refresh' }).click();
    await dialog.getByRole('button', { name: 'Update Abacus' }).waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: /^Update All/ }).count()).toBe(0);
  });

  it('a .zip that is dropped on the window is installed, and a refusal is shown', async () => {
    const { host, page } = await open();
    await page.keyboard.press('Escape');
    host.install = () => '“bad.zip” cannot be installed: it is damaged, or no .zip.';
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['no zip'], 'bad.zip'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    });
    await page.getByText('“bad.zip” cannot be installed: it is damaged, or no .zip.').waitFor();
    expect(host.installs).toMatchObject([{ name: 'bad.zip' }]);
    expect(host.uploads).toEqual([]);
    // Preferences show it too, for they would hide it.
    await page.keyboard.press('Control+,');
    const shown = page.getByRole('dialog', { name: 'Preferences' }).getByText('“bad.zip” cannot be installed');
    await shown.waitFor();
    await page.getByRole('dialog', { name: 'Preferences' }).getByRole('button', { name: 'Dismiss' }).click();
    await shown.waitFor({ state: 'detached' });
  });

  it('goes back a version, and uninstalls after a question', async () => {
    const { host, page } = await open((script) => {
      script.answers['addon.rollBack'] = () => ok({ ...ADDONS[1]!, previousVersion: '1.0.0' });
      script.answers['addon.uninstall'] = ({ id }: { id: string }) =>
        id === 'notify' ? ok({ id, name: 'Notify' }) : failed('Not this one.');
    });
    await page.getByRole('button', { name: 'Details of Notify' }).click();
    await page.getByRole('button', { name: 'Go Back to 0.9.0' }).click();
    await expect.poll(() => asked(host, 'addon.rollBack')).toEqual([{ id: 'notify' }]);
    await page.getByRole('button', { name: 'Uninstall…' }).click();
    const question = page.getByRole('dialog', { name: 'Uninstall Notify' });
    await question.getByLabel('Also delete its preferences and data').check();
    await question.getByRole('button', { name: 'Uninstall', exact: true }).click();
    await question.waitFor({ state: 'detached' });
    expect(asked(host, 'addon.uninstall')).toEqual([{ id: 'notify', removeData: true }]);
    // What another window uninstalls goes here too.
    host.tell({ type: 'addons', addons: [ADDONS[0]!] });
    await expect.poll(() => names(page)).toEqual(['Prometheus Metrics']);
    await page.getByRole('button', { name: 'Details of Prometheus Metrics' }).click();
    expect(await page.getByRole('button', { name: 'Uninstall…' }).count()).toBe(0);
  });
});
