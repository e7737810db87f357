import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { decodePng } from '../helpers/decode-png';
import { needs } from '../helpers/needs';
import { sampleFrame, sampleJob, sampleScene, sampleState } from '../helpers/samples';
import { axeFindings } from '../renderer/axe-findings';
import { launchBrowser, openPage } from '../renderer/open-page';
import { ok } from '../renderer/scripted-host';

/** Where pictures go, to be looked at. */
const PICTURES = resolve(import.meta.dirname, '../../test-results/forced-colors');

const FRAMES = 500;
const counts = (done: number, failed = 0, total = FRAMES) => ({
  total,
  waiting: total - done - failed,
  rendering: 0,
  done,
  failed,
  skipped: 0,
});
const JOBS = [
  sampleJob({ id: 1, name: 'robot', state: 'rendering', frames: counts(100, 50), lastFrame: 100 }),
  sampleJob({ id: 2, name: 'kitchen', state: 'queued', startedAt: null, position: 2 }),
  sampleJob({ id: 3, name: 'street', state: 'paused', position: 3 }),
  sampleJob({ id: 4, name: 'lamp', state: 'failed', finishedAt: 9, reason: 'It has no camera.' }),
  sampleJob({ id: 5, name: 'chair', state: 'completed', finishedAt: 8, frames: counts(48, 0, 48) }),
];
const rows = Array.from({ length: FRAMES }, (_, index) =>
  sampleFrame(index + 1, index < 100 ? 'done' : index < 150 ? 'failed' : 'waiting'),
);

/** The colour painted in an element's corner, where it has no text: its upper right, or the page's lower left. */
async function surface(at: Locator, corner: 'top' | 'bottom' = 'top'): Promise<string> {
  const picture = decodePng(await at.screenshot());
  return corner === 'top' ? picture.at(picture.width - 6, 5).join() : picture.at(2, picture.height - 2).join();
}

/** The colours at the beginning and at the end of a bar. */
async function barEnds(bar: Locator): Promise<[string, string]> {
  const picture = decodePng(await bar.screenshot());
  const y = picture.height >> 1;
  return [picture.at(6, y).join(), picture.at(picture.width - 6, y).join()];
}

