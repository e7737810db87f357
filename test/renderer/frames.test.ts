import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationReply } from '../../src/shared/host-api';
import type { Frame, Job } from '../../src/shared/jobs';
import { needs } from '../helpers/needs';
import { sampleFrame, sampleJob, sampleState } from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { failed, ok, type ScriptedHost } from './scripted-host';

/** Pixels of a cell where there is room for all. */
const CELL = 40;
const MEMORY = (frame: number): string => `There was not enough memory for frame ${frame}: let fewer workers render.`;
const LOG = [
  'Blender 4.2.0',
  ...Array.from({ length: 80 }, (_value, at) => `Fra:7 | Sample ${at}/80`),
  'Error: no!',
  'Bye.',
];

function frame(number: number): Frame {
  if (number === 5)
    return sampleFrame(5, 'failed', { reason: 'An image is in the way.', failure: 'images-in-the-way' });
  if (number === 7 || number === 9)
    return sampleFrame(number, 'failed', { attempts: 3, reason: MEMORY(number), failure: 'memory' });
  return sampleFrame(number, 'done');
}
const shot: Job = sampleJob(
  {
    name: 'shot 12',
    note: 'For Tuesday.',
    engine: 'blender',
    state: 'failed',
    failure: 'too-many',
    reason: '3 of 12 frames failed',
    finishedAt: 9,
    lastFrame: 12,
    frames: { total: 12, waiting: 0, rendering: 0, done: 9, failed: 3, skipped: 0 },
  },
  { frames: '1-12' },
);

const rendering: Job = sampleJob(
  {
    engine: 'blender',
    state: 'rendering',
    lastFrame: 1,
    frames: { total: 2, waiting: 0, rendering: 1, done: 1, failed: 0, skipped: 0 },
  },
  { frames: '1-2' },
);

