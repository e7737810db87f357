import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Statistics, StatisticsSample } from '../../src/shared/statistics';
import { needs } from '../helpers/needs';
import { asked, launchBrowser, openPage } from './open-page';
import { sampleJob, sampleScene, sampleState, sampleStatistics } from '../helpers/samples';
import { ok, type ScriptedHost } from './scripted-host';

function sample(time: number, change: Partial<StatisticsSample> = {}): StatisticsSample {
  return sampleStatistics({
    time,
    framesPerMinute: 60,
    workers: [
      { slot: 1, residentBytes: 400e6, processor: 0.3, job: 1 },
      { slot: 2, residentBytes: 500e6, processor: 0.2, job: 2 },
    ],
    jobs: [{ id: 1, framesLeft: 20, framesPerMinute: 33 }],
    ...change,
  });
}

/** Two minutes of rendering up to now: 60 to 80 frames per minute, a frame a second. */
function history(now: number): Statistics {
  const seconds = Array.from({ length: 61 }, (_, index) => index * 2 - 120);
  return {
    now,
    samples: seconds.map((second) =>
      sample(now + second * 1_000, {
        framesPerMinute: 70 + (10 * second) / 120 + (second === -120 ? 0 : 10),
        framesLeft: 30 - second,
      }),
    ),
    frameTimes: Array.from({ length: 120 }, (_, index) => ({
      time: now - (120 - index) * 1_000,
      seconds: index === 60 ? 4 : 1.5,
      job: 1 + (index % 2),
      frame: index + 1,
      slot: 1 + (index % 2),
    })),
    failures: [
      { time: now - 90_000, job: 1, frame: 31, slot: 1, attempt: 1, reason: '=1+1 is no image, “really”' },
      { time: now - 30_000, job: 2, frame: 92, slot: 2, attempt: 3, reason: 'The worker crashed.' },
    ],
  };
}

