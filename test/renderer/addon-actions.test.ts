import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AddonAction } from '../../src/shared/addons';
import { needs } from '../helpers/needs';
import { asked, launchBrowser, openPage } from './open-page';
import { sampleAddon, sampleState } from '../helpers/samples';
import { failed, ok, type ScriptedHost } from './scripted-host';

const TEXT = 'scrape_configs:\n  - job_name: framegauge\n';
const ACTIONS: AddonAction[] = [
  { type: 'open', label: 'Open metrics', href: 'http://127.0.0.1:8000/metrics' },
  { type: 'copy', label: 'Copy scrape config', text: TEXT, note: 'It goes by the name studio-7.' },
  { type: 'save-monitoring-kit', label: 'Save monitoring kit…' },
];

needs.chromium('what an add-on offers in its panel', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function open(
    actions: AddonAction[],
    script: (host: ScriptedHost) => void = () => {},
  ): Promise<{ host: ScriptedHost; page: Page }> {
    const status = {
      level: 'ok' as const,
      text: 'Serving metrics on 0.0.0.0:8000',
      details: [{ label: 'Last scrape', value: '2026-11-21 06:05:12 by 10.0.0.7, in 3 ms' }],
      actions,
    };
    const { host, page } = await openPage(
      browser,
      sampleState({ addons: [sampleAddon({ enabled: true, state: 'running', status })] }),
      undefined,
      script,
    );
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: 'Details of Prometheus Metrics' }).click();
    await page.getByText('2026-11-21 06:05:12 by 10.0.0.7, in 3 ms').waitFor();
    return { host, page };
  }
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  it('is nothing where the add-on offers nothing, or a link that leads elsewhere than to the web', async () => {
    const { page } = await open([]);
    expect(await page.getByRole('region', { name: 'Actions of Prometheus Metrics' }).count()).toBe(0);
    const other = await open([{ type: 'open', label: 'Open metrics', href: 'file:///etc/passwd' }]);
    expect(await other.page.getByRole('link', { name: 'Open metrics' }).count()).toBe(0);
  });

  it('opens the metrics in a window that knows nothing of this one', async () => {
    const { page } = await open(ACTIONS);
    const link = page.getByRole('link', { name: 'Open metrics' });
    expect([
      await link.getAttribute('href'),
      await link.getAttribute('target'),
      await link.getAttribute('rel'),
    ]).toEqual(['http://127.0.0.1:8000/metrics', '_blank', 'noreferrer']);
  });

  it('copies the scrape config, and says what to know about it', async () => {
    const { page } = await open(ACTIONS);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, 'Copy scrape config').click();
    await page.getByText('Copied. It goes by the name studio-7.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(TEXT);
  });

  it('copies without the clipboard’s permission too', async () => {
    const { page } = await open(ACTIONS);
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
      document.addEventListener('copy', () => (document.title = String(document.getSelection())));
    });
    await button(page, 'Copy scrape config').click();
    await page.getByText('Copied.').waitFor();
    expect(await page.title()).toBe(TEXT.trim().replace(/\s+/g, ' '));
    expect(await button(page, 'Copy scrape config').evaluate((element) => element === document.activeElement)).toBe(
      true,
    );
  });

  it('shows the text selected where the page may not copy at all', async () => {
    const { page } = await open(ACTIONS);
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
      document.execCommand = () => false;
    });
    await button(page, 'Copy scrape config').click();
    const dialog = page.getByRole('dialog', { name: 'Copy scrape config' });
    const field = dialog.getByRole('textbox', { name: 'Text to copy' });
    await field.waitFor();
    expect(
      await field.evaluate((area: HTMLTextAreaElement) => [
        area === document.activeElement,
        area.value.slice(area.selectionStart, area.selectionEnd),
        area.scrollHeight <= area.clientHeight,
      ]),
    ).toEqual([true, TEXT, true]);
    await dialog.getByText('It goes by the name studio-7.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // Only the one on top is closed.
    await page.getByRole('dialog', { name: 'Preferences' }).waitFor();
    expect(await button(page, 'Copy scrape config').evaluate((element) => element === document.activeElement)).toBe(
      true,
    );
  });

  it('saves the monitoring kit into a folder of the host’s, and says what was written', async () => {
    const { host, page } = await open(ACTIONS, (script) => {
      script.answers['monitoring.save'] = ({ folder }: { folder: string }) =>
        folder.startsWith('/root')
          ? failed('/root/kit cannot be written to: choose another folder.')
          : ok({ folder, files: [`${folder}/README.md`, `${folder}/rules/alerts.yml`] });
    });
    await button(page, 'Save monitoring kit…').click();
    const dialog = page.getByRole('dialog', { name: 'Save Monitoring Kit' });
    const folder = dialog.getByRole('textbox', { name: 'Folder' });
    expect(await folder.inputValue()).toBe('/home/ada/framegauge-monitoring');
    await folder.fill('/root/kit');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('/root/kit cannot be written to: choose another folder.').waitFor();
    await folder.fill(' /srv/kit ');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText('2 files were written to this folder: /srv/kit.').waitFor();
    expect(await dialog.getByRole('list', { name: 'Files written' }).getByRole('listitem').allInnerTexts()).toEqual([
      'README.md',
      'rules/alerts.yml',
    ]);
    expect(asked(host, 'monitoring.save')).toEqual([{ folder: '/root/kit' }, { folder: '/srv/kit' }]);
    await expect
      .poll(() =>
        dialog.getByRole('button', { name: 'Done' }).evaluate((element) => element === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  });
});