needs.chromium('frames', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const open = (): ReturnType<typeof openPage> =>
    openPage(browser, sampleState({ jobs: [shot] }), undefined, (script: ScriptedHost) => {
      script.answers['job.frames'] = () => ok(Array.from({ length: 12 }, (_value, at) => frame(at + 1)));
      script.answers['job.log'] = ({ frame: number }: { frame: number }) =>
        ok([{ frame: number, attempt: 1, lines: LOG }]);
      for (const name of ['job.requeue', 'job.submit', 'job.duplicate', 'job.pause', 'job.resume', 'job.edit'])
        script.answers[name] = () => ok(shot);
    });
  /** Presses a cell. */
  async function press(page: Page, number: number, options: Parameters<Page['click']>[1] = {}): Promise<void> {
    const box = (await page.getByRole('slider', { name: 'Frames' }).boundingBox())!;
    await page
      .getByRole('slider', { name: 'Frames' })
      .click({ position: { x: 3 + (number - 0.5) * CELL, y: box.height - 12 }, ...options });
  }
  const items = (page: Page): Promise<string[]> => page.locator('.popup-menu').getByRole('menuitem').allTextContents();

  it('have a menu for one, for a selection and for all that failed, by mouse and by keyboard', async () => {
    const { host, page, faults } = await open();
    const slider = page.getByRole('slider', { name: 'Frames' });
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toContain('Frame 12');
    await press(page, 5, { button: 'right' });
    await page.getByRole('menu', { name: 'Frame 5', exact: true }).waitFor();
    expect(await items(page)).toEqual([
      'Render Again',
      'Render All Failed Again (3)',
      'Open Image',
      'Compare with the Frame Shown',
      'Copy Image',
      'Copy Path',
      'Show Log',
    ]);
    await page.getByRole('menuitem', { name: 'Render Again', exact: true }).click();
    await expect.poll(() => asked(host, 'job.requeue')).toEqual([{ id: 1, frames: '5' }]);
    // A range with Shift, one more with Ctrl, and the menu on any of them.
    await press(page, 2);
    await press(page, 4, { modifiers: ['Shift'] });
    await press(page, 7, { modifiers: ['Control'] });
    await press(page, 3, { button: 'right' });
    await page.getByRole('menu', { name: '4 frames' }).waitFor();
    expect(await items(page)).toEqual(['Render 4 Frames Again', 'Render All Failed Again (3)', 'Copy 3 Paths']);
    await page.getByRole('menuitem', { name: 'Render 4 Frames Again' }).click();
    const question = page.getByRole('dialog', { name: 'Render 4 Frames Again' });
    await question.getByText('3 images that are done are rendered anew.').waitFor();
    expect(asked(host, 'job.requeue')).toHaveLength(1);
    await question.getByRole('button', { name: 'Render 4 Frames Again' }).click();
    await expect.poll(() => asked(host, 'job.requeue').at(-1)).toEqual({ id: 1, frames: '2-4,7' });
    // Esc ends the selection and cancels nothing; keys select again.
    await slider.focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+ArrowRight');
    await page.keyboard.press('Control+Shift+ArrowRight');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu', { name: '3 frames' }).waitFor();
    expect(asked(host, 'job.cancel')).toEqual([]);
    await page.keyboard.press('Escape');
    await press(page, 3);
    await page.locator('.viewer-stage').click({ button: 'right' });
    await page.getByRole('menu', { name: 'Frame 3', exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('that failed are told once for each cause, with what mends it', async () => {
    const { host, page } = await open();
    const failures = page.getByRole('region', { name: 'Failures of job 1' });
    await failures.getByText('2 frames: 7, 9').waitFor();
    expect(await failures.getByRole('listitem').allTextContents()).toEqual([
      'More than 10 % of the frames failed, which ends the job: 3 of 12.Raise Limit',
      `${MEMORY(7)}2 frames: 7, 9Show LogRaise Limit`,
      'An image is in the way.Frame 5Show LogOverwriteNew Version',
    ]);
    await page.getByText('For Tuesday.').waitFor();
    await failures.getByRole('button', { name: 'Overwrite' }).click();
    await expect
      .poll(() => asked(host, 'job.submit'))
      .toMatchObject([{ frames: '5', overwrite: true, name: 'shot 12', note: 'For Tuesday.' }]);
    await failures.getByRole('button', { name: 'New Version' }).click();
    await expect.poll(() => asked(host, 'job.duplicate')).toEqual([{ id: 1, newVersion: true }]);
    await failures.getByRole('button', { name: 'Raise Limit' }).first().click();
    await expect.poll(() => asked(host, 'job.resume')).toEqual([{ id: 1 }]);
    expect(asked(host, 'job.edit')).toEqual([{ id: 1, changes: { failureShare: 1 } }]);
    await failures.getByRole('button', { name: 'Raise Limit' }).last().click();
    await page.getByRole('tab', { name: 'Blender', selected: true }).waitFor();
    await page.keyboard.press('Escape');
    await failures.getByRole('button', { name: /^3 frames failed/ }).click();
    expect(await failures.getByRole('listitem').count()).toBe(0);
  });

  it('that failed are told of a job that is not shown, too', async () => {
    const others = Array.from({ length: 13 }, (_value, at) =>
      sampleJob({ id: 2 + at, name: `other ${at}`, createdAt: 9, state: 'rendering' }),
    );
    const { page } = await openPage(browser, sampleState({ jobs: [shot, ...others] }), undefined, (script) => {
      script.answers['job.frames'] = ({ id, states }: { id: number; states?: string[] }) =>
        ok(id === 1 && states?.includes('failed') ? [frame(5), frame(7), frame(9)] : []);
    });
    await page.getByRole('button', { name: 'Unfold shot 12, job 1' }).click();
    const failures = page.getByRole('region', { name: 'Failures of job 1' });
    await failures.getByText('2 frames: 7, 9').waitFor();
    await failures.getByRole('button', { name: 'Overwrite' }).waitFor();
  });

  it('open their log at the error', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Show Log' }).first().click();
    const log = page.getByRole('log', { name: 'Log of frame 7' });
    await expect.poll(() => log.locator('[aria-current]').textContent()).toBe('Error: no!\n');
    await expect.poll(() => log.evaluate((box) => box.scrollTop)).toBeGreaterThan(100);
    await log.getByRole('button', { name: 'Next Error' }).click();
    expect(await log.getByText('1 error').count()).toBe(1);
  });

  it('in work show how far they are, and what the engine prints', async () => {
    const { host, page, faults } = await openPage(browser, sampleState({ jobs: [rendering] }), undefined, (script) => {
      script.answers['job.frames'] = () =>
        ok([sampleFrame(1, 'done'), sampleFrame(2, 'rendering', { attempts: 2, reason: MEMORY(2), slot: 1 })]);
      script.answers['job.log'] = () => ok([{ frame: 2, attempt: 1, lines: ['Error: the first try'] }]);
      script.answers['job.frameInWork'] = () => {
        const asks = asked(script, 'job.frameInWork').length;
        return ok({
          attempt: 2,
          seconds: 60 + asks,
          sample: 12 + asks,
          samples: 64,
          secondsLeft: null,
          memoryBytes: 812_000_000,
          lastSeconds: 12.3,
          log: Array.from({ length: 40 + asks }, (_value, at) => `Line ${at + 1}`),
        });
      };
    });
    await press(page, 2);
    await page.getByRole('button', { name: 'Frame details' }).click();
    const details = page.getByRole('region', { name: 'Details of frame 2' });
    for (const words of ['1:02', '14 of 64', '812 MB', '12.3 s']) await details.getByText(words).waitFor();
    await expect
      .poll(() => details.getByRole('progressbar', { name: 'Sample' }).getAttribute('value'))
      .toMatch(/^0\.2/);
    const log = page.getByRole('log', { name: 'Log of frame 2' });
    await log.getByText('Line 42').waitFor();
    expect(await log.getByText('Error: the first try').count()).toBe(1);
    await expect
      .poll(() => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
      .toBeLessThan(20);
    // Once it is done, nobody asks any more.
    host.tell({ type: 'frame', jobId: 1, frame: sampleFrame(2, 'done', { attempts: 2 }) });
    await details.getByText('Elapsed').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('that the host cannot list are not asked for again and again', async () => {
    const jobs = [1, 2].map((id) => sampleJob({ id, state: id === 1 ? 'rendering' : 'queued', position: id }));
    let answer = (_reply: OperationReply): void => {};
    const answered = new Promise<OperationReply>((done) => {
      answer = done;
    });
    const { host, page } = await openPage(browser, sampleState({ jobs }), undefined, (script) => {
      script.answers['job.frames'] = () => answered;
    });
    const state = () => page.getByRole('slider', { name: 'Frames' }).getAttribute('aria-valuetext');
    await expect.poll(state).toMatch(/^Frame \d+: its record is being read…$/);
    answer(failed('The records of the frames cannot be read.'));
    const show = (id: number): Promise<void> => page.getByRole('button', { name: new RegExp(`, job ${id}, `) }).click();
    await page.getByText('The records of the frames cannot be read.').waitFor();
    await expect.poll(state).toMatch(/^Frame \d+: its record could not be read$/);
    await show(2);
    await expect.poll(() => asked(host, 'job.frames').length).toBe(2);
    await show(1);
    await expect.poll(() => asked(host, 'job.frames').map((input) => (input as { id: number }).id)).toEqual([1, 2, 1]);
  });

  it('chosen stay shown, of their job, when another job leads', async () => {
    const next = sampleJob({ id: 2, name: 'next', createdAt: 9, lastFrame: 2 }, { frames: '1-2' });
    const frames = { total: 2, waiting: 0, rendering: 0, done: 2, failed: 0, skipped: 0 };
    const { host, page } = await openPage(
      browser,
      sampleState({ jobs: [{ ...rendering, name: 'first' }, next] }),
      undefined,
      (script) => {
        script.answers['job.frames'] = () => ok([sampleFrame(1, 'done'), sampleFrame(2, 'rendering')]);
      },
    );
    await page.getByRole('img', { name: 'first, frame 1' }).waitFor();
    await press(page, 1);
    const ended = { ...rendering, name: 'first', state: 'completed' as const, finishedAt: 9, frames };
    host.tell({ type: 'job', job: ended });
    host.tell({ type: 'job', job: { ...next, state: 'rendering' } });
    await page.getByRole('region', { name: 'Messages' }).getByText('first').waitFor();
    await page.getByRole('img', { name: 'first, frame 1' }).waitFor();
  });

  it('belong to a job whose name and note can be changed after it has ended', async () => {
    const { host, page } = await open();
    await page.getByRole('button', { name: /^shot 12, job 1, / }).focus();
    await page.keyboard.press('F2');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('textbox').count()).toBe(2);
    await dialog.getByLabel('Note').fill('For Wednesday.');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => asked(host, 'job.edit')).toEqual([{ id: 1, changes: { note: 'For Wednesday.' } }]);
  });
});