needs.chromium('the window for everybody', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  const open = (options: Parameters<Browser['newContext']>[0] = {}) =>
    openPage(
      {
        newContext: async (usual) => {
          const context = await browser.newContext({ ...usual, ...options });
          onTestFinished(() => context.close());
          return context;
        },
      },
      sampleState({ scene: sampleScene(), jobs: JOBS }),
      undefined,
      (host) => {
        host.answers['job.frames'] = () => ok(rows);
      },
    );
  const row = (page: Page, id: number) => page.locator(`[data-job="${id}"]`);
  const select = (page: Page, id: number) => row(page, id).locator('.job-select');

  it.each(['light', 'dark'] as const)('tells with forced colours (%s) what it tells with its own', async (scheme) => {
    const { page } = await open({ forcedColors: 'active', colorScheme: scheme });
    await select(page, 1).waitFor();
    mkdirSync(PICTURES, { recursive: true });

    // What is selected stands out from what is not: as painted, since computed styles keep the page's own colours.
    await select(page, 2).click();
    await select(page, 3).click({ modifiers: ['Control'] });
    await page.mouse.move(2, 2);
    await page.screenshot({ path: join(PICTURES, `selected-${scheme}.png`) });
    const paper = await surface(page.locator('body'), 'bottom');
    expect(await surface(row(page, 2))).not.toBe(paper);
    expect(await surface(row(page, 3))).toBe(await surface(row(page, 2)));
    expect(await surface(row(page, 4))).toBe(paper);

    // So do the workspace that is shown and a button that is pressed.
    expect(await surface(page.getByRole('tab', { selected: true }))).not.toBe(paper);
    expect(await surface(page.getByRole('tab', { selected: false }).first())).toBe(paper);
    expect(await surface(page.getByRole('button', { name: 'Fit', exact: true, pressed: true }))).not.toBe(paper);
    expect(await surface(page.getByRole('button', { name: '1:1', exact: true, pressed: false }))).toBe(paper);

    // Progress: what is done, what failed, and what is left.
    const bar = row(page, 1).locator('.job-bar');
    const [done, left] = await barEnds(bar);
    expect(left).toBe(paper);
    expect(done).not.toBe(paper);
    expect(await bar.locator('.job-bar-failed').evaluate((part) => getComputedStyle(part).backgroundImage)).toContain(
      'gradient',
    );

    // The focus, wherever Tab leads.
    await page.keyboard.press('Escape');
    await select(page, 1).click();
    await page.locator('body').focus();
    for (let step = 0; step < 25; step++) {
      await page.keyboard.press('Tab');
      const ring = await page.evaluate(() => {
        const focused = document.activeElement!;
        const outlines = [null, '::after', '::before'].map((part) => getComputedStyle(focused, part));
        return {
          what: `${focused.tagName}.${focused.className}`,
          seen: outlines.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && outlineWidth !== '0px'),
        };
      });
      expect(ring.seen, `no ring round ${ring.what}`).toBe(true);
    }

    // A menu has an edge, and what is chosen in it stands out.
    await select(page, 2).click({ button: 'right' });
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => surface(page.locator('.menu-item:focus'))).not.toBe(paper);
    expect(await surface(page.locator('.menu-item:not(:focus)').first())).toBe(paper);
    expect(await page.getByRole('menu').evaluate((menu) => getComputedStyle(menu).borderTopWidth)).toBe('1px');
    await page.screenshot({ path: join(PICTURES, `menu-${scheme}.png`) });
    // Of colours it only knows those that are not painted.
    expect((await axeFindings(page)).filter((finding) => !finding.startsWith('color-contrast'))).toEqual([]);
  });

  it('announces how a job goes on in a few sentences, however many frames it has', async () => {
    const { host, page } = await open();
    await select(page, 2).waitFor();
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      // What a screen reader would read: a polite region that changes.
      new MutationObserver((changes) => {
        const regions = new Set(
          changes.map(({ target }) =>
            (target instanceof Element ? target : target.parentElement)?.closest(
              '[role="status"], [role="alert"], [aria-live="polite"], [aria-live="assertive"], output',
            ),
          ),
        );
        for (const region of regions) if (region) told.push(region.textContent);
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const told = (): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'told') as string[]);
    const kitchen = JOBS[1]!;
    host.tell({ type: 'job', job: { ...kitchen, state: 'rendering', frames: counts(0), startedAt: 1 } });
    for (let done = 1; done <= FRAMES; done++) {
      host.tell({ type: 'frame', jobId: 2, frame: sampleFrame(done, 'done', { writtenAt: done, seconds: 1 }) });
      host.tell({ type: 'job', job: { ...kitchen, state: 'rendering', frames: counts(done), lastFrame: done } });
    }
    host.tell({ type: 'job', job: { ...kitchen, state: 'completed', frames: counts(FRAMES), finishedAt: 99 } });
    // How it began may be out of date before it is told; how it ended is told in any case.
    await expect.poll(async () => (await told()).some((text) => /kitchen.*500 frames/.test(text))).toBe(true);
    await page
      .getByText(/kitchen.*500 frames/)
      .first()
      .waitFor();
    // Another job that stops is told in its own sentence, once the pause between two is over.
    host.tell({ type: 'job', job: { ...JOBS[0]!, state: 'paused' } });
    // A message that leaves meanwhile changes a region after it.
    await expect.poll(told).toContain('robot is paused.');
    const all = await told();
    expect(all.length).toBeGreaterThanOrEqual(2);
    expect(all.length).toBeLessThanOrEqual(8);
    expect(await page.locator('.announcements').count()).toBe(1);
  });

  it('does by keyboard what a pointer drags: the order of jobs, areas, the timeline, its range', async () => {
    const { host, page } = await open();
    host.answers['job.move'] = () => ok(null);
    await select(page, 2).click();
    await select(page, 2).press('Alt+ArrowDown');
    await expect.poll(() => host.calls.some(({ operation }) => operation === 'job.move')).toBe(true);

    const edge = page.getByRole('separator', { name: 'Width of the queue' });
    const before = Number(await edge.getAttribute('aria-valuenow'));
    await edge.press('ArrowRight');
    await expect.poll(async () => Number(await edge.getAttribute('aria-valuenow'))).toBeGreaterThan(before);

    await select(page, 1).click();
    const timeline = page.getByRole('slider', { name: 'Frames' });
    await timeline.press('Home');
    await timeline.press('Shift+ArrowRight');
    await expect.poll(() => timeline.getAttribute('aria-valuenow')).toBe('11');
    await timeline.press('i');
    await expect
      .poll(() => page.getByRole('button', { name: 'Start of the range' }).getAttribute('aria-pressed'))
      .toBe('true');
    await timeline.press('Control+Shift+ArrowRight');
    expect(await axeFindings(page)).toEqual([]);
  });
});