needs.chromium('the Statistics workspace', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const nothing = (): Statistics => ({ now: Date.now(), samples: [], frameTimes: [], failures: [] });
  const open = (
    answer: () => Statistics,
    script: (host: ScriptedHost) => void = () => {},
  ): ReturnType<typeof openPage> =>
    openPage(
      browser,
      sampleState({
        scene: sampleScene(),
        jobs: [sampleJob({ id: 1, name: 'film' }), sampleJob({ id: 2, name: '=kitchen' })],
      }),
      undefined,
      (host) => {
        host.answers['statistics.get'] = () => ok(answer());
        script(host);
      },
    );
  const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });
  const chart = (page: Page, start: string) => page.getByRole('img', { name: new RegExp(`^${start}`) });

  it('is reached by tab, by Ctrl+Page Down, and by menu; the host is asked once', async () => {
    const { host, page, faults } = await open(nothing);
    const render = page.getByRole('tabpanel', { name: 'Render' });
    const statistics = page.getByRole('tabpanel', { name: 'Statistics' });
    await render.getByRole('region', { name: 'Queue' }).waitFor();
    expect(asked(host, 'statistics.get')).toEqual([]);
    await tab(page, 'Statistics').click();
    await statistics.getByText('Nothing has been rendered yet').waitFor();
    await page.keyboard.press('Control+PageDown');
    await render.waitFor();
    await page.keyboard.press('Control+PageUp');
    await statistics.waitFor();
    await page.getByRole('menuitem', { name: 'View' }).click();
    await page.getByRole('menuitem', { name: 'Render' }).last().click();
    await render.waitFor();
    // Arrows move within the tabs, which have one tab stop.
    await tab(page, 'Render').focus();
    await page.keyboard.press('ArrowRight');
    await statistics.waitFor();
    expect(await tab(page, 'Statistics').evaluate((element) => element === document.activeElement)).toBe(true);
    expect(
      await page
        .getByRole('tab')
        .evaluateAll((tabs) => tabs.map((one) => [one.getAttribute('aria-selected'), (one as HTMLElement).tabIndex])),
    ).toEqual([
      ['false', -1],
      ['true', 0],
    ]);
    expect(asked(host, 'statistics.get')).toEqual([{}]);
    expect(faults).toEqual([]);
  });

  it('draws what the host knows, and says it in words', async () => {
    const { page, faults } = await open(() => history(Date.now()));
    await tab(page, 'Statistics').click();
    await expect
      .poll(() => chart(page, 'Frames per minute').getAttribute('aria-label'))
      .toBe('Frames per minute: 80.0 now; between 60.0 and 80.0 in the last 5 minutes.');
    expect(await chart(page, 'Frame times').getAttribute('aria-label')).toBe(
      'Frame times: 1.50 s for the last frame; median 1.50 s, between 1.50 s and 4.00 s, over 120 frames in the last 5 minutes.',
    );
    expect(await chart(page, 'Queue').getAttribute('aria-label')).toBe('Queue: 30 frames left now, 2 being rendered.');
    expect(await chart(page, 'Worker memory').getAttribute('aria-label')).toBe(
      'Worker memory: worker 1 400 MB, worker 2 500 MB.',
    );
    expect(await chart(page, 'Failures').getAttribute('aria-label')).toBe(
      'Failures: 2 failed attempts in the last 5 minutes; the last one is of frame 92: The worker crashed.',
    );
    // Something is drawn on each canvas.
    const painted = await page
      .locator('.plot canvas')
      .evaluateAll((all) =>
        (all as HTMLCanvasElement[]).map(
          (canvas) =>
            new Set(
              new Uint32Array(canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.buffer),
            ).size,
        ),
      );
    expect(painted.length).toBe(7);
    for (const colours of painted) expect(colours).toBeGreaterThan(4);
    expect(faults).toEqual([]);
  });

  it('shows the values under the pointer in all charts at once', async () => {
    const { page } = await open(() => history(Date.now()));
    await tab(page, 'Statistics').click();
    const pace = page.getByRole('region', { name: 'Frames per minute' });
    const memory = page.getByRole('region', { name: 'Worker memory' });
    await pace.getByText('80.0 /min').waitFor();
    await memory.getByText('Total 900 MB').waitFor();
    const box = (await chart(page, 'Frames per minute').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
    await pace.getByText(/^\d\d:\d\d:\d\d {2}· {2}7\d\.\d \/min$/).waitFor();
    await memory.getByText(/^\d\d:\d\d:\d\d, Worker 1 400 MB, Worker 2 500 MB$/).waitFor();
    await page
      .getByRole('region', { name: 'Queue' })
      .getByText(/\d+ left$/)
      .waitFor();
    await page.mouse.move(box.x + box.width * 0.8, 5);
    await pace.getByText('80.0 /min').waitFor();
  });

  it('reads values with the arrow keys, and Esc then does not mean the render', async () => {
    const { host, page } = await open(() => history(Date.now()));
    await tab(page, 'Statistics').click();
    const pace = page.getByRole('region', { name: 'Frames per minute' });
    await pace.getByText('80.0 /min').waitFor();
    const charts = page.getByRole('group', { name: /^Charts/ });
    await charts.focus();
    for (const key of ['Shift+ArrowLeft', 'Shift+ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowRight'])
      await page.keyboard.press(key);
    // 21 of 100 steps of 5 minutes back, a little more than a minute ago.
    const shown = pace.getByText(/^\d\d:\d\d:\d\d {2}· {2}74\.\d \/min$/);
    await shown.waitFor();
    expect(await shown.getAttribute('aria-live')).toBe('polite');
    await page
      .getByRole('region', { name: 'Frame times' })
      .getByText(/· {2}(1\.50|4\.00) s$/)
      .waitFor();
    await page.keyboard.press('Escape');
    await pace.getByText('80.0 /min').waitFor();
    expect(asked(host, 'job.cancel')).toEqual([]);
  });

  it('follows the host, and holds what was so while nothing is told', async () => {
    const { host, page } = await open(nothing);
    await tab(page, 'Statistics').click();
    await page.getByText('Nothing has been rendered yet').waitFor();
    host.tell({
      type: 'statistics',
      sample: sample(Date.now() - 50, {
        framesPerMinute: null,
        workers: [{ slot: 1, residentBytes: null, processor: null, job: null }],
      }),
      frameTimes: [],
      failures: [],
    });
    await page.getByText('Shown once two frames are written.').waitFor();
    await page.getByText('No frame was written in the last 5 minutes.').waitFor();
    await page.getByText('Workers are starting.').waitFor();
    const time = Date.now() - 20;
    host.tell({
      type: 'statistics',
      sample: sample(time, { framesPerMinute: 42 }),
      frameTimes: [{ time: time - 5, seconds: 0.25, job: 1, frame: 1, slot: 1 }],
      failures: [],
    });
    await page.getByText('42.0 /min').waitFor();
    await page.getByText('Median 0.25 s · last 0.25 s').waitFor();
    host.tell({
      type: 'statistics',
      sample: sample(Date.now() - 10, { framesPerMinute: 0, framesLeft: 0, rendering: 0, workers: [] }),
      frameTimes: [],
      failures: [],
    });
    await page.getByText('Idle', { exact: true }).waitFor();
    await page.getByText('Empty', { exact: true }).waitFor();
    await page.getByText('No workers running').first().waitFor();
  });

  it('shows an hour where that is chosen, also in the next window', async () => {
    const { page } = await open(() => {
      const now = Date.now();
      const { samples, frameTimes } = history(now - 20 * 60_000);
      return {
        now,
        samples: [
          ...samples,
          sample(now - 19 * 60_000, { framesPerMinute: 0, framesLeft: 0, rendering: 0, workers: [] }),
        ],
        frameTimes,
        failures: [],
      };
    });
    await tab(page, 'Statistics').click();
    await page.getByText('No frame was written in the last 5 minutes.').waitFor();
    await page.getByText('No worker was running in the last 5 minutes.').waitFor();
    const hour = page.getByRole('button', { name: '1 h' });
    await hour.click();
    expect(await hour.getAttribute('aria-pressed')).toBe('true');
    await expect
      .poll(() => chart(page, 'Frame times').getAttribute('aria-label'))
      .toContain('over 120 frames in the last hour.');
    await page.reload();
    await tab(page, 'Statistics').click();
    await expect.poll(() => page.getByRole('button', { name: '1 h' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('zooms into a range that is dragged, or chosen with keys, and back', async () => {
    const { page } = await open(() => history(Date.now()));
    await tab(page, 'Statistics').click();
    const times = chart(page, 'Frame times');
    const box = (await chart(page, 'Frames per minute').boundingBox())!;
    const at = (part: number): number => box.x + 58 + (box.width - 70) * part;
    await page.mouse.move(at(0.8), box.y + 40);
    await page.mouse.down();
    await page.mouse.move(at(0.85), box.y + 40);
    await page.mouse.move(at(0.9), box.y + 40);
    await page.mouse.up();
    // A tenth of five minutes.
    await expect
      .poll(() => times.getAttribute('aria-label'))
      .toMatch(/over (29|30|31) frames in the time from .+ to .+\.$/);
    await expect.poll(() => page.getByRole('button', { name: '5 min' }).getAttribute('aria-pressed')).toBe('false');
    await page.mouse.dblclick(at(0.85), box.y + 40);
    await expect.poll(() => times.getAttribute('aria-label')).toContain('over 120 frames in the last 5 minutes');
    await page.getByRole('group', { name: /^Charts/ }).focus();
    await page.keyboard.press('ArrowLeft');
    for (let press = 0; press < 3; press++) await page.keyboard.press('+');
    // By the chart that holds what was so: however long this took, it has something to show.
    const pace = chart(page, 'Frames per minute');
    await expect.poll(() => pace.getAttribute('aria-label')).toMatch(/in the time from .+ to .+\.$/);
    const narrow = await pace.getAttribute('aria-label');
    await page.keyboard.press('-');
    await expect.poll(() => pace.getAttribute('aria-label')).not.toBe(narrow);
    await page.keyboard.press('0');
    await expect.poll(() => pace.getAttribute('aria-label')).toContain('in the last 5 minutes');
  });

  it('shows what is of one job', async () => {
    const { page } = await open(() => history(Date.now()));
    await tab(page, 'Statistics').click();
    await page.getByRole('combobox', { name: 'Job' }).selectOption({ label: '#1 film' });
    await expect.poll(() => chart(page, 'Frame times').getAttribute('aria-label')).toContain('over 60 frames');
    expect(await chart(page, 'Frames per minute').getAttribute('aria-label')).toContain('33.0 now');
    expect(await chart(page, 'Queue').getAttribute('aria-label')).toBe('Queue: 20 frames left now, 1 being rendered.');
    expect(await chart(page, 'Failures').getAttribute('aria-label')).toContain('1 failed attempt');
    expect(await chart(page, 'Worker memory').getAttribute('aria-label')).toBe('Worker memory: worker 1 400 MB.');
  });

  it('opens the frame of a point, with the mouse and with Enter', async () => {
    const { page } = await open(() => history(Date.now()));
    // The image is to be seen, whatever had the window to itself.
    await page.getByRole('region', { name: 'Queue', exact: true }).hover();
    await page.keyboard.press('Control+Space');
    await tab(page, 'Statistics').click();
    const failures = chart(page, 'Failures');
    const box = (await failures.locator('.u-over').boundingBox())!;
    // The last failure was 30 s ago, of 5 minutes; two of two.
    await page.mouse.click(box.x + box.width * 0.9, box.y + box.height * 0.075);
    await page.getByRole('tabpanel', { name: 'Render' }).waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Current frame' }).inputValue()).toBe('92');
    await page
      .getByRole('button', { name: /^=kitchen, job 2/ })
      .and(page.locator('[aria-current="true"]'))
      .waitFor();
    await tab(page, 'Statistics').click();
    await page.getByRole('group', { name: /^Charts/ }).focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('textbox', { name: 'Current frame' }).inputValue()).toMatch(/^9[0-3]$/);
  });

  it('saves what is shown as CSV', async () => {
    const { page } = await open(() => history(Date.now()));
    await tab(page, 'Statistics').click();
    await chart(page, 'Failures').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV…' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^framegauge-statistics-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.csv$/);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text.startsWith('\uFEFFTime (UTC),Record,Frames per minute,')).toBe(true);
    const lines = text.split('\r\n');
    expect(lines.filter((line) => line.includes(',frame,')).length).toBe(120);
    expect(
      lines.some((line) => line.includes(',failure,') && line.endsWith(',31,1,,1,"\'=1+1 is no image, “really”"')),
    ).toBe(true);
    expect(text).toContain(",'=kitchen,");
  });

  it('goes by the host’s clock where the page’s own is wrong', async () => {
    const { page } = await open(() => history(Date.now() - 24 * 3_600_000));
    await tab(page, 'Statistics').click();
    await expect.poll(() => chart(page, 'Frames per minute').getAttribute('aria-label')).toContain('80.0 now');
  });

  it('fits a small window without anything cut off, and grows with it', async () => {
    const { page } = await open(() => history(Date.now()));
    await page.setViewportSize({ width: 800, height: 600 });
    await tab(page, 'Statistics').click();
    await chart(page, 'Queue').waitFor();
    const widths = (): Promise<number[]> =>
      page.locator('.plot canvas').evaluateAll((all) => all.map((canvas) => canvas.getBoundingClientRect().width));
    await expect.poll(async () => (await widths()).every((width) => width > 300 && width < 400)).toBe(true);
    expect(
      await page.evaluate(() =>
        [...document.querySelectorAll('.charts, .app-frame')].every(
          (element) =>
            element.scrollWidth <= element.clientWidth &&
            (element.matches('.charts') || element.scrollHeight <= element.clientHeight),
        ),
      ),
    ).toBe(true);
    await page.setViewportSize({ width: 1600, height: 900 });
    await expect.poll(async () => (await widths()).every((width) => width > 370)).toBe(true);
    await expect
      .poll(() => page.locator('.charts').evaluate((charts) => charts.scrollHeight <= charts.clientHeight))
      .toBe(true);
  });

  it('leads to the field that is wrong when a render is asked for from there', async () => {
    const { page } = await open(nothing);
    const end = page.getByRole('textbox', { name: 'Frame End', exact: true });
    await end.fill('0');
    await tab(page, 'Statistics').click();
    await page.getByText('Nothing has been rendered yet').waitFor();
    await page.keyboard.press('Control+F12');
    await expect.poll(() => end.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it('asks anew after a lost connection', async () => {
    const { host, page } = await open(() => history(Date.now()));
    await tab(page, 'Statistics').click();
    await page.getByText('80.0 /min').waitFor();
    host.answers['statistics.get'] = () =>
      ok({ ...history(Date.now()), samples: [sample(Date.now(), { framesPerMinute: 33 })] });
    host.cutOff(true);
    await page.getByText('Disconnected.').waitFor();
    await page.getByText('80.0 /min').waitFor();
    host.cutOff(false);
    await page.getByText('33.0 /min').waitFor();
    expect(asked(host, 'statistics.get').length).toBe(2);
  });
});
