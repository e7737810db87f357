import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Panel } from '../../src/shared/panels';
import { makeRgbaPng, slope } from '../helpers/image-files';
import { needs } from '../helpers/needs';
import { sampleAddon, sampleJob, sampleState } from '../helpers/samples';
import { axeFindings } from './axe-findings';
import { asked, launchBrowser, openPage } from './open-page';
import { ok, type ScriptedHost } from './scripted-host';

const OWNER = { addonId: 'prometheus', addonName: 'Prometheus Metrics' };
const ELEMENTS: Panel['elements'] = [
  { type: 'label', text: 'The disk is nearly full.', level: 'warning' },
  { type: 'label', text: 'What to do', href: 'https://example.test/disk' },
  { type: 'value', label: 'Free', value: 41.5, unit: 'GB' },
  {
    type: 'table',
    label: 'Largest jobs',
    columns: ['Job', 'GB'],
    rows: [
      ['shot_010', 120],
      ['shot_020', 88.5],
    ],
  },
  { type: 'sparkline', label: 'Last hour', points: [4, 5, 9, null, 3, 2, 2, 6], unit: 'GB' },
  { type: 'image', label: 'Last frame', job: 12, frame: 4 },
  { type: 'field', preference: 'address' },
  { type: 'button', operator: 'tidy', parameters: { days: 7 } },
];
const panel = (place: Panel['place'], change: Partial<Panel> = {}): Panel => ({
  ...OWNER,
  id: `prometheus.${place}`,
  place,
  title: `Disk in ${place}`,
  elements: ELEMENTS,
  ...change,
});
const TIDY = {
  ...OWNER,
  id: 'prometheus.tidy',
  label: 'Tidy Up',
  description: '',
  parameters: [{ key: 'days', type: 'integer' as const, label: 'Days', description: '' }],
};

needs.chromium('panels of add-ons', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function open(panels: Panel[]): Promise<{ host: ScriptedHost; page: Page; faults: string[] }> {
    const opened = await openPage(
      browser,
      sampleState({
        jobs: [sampleJob({ id: 12, name: 'shot_010' })],
        addons: [sampleAddon({ enabled: true, state: 'running' })],
        operators: [TIDY],
        panels,
      }),
      undefined,
      (host) => {
        host.answers['preferences.set'] = () => ok({ key: '', value: '', addon: null });
        host.answers['job.log'] = () => ok([]);
        host.answers['statistics.get'] = () => ok({ now: 1, interval: 1, samples: [], frameTimes: [], since: 0 });
      },
    );
    await opened.page.getByText('Connected', { exact: true }).waitFor();
    return opened;
  }
  const region = (page: Page, name: string) => page.getByRole('region', { name });

  it('show each kind of element, and run operators and set preferences from it', async () => {
    const { host, page, faults } = await open([panel('properties')]);
    const shown = region(page, 'Disk in properties');
    await shown.getByText('The disk is nearly full.').waitFor();
    expect(await shown.getByRole('link', { name: 'What to do' }).getAttribute('href')).toBe(
      'https://example.test/disk',
    );
    expect(await shown.getByRole('cell').allTextContents()).toEqual(['shot_010', '120', 'shot_020', '88.5']);
    await shown.getByRole('img', { name: 'Last hour: 6 GB' }).waitFor();
    await shown.getByRole('img', { name: 'Last frame' }).waitFor();
    await shown.getByRole('button', { name: 'Tidy Up' }).click();
    await expect.poll(() => asked(host, 'operator.run')).toEqual([{ id: 'prometheus.tidy', parameters: { days: 7 } }]);
    await shown.getByRole('textbox').fill('127.0.0.1:9000');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => asked(host, 'preferences.set'))
      .toEqual([{ key: 'addons.prometheus.address', value: '127.0.0.1:9000' }]);
    expect(faults).toEqual([]);
  });

  it('show images of the add-on’s own, and run operators with what is typed into their fields', async () => {
    const png = (await makeRgbaPng(160, 90, slope(160, 90))).toString('base64');
    const { host, page, faults } = await open([
      panel('properties', {
        elements: [
          { type: 'image', label: 'Chart', source: `data:image/png;base64,${png}` },
          { type: 'field', operator: 'tidy', parameter: 'days' },
          { type: 'field', operator: 'tidy', parameter: 'constructor' },
          { type: 'button', operator: 'tidy' },
        ],
      }),
    ]);
    const shown = region(page, 'Disk in properties');
    const image = shown.getByRole('img', { name: 'Chart' });
    await expect.poll(() => image.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(160);
    // Nothing is typed yet, so the window asks.
    await shown.getByRole('button', { name: 'Tidy Up' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await shown.getByRole('textbox', { name: 'Days' }).fill('9');
    host.tell({ type: 'panel', panel: panel('job') });
    await shown.getByRole('button', { name: 'Tidy Up' }).click();
    await expect
      .poll(() => asked(host, 'operator.run'))
      .toEqual([{ id: 'prometheus.tidy', parameters: { days: '9' } }]);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('stand in their places, and follow what the host tells', async () => {
    const { host, page } = await open([
      panel('job'),
      panel('status-bar'),
      panel('statistics'),
      panel('frame'),
      panel('job', { id: 'prometheus.other', title: 'Of another job', job: 13 }),
    ]);
    await region(page, 'Disk in job').waitFor();
    expect(await region(page, 'Of another job').count()).toBe(0);
    const bar = page.getByRole('contentinfo', { name: 'Status' });
    expect(await bar.getByText('41.5 GB').count()).toBe(1);
    // No tables in one line.
    expect(await bar.getByRole('table').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await region(page, 'Disk in statistics').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    host.tell({ type: 'panel', panel: panel('statistics', { elements: [{ type: 'label', text: 'All is well.' }] }) });
    await page.getByText('All is well.').waitFor();
    host.tell({ type: 'panel-removed', id: 'prometheus.statistics' });
    await region(page, 'Disk in statistics').waitFor({ state: 'detached' });
  });

  it('draw markup as text, and follow no link that leads elsewhere than to the web', async () => {
    const text = '<img src=x onerror="document.title=1"> <b>bold</b>';
    const { page, faults } = await open([
      panel('properties', {
        title: text.slice(0, 60),
        elements: [
          { type: 'label', text, href: 'javascript:document.title=2' },
          { type: 'value', label: '<b>', value: text },
          { type: 'table', label: 'T', columns: ['<b>'], rows: [[text]] },
          { type: 'button', operator: 'unknown', label: 'Nothing' },
          { type: 'field', preference: 'constructor' },
        ],
      }),
    ]);
    await page.getByText(text).first().waitFor();
    expect(await page.locator('.addon-panels img, .addon-panels b').count()).toBe(0);
    expect(await page.locator('.addon-panels a').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Nothing' }).count()).toBe(0);
    expect([await page.title(), faults]).toEqual([expect.not.stringMatching(/^[12]$/), []]);
  });
});
