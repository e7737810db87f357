import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../helpers/needs';
import { sampleFrame, sampleJob, sampleScene, sampleState } from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { failed, ok } from './scripted-host';

needs.chromium('the areas of the window', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const state = () => sampleState({ scene: sampleScene(), jobs: [sampleJob()] });
  const area = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const edge = (page: Page, name: string) => page.getByRole('separator', { name });
  const valueOf = async (page: Page, name: string): Promise<number> =>
    Number(await edge(page, name).getAttribute('aria-valuenow'));

  it('resizes areas with mouse and keys within their limits, and keeps the sizes', async () => {
    const { host, page, faults } = await openPage(browser, state());
    const width = 'Width of the properties';
    const before = await valueOf(page, width);
    const at = (await edge(page, width).boundingBox())!;
    await page.mouse.move(at.x + 3, at.y + 100);
    await page.mouse.down();
    await page.mouse.move(at.x - 57, at.y + 100, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => valueOf(page, width)).toBe(before + 60);
    expect((await area(page, 'Properties').boundingBox())!.width).toBe(before + 60);
    // Esc takes a drag back, wherever it is, and cancels no render.
    await page.mouse.down();
    await page.mouse.move(at.x - 90, at.y + 100);
    await expect.poll(() => valueOf(page, width)).toBe(before + 93);
    await page.keyboard.press('Escape');
    await expect.poll(() => valueOf(page, width)).toBe(before + 60);
    await page.mouse.move(at.x - 120, at.y + 100);
    await page.mouse.up();
    expect(await valueOf(page, width)).toBe(before + 60);
    await area(page, 'Image').locator('.viewer-stage').hover();
    await page.mouse.down();
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(asked(host, 'job.cancel')).toEqual([]);
    await edge(page, width).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => valueOf(page, width)).toBe(before + 44);
    await page.keyboard.press('Home');
    await expect.poll(() => valueOf(page, width)).toBe(220);

    await edge(page, 'Height of the timeline').focus();
    await page.keyboard.press('Shift+ArrowUp');
    await expect.poll(() => valueOf(page, 'Height of the timeline')).toBe(176);
    await edge(page, 'Width of the queue').focus();
    await page.keyboard.press('End');
    const most = Number(await edge(page, 'Width of the queue').getAttribute('aria-valuemax'));
    await expect.poll(() => valueOf(page, 'Width of the queue')).toBe(most);

    await page.reload();
    await expect.poll(() => valueOf(page, width)).toBe(220);
    expect(await valueOf(page, 'Width of the queue')).toBe(most);
    // A smaller window keeps what was chosen for a larger one, and room for the image.
    await page.setViewportSize({ width: 900, height: 600 });
    await expect.poll(async () => (await area(page, 'Image').boundingBox())!.width).toBeGreaterThanOrEqual(220);
    await page.setViewportSize({ width: 1_280, height: 800 });
    await expect.poll(() => valueOf(page, 'Width of the queue')).toBe(most);
    await edge(page, width).dblclick();
    await expect.poll(() => valueOf(page, width)).toBe(before);
    expect(faults).toEqual([]);
  });

  it('folds the properties away with N, for good, but not while N is typed', async () => {
    const { page } = await openPage(browser, state());
    await area(page, 'Properties').waitFor();
    const camera = page.getByRole('textbox', { name: 'Output', exact: true });
    await camera.press('End');
    await camera.pressSequentially('n');
    await area(page, 'Properties').waitFor();
    await page.getByRole('slider', { name: 'Frames' }).focus();
    await page.keyboard.press('n');
    await area(page, 'Properties').waitFor({ state: 'detached' });
    await page.reload();
    await area(page, 'Image').waitFor();
    expect(await area(page, 'Properties').count()).toBe(0);
    await page.getByRole('menuitem', { name: 'View' }).click();
    const item = page.getByRole('menuitemcheckbox', { name: 'Properties' });
    expect(await item.getAttribute('aria-checked')).toBe('false');
    await item.click();
    await area(page, 'Properties').waitFor();
  });

  it('gives the area under the pointer, else the one with the focus, the whole window and back', async () => {
    const { page } = await openPage(browser, state());
    await area(page, 'Timeline').hover();
    await page.keyboard.press('Control+Space');
    await area(page, 'Queue').waitFor({ state: 'detached' });
    expect(await area(page, 'Timeline').count()).toBe(1);
    await page.keyboard.press('Control+Space');
    await area(page, 'Queue').waitFor();
    await page.getByRole('tab', { name: 'Render' }).hover();
    await page.getByRole('button', { name: 'turntable, job 1, Rendering' }).focus();
    await page.keyboard.press('Control+Space');
    await area(page, 'Timeline').waitFor({ state: 'detached' });
    expect(await area(page, 'Queue').count()).toBe(1);
    // What leads to another area brings all of them back.
    await page.keyboard.press('Control+g');
    await area(page, 'Timeline').waitFor();
  });

  const done = (id: number, frames: number) =>
    sampleJob({
      id,
      name: `shot ${id}`,
      state: 'completed',
      finishedAt: id,
      lastFrame: frames,
      frames: { total: frames, waiting: 0, rendering: 0, done: frames, failed: 0, skipped: 0 },
    });
  const maximize = async (page: Page, name: string): Promise<void> => {
    await area(page, name).hover();
    await page.keyboard.press('Control+Space');
    await expect.poll(() => page.locator('.render-workspace > .area').count()).toBe(1);
  };

  it('says what it has to say whichever area is shown, and in other workspaces', async () => {
    const queued = (id: number, priority: number) => sampleJob({ id, name: `shot ${id}`, state: 'queued', priority });
    const notices = [{ id: 1, at: 1, level: 'warning' as const, text: 'The disk is nearly full.' }];
    const { host, page } = await openPage(
      browser,
      sampleState({ jobs: [queued(1, 5), queued(2, 0)], notices }),
      undefined,
      (script) => {
        script.answers['job.edit'] = () => failed('The job is locked.');
      },
    );
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('The disk is nearly full.').waitFor();
    expect((await messages.boundingBox())!.x).toBeGreaterThan((await area(page, 'Image').boundingBox())!.x);
    await maximize(page, 'Queue');
    await messages.getByText('The disk is nearly full.').waitFor();
    await page.getByRole('button', { name: /^shot 2, job 2/ }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await messages.getByText('Press Alt+↑ once more').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => asked(host, 'job.edit').length).toBe(1);
    await messages.getByText('The job is locked.').waitFor();
    // F6 leads to them too.
    await page.keyboard.press('F6');
    expect(await messages.locator(':focus').count()).toBe(1);
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await messages.getByText('The job is locked.').waitFor();
    expect(await messages.count()).toBe(1);
  });

  it('folds what is long over the image of a small window, to be unfolded, and leaves most of the image in sight', async () => {
    const path = '/mnt/render/projects/2026/feature/sequences/sq0420/sh1230/renders/beauty/v017';
    const text = (disk: string): string =>
      `Images cannot be written to ${path}: ${disk} is full. Free some space, or choose another output folder in the job. What was rendered is kept until there is room for it again.`;
    const { host, page } = await openPage(
      browser,
      sampleState({
        jobs: [sampleJob({ id: 1, state: 'queued', startedAt: null })],
        queue: { ...sampleState().queue, state: 'paused', reason: text('the disk') },
        notices: [1, 2, 3].map((id) => ({ id, at: id, level: 'warning', text: text(`disk ${id}`) })),
      }),
    );
    await page.setViewportSize({ width: 900, height: 600 });
    const messages = page.getByRole('region', { name: 'Messages' });
    const one = messages.locator('.message').first();
    await one.waitFor();
    const height = async (what: Locator): Promise<number> => (await what.boundingBox())!.height;
    const stage = await height(page.locator('.viewer-stage'));
    // All of them together, of which the last are reached by scrolling.
    await expect.poll(() => height(messages)).toBeLessThanOrEqual(stage / 2);
    await expect.poll(() => height(one)).toBeLessThan(stage / 4);
    const toggle = one.getByRole('button', { name: 'Whole text' });
    // A screen reader hears what each of them is about.
    const label = await toggle.getAttribute('aria-label');
    expect(label).toMatch(/^Whole text: Images cannot be written to \/mnt\/render/);
    expect(label!.length).toBeLessThan(80);
    await one.getByRole('button', { name: /^Dismiss: Images cannot be written to/ }).waitFor();
    expect(await toggle.getAttribute('aria-expanded')).toBe('false');
    const folded = await height(one);
    await toggle.click();
    await expect.poll(() => height(one)).toBeGreaterThan(folded + 40);
    expect(
      await one.locator('.folded-words').evaluate((words) => words.scrollHeight - words.clientHeight),
    ).toBeLessThanOrEqual(1);
    await toggle.click();
    await expect.poll(() => height(one)).toBe(folded);
    // Why the queue stands leaves the jobs to be seen.
    expect(await height(page.locator('.queue-stopped'))).toBeLessThan(80);
    await page.locator('.queue-stopped').getByRole('button', { name: 'Whole text' }).waitFor();
    // What fits has nothing to unfold.
    host.tell({ type: 'notice', notice: { id: 9, at: 9, level: 'warning', text: 'The disk is nearly full.' } });
    const short = messages.locator('.message').filter({ hasText: 'The disk is nearly full.' });
    await short.waitFor();
    expect(await short.getByRole('button', { name: 'Whole text' }).count()).toBe(0);
  });

  it('cuts names before their ends, by which they differ', async () => {
    const shot = 'a_very_long_name_of_a_shot_with_all_that_a_studio_puts_into_it_sh0420';
    const { page } = await openPage(
      browser,
      sampleState({ jobs: [1, 2].map((id) => sampleJob({ id, name: `${shot}_v00${id}`, state: 'queued' })) }),
    );
    await page.setViewportSize({ width: 900, height: 600 });
    for (const id of [1, 2]) {
      const name = page.locator(`[data-job="${id}"] .job-name`);
      expect(await name.textContent()).toBe(`${shot}_v00${id}`);
      const [box, end] = await Promise.all([name.boundingBox(), name.locator('.cut-end').boundingBox()]);
      expect(await name.locator('.cut-end').getAttribute('data-text')).toBe(`420_v00${id}`);
      expect(end!.x + end!.width).toBeLessThanOrEqual(box!.x + box!.width + 1);
      expect(end!.width).toBeGreaterThan(20);
    }
  });

  it('cuts no character in half, keeps the order of names from the right, and tells each name once', async () => {
    const family = '👨\u200D👩\u200D👧';
    const accented = `a_shot_of_a_long_name_${'e\u0301'.repeat(12)}`;
    const emoji = `a_shot_of_a_long_name_${family.repeat(12)}`;
    const hebrew = 'סצנה_ארוכה_מאוד_של_הסרט_sh0420_v002';
    const { page } = await openPage(
      browser,
      sampleState({
        jobs: [accented, emoji, hebrew].map((name, at) => sampleJob({ id: at + 1, name, state: 'queued' })),
      }),
    );
    const { page: empty } = await openPage(browser, sampleState(), undefined, (script) => {
      script.answers['scene.recent'] = () => ok([{ path: `/scenes/${emoji}.blend`, openedAt: 1, missing: false }]);
    });
    const name = (id: number): Locator => page.locator(`[data-job="${id}"] .job-name`);
    await name(3).waitFor();
    expect(await name(1).locator('.cut-end').getAttribute('data-text')).toBe('e\u0301'.repeat(8));
    expect(await name(2).locator('.cut-end').getAttribute('data-text')).toBe(family.repeat(8));
    expect(await name(3).locator('bdi').textContent()).toBe(hebrew);
    expect(
      await name(3)
        .locator('bdi')
        .evaluate((element) => getComputedStyle(element).direction),
    ).toBe('rtl');
    const recent = empty.getByRole('region', { name: 'Image' }).getByRole('listitem').getByRole('button');
    expect(await recent.ariaSnapshot()).toContain(`${emoji}.blend`);
  });

  it('plays in a maximised image, and Esc ends that and no render', async () => {
    const rows = Array.from({ length: 48 }, (_, index) =>
      sampleFrame(index + 1, 'done', { writtenAt: index + 1, suspicion: 'The image is black.' }),
    );
    const { host, page } = await openPage(
      browser,
      sampleState({ scene: sampleScene(), jobs: [done(1, 48), sampleJob({ id: 2, name: 'shot 2' })] }),
      undefined,
      (script) => {
        script.answers['job.frames'] = () => ok(rows);
      },
    );
    await page.getByRole('button', { name: /^shot 1, job 1/ }).click();
    await maximize(page, 'Image');
    await page.reload();
    await expect.poll(() => asked(host, 'job.frames').at(-1)).toMatchObject({ id: 1 });
    await area(page, 'Image').hover();
    // Its frames are there.
    await page.getByText('The image is black.').waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('img', { name: 'shot 1, playing' }).waitFor();
    await page.keyboard.press('Control+Space');
    await maximize(page, 'Queue');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
    await page.getByRole('img', { name: /^shot 1, frame/ }).waitFor();
    expect(asked(host, 'job.cancel')).toEqual([]);
  });

  it('does nothing by keys to areas that are not in sight', async () => {
    const { page } = await openPage(browser, state());
    await area(page, 'Timeline').waitFor();
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.keyboard.press('Control+Space');
    await page.keyboard.press('n');
    // What has no use now but can say why, does.
    await page.keyboard.press('Control+F11');
    await page.getByText('There is nothing to play yet').waitFor();
    await page.getByRole('tab', { name: 'Render' }).click();
    expect(await page.locator('.render-workspace > .area').count()).toBe(4);
  });

  it('ends the maximising where something opens in an area that it hides', async () => {
    const rows = Array.from({ length: 48 }, (_, index) => sampleFrame(index + 1, 'done', { writtenAt: index + 1 }));
    const { page } = await openPage(browser, sampleState({ jobs: [done(1, 48)] }), undefined, (script) => {
      script.answers['job.frames'] = () => ok(rows);
    });
    await area(page, 'Image').waitFor();
    await maximize(page, 'Queue');
    await page.getByRole('button', { name: /^Actions for shot 1/ }).click();
    await page.getByRole('menuitem', { name: 'Frame Details' }).click();
    await area(page, 'Image').waitFor();
    await maximize(page, 'Timeline');
    await page.getByRole('slider', { name: 'Frames' }).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Show Log' }).click();
    await area(page, 'Image').waitFor();
    await maximize(page, 'Timeline');
    await page.keyboard.press('Control+F11');
    await page.getByRole('img', { name: 'shot 1, playing' }).waitFor();
  });

  it('calculates in number fields, says what cannot be, and lets them be dragged', async () => {
    const { page } = await openPage(browser, state());
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    await field('Width').fill('1920*2/3');
    await field('Width').press('Enter');
    await expect.poll(() => field('Width').inputValue()).toBe('1280');
    await field('Height').fill('(1080');
    await field('Height').press('Tab');
    await page.getByText('“(1080” lacks a closing parenthesis.').waitFor();
    expect(await field('Height').getAttribute('aria-invalid')).toBe('true');
    await field('Height').fill('360*2');
    // Rendering applies what is still being typed.
    await field('Height').press('F12');
    await expect.poll(() => field('Height').inputValue()).toBe('720');

    const at = (await field('Frame End').boundingBox())!;
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    const hold = async (by: number): Promise<void> => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + by, y, { steps: 6 });
    };
    await hold(30);
    await expect.poll(() => field('Frame End').inputValue()).toBe('58');
    await page.keyboard.down('Control');
    await page.mouse.move(x + 33, y);
    await expect.poll(() => field('Frame End').inputValue()).toBe('60');
    await page.keyboard.up('Control');
    await page.mouse.up();
    expect(await field('Frame End').evaluate((input) => input === document.activeElement)).toBe(false);
    await hold(-60);
    await expect.poll(() => field('Frame End').inputValue()).toBe('40');
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await expect.poll(() => field('Frame End').inputValue()).toBe('60');
    // A press that slides off, and ends elsewhere, drags nothing when the pointer comes back.
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 200);
    await page.mouse.up();
    await page.mouse.move(x, y);
    await page.mouse.move(x + 40, y, { steps: 6 });
    expect(await field('Frame End').inputValue()).toBe('60');
    // A press without moving is for typing, and then the mouse selects text.
    await field('Frame End').click();
    await page.keyboard.type('24');
    await field('Frame End').press('ArrowUp');
    expect(await field('Frame End').inputValue()).toBe('25');
  });

  it('stacks areas in a narrow window, each as wide as it, with messages in sight and nothing lost', async () => {
    const { page, faults, host } = await openPage(browser, state());
    host.answers['job.submit'] = () => failed('The output folder cannot be written to.');
    await area(page, 'Properties').waitFor();
    await page.setViewportSize({ width: 375, height: 700 });
    await expect.poll(async () => (await area(page, 'Queue').boundingBox())!.width).toBeGreaterThan(360);
    const tops: number[] = [];
    for (const name of ['Queue', 'Image', 'Timeline', 'Properties']) {
      const box = (await area(page, name).boundingBox())!;
      expect(box.width).toBeGreaterThan(360);
      tops.push(box.y);
    }
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
    const inSight = (at: Locator) => expect.poll(async () => at.evaluate(isOnTop)).toBe(true);
    const submit = area(page, 'Properties').locator('.render-buttons .button').last();
    await submit.focus();
    await inSight(submit);
    await inSight(page.getByText('Connected', { exact: true }));
    for (const tab of await page.getByRole('tablist').first().getByRole('tab').all()) await inSight(tab);
    // The image is out of sight.
    await page.keyboard.press('Control+F12');
    await inSight(page.getByText('The output folder cannot be written to.'));
    // What is being typed stays when the window gets wide again.
    const field = area(page, 'Properties').getByRole('textbox').first();
    await field.fill('half typed');
    await page.setViewportSize({ width: 1280, height: 800 });
    await edge(page, 'Width of the queue').waitFor();
    expect(await field.inputValue()).toBe('half typed');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await inSight(page.getByText('The output folder cannot be written to.'));
    expect(faults).toEqual([]);
  });

  it('has in a menu what the smallest image areas have no buttons for', async () => {
    const job = sampleJob({ lastFrame: 1, frames: { ...sampleJob().frames, waiting: 47, done: 1 } });
    const { page } = await openPage(browser, sampleState({ scene: sampleScene(), jobs: [job] }), undefined, (host) => {
      host.answers['job.frames'] = () => ok([sampleFrame(1, 'done')]);
    });
    await page.setViewportSize({ width: 660, height: 700 });
    const image = area(page, 'Image');
    await expect.poll(async () => (await image.boundingBox())!.width).toBeLessThan(341);
    expect(await image.getByRole('button', { name: 'Fit', exact: true }).isVisible()).toBe(false);
    const choose = async (name: string): Promise<void> => {
      await image.getByRole('button', { name: /Channels and display$/ }).click();
      await page.getByRole('menuitemcheckbox', { name }).click();
    };
    const isChosen = async (name: string): Promise<string | null> => {
      await image.getByRole('button', { name: /Channels and display$/ }).click();
      const checked = await page.getByRole('menuitemcheckbox', { name }).getAttribute('aria-checked');
      await page.keyboard.press('Escape');
      return checked;
    };
    await choose('1:1');
    expect([await isChosen('1:1'), await isChosen('Fit')]).toEqual(['true', 'false']);
    await choose('Fit');
    expect([await isChosen('1:1'), await isChosen('Fit')]).toEqual(['false', 'true']);
    await choose('Checker');
    expect(await isChosen('Checker')).toBe('true');
  });
});

/** Whether an element's middle is in the window with nothing over it. */
function isOnTop(element: Element): boolean {
  const { left, top, width, height } = element.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return there !== null && (element.contains(there) || there.contains(element));
}
