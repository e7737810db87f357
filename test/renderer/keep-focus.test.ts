import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../helpers/needs';
import { sampleAddon, sampleJob, sampleMachine, sampleScene, sampleState } from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { ok } from './scripted-host';

const JOBS = [
  sampleJob({ id: 1, name: 'robot' }),
  sampleJob({ id: 2, name: 'kitchen', state: 'queued', startedAt: null }),
];

needs.chromium('the focus', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const focused = (page: Page) =>
    page.evaluate(() => {
      const at = document.activeElement!;
      return at === document.body ? 'nothing' : (at.getAttribute('aria-label') ?? at.textContent);
    });

  it('goes on to the next message, then to the image, as they are dismissed', async () => {
    const { page } = await openPage(
      browser,
      sampleState({
        jobs: JOBS,
        scene: sampleScene(),
        notices: [
          { id: 1, level: 'warning', text: 'One.', at: 1 },
          { id: 2, level: 'error', text: 'Two.', at: 2 },
        ],
      }),
    );
    await page.getByRole('button', { name: 'Dismiss: Two.' }).press('Enter');
    await expect.poll(() => focused(page)).toBe('Dismiss: One.');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement!.closest('.viewer') !== null)).toBe(true);
  });

  it('stays in the queue when what is looked for is shown again, and when the last job has gone', async () => {
    const { page, host } = await openPage(browser, sampleState({ jobs: JOBS }));
    const inQueue = () =>
      page.evaluate(() => document.activeElement!.closest('[data-area]')?.querySelector('.queue-button') != null);
    await page.locator('[data-job="1"] .job-select').focus();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('nothing is called so');
    await page.getByRole('button', { name: 'Show All Jobs' }).press('Enter');
    await page.locator('[data-job="1"]').waitFor();
    await expect.poll(inQueue).toBe(true);
    await page.locator('[data-job="1"] .job-select').focus();
    for (const { id } of JOBS) host.tell({ type: 'job-removed', id });
    await page.locator('.queue-empty').waitFor();
    await expect.poll(inQueue).toBe(true);
  });

  it('goes to the next machine where the one went that a dialog asked about', async () => {
    const [stays, goes] = [
      sampleMachine({ id: '000000000001', name: 'node-7' }),
      sampleMachine({ id: '000000000002', name: 'node-9' }),
    ];
    const { page, host } = await openPage(
      browser,
      sampleState({
        machines: [stays, goes],
        preferences: { ...sampleState().preferences, 'farm.start': true },
      }),
    );
    await page.getByRole('tab', { name: 'Machines' }).click();
    await page.getByRole('button', { name: 'Actions for node-9' }).press('Enter');
    await page.getByRole('menuitem', { name: /^Take Out of the Farm/ }).press('Enter');
    await page.locator('dialog[open]').waitFor();
    host.tell({ type: 'machines', machines: [stays] });
    await page.getByRole('button', { name: 'Actions for node-9', includeHidden: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Actions for node-7');
  });

  it('is nobody’s where a person let go of it, whatever goes away', async () => {
    const { page, host } = await openPage(
      browser,
      sampleState({ jobs: JOBS, notices: [{ id: 1, level: 'warning', text: 'One.', at: 1 }] }),
    );
    await page.getByRole('button', { name: 'Dismiss: One.' }).focus();
    await page.locator('.status-bar').click({ position: { x: 2, y: 2 } });
    await expect.poll(() => focused(page)).toBe('nothing');
    host.tell({ type: 'notice-gone', id: 1 });
    await page.getByText('One.', { exact: true }).waitFor({ state: 'detached' });
    // Two drawn frames: it would have come back by then.
    await page.evaluate(
      () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
    expect(await focused(page)).toBe('nothing');
  });

  it('leads from the queue to the next workspace with Ctrl+Page Down, as from elsewhere', async () => {
    const { page } = await openPage(browser, sampleState({ jobs: JOBS }));
    await page.locator('[data-job="1"] .job-select').press('Control+PageDown');
    await page.locator('.statistics').waitFor();
    await expect.poll(() => focused(page)).not.toBe('nothing');
  });

  it('stays on the box of an add-on while that is being enabled, and switches it once', async () => {
    let start: (reply: ReturnType<typeof ok>) => void = () => {};
    const { page, host } = await openPage(browser, sampleState(), undefined, (script) => {
      script.answers['addon.enable'] = () => new Promise((done) => (start = done));
    });
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.keyboard.press('Control+,');
    const box = page.getByRole('checkbox', { name: 'Enable Prometheus Metrics' });
    await box.press('Space');
    await expect.poll(() => box.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Space');
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
    const enabled = sampleAddon({ enabled: true, state: 'running' });
    start(ok(enabled));
    host.tell({ type: 'addons', addons: [enabled] });
    await expect.poll(() => box.getAttribute('aria-disabled')).toBe(null);
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await box.isChecked()).toBe(true);
    expect(asked(host, 'addon.enable')).toHaveLength(1);
    expect(asked(host, 'addon.disable')).toEqual([]);
  });

  it('stays in the queue when Esc ends a search there, before it cancels a render', async () => {
    const { page, host } = await openPage(browser, sampleState({ jobs: JOBS }));
    host.answers['job.cancel'] = () => ok(null);
    await page.locator('[data-job="2"]').waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('robot');
    await page.locator('[data-job="2"]').waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.locator('[data-job="2"]').waitFor();
    expect(await focused(page)).toContain('robot, job 1');
    expect(asked(host, 'job.cancel')).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => asked(host, 'job.cancel')).toEqual([{ id: 1 }]);
  });

  it('stays in the field in which F12 applies what is typed, and the next Esc there means the render', async () => {
    const scene = sampleScene();
    const { page, host } = await openPage(browser, sampleState({ scene }), undefined, (script) => {
      script.answers['job.submit'] = () => {
        script.tell({ type: 'job', job: JOBS[0]! });
        return ok(JOBS[0]);
      };
      script.answers['job.cancel'] = () => ok(null);
    });
    const height = page.getByRole('textbox', { name: 'Height', exact: true });
    const isFocused = () => height.evaluate((input) => input === document.activeElement);
    await height.fill('360*2');
    await height.press('F12');
    await expect.poll(() => asked(host, 'job.submit')).toHaveLength(1);
    expect(await height.inputValue()).toBe('720');
    expect(await isFocused()).toBe(true);
    await page.getByText('robot').first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => asked(host, 'job.cancel')).toEqual([{ id: 1 }]);
    // Any other key in between, and Esc only leads out of the field.
    await page.keyboard.press('F12');
    await page.keyboard.press('Home');
    await page.keyboard.press('Escape');
    expect(await isFocused()).toBe(false);
    expect(asked(host, 'job.cancel')).toHaveLength(1);
    // So it is after a click.
    await height.click();
    await page.keyboard.press('F12');
    await expect.poll(() => asked(host, 'job.submit')).toHaveLength(3);
    await height.click();
    await page.keyboard.press('Escape');
    expect(await isFocused()).toBe(false);
    expect(asked(host, 'job.cancel')).toHaveLength(1);
  });
});
