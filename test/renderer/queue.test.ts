import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import type { Job } from '../../src/shared/jobs';
import { needs } from '../helpers/needs';
import { sampleFrame, sampleJob, sampleScene, sampleState } from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { failed, ok, type ScriptedHost } from './scripted-host';

const queued = (id: number, change: Partial<Job> = {}): Job =>
  sampleJob({ id, name: `shot ${id}`, state: 'queued', startedAt: null, position: id, ...change });
const job = (page: Page, id: number) => page.getByRole('button', { name: new RegExp(`^shot ${id}, job ${id}, `) });
/** Ids in the order in which they stand in the list. */
const order = (page: Page): Promise<number[]> =>
  page
    .locator('[data-job]')
    .evaluateAll((rows) =>
      rows
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => Number(row.getAttribute('data-job'))),
    );

needs.chromium('the queue', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  const open = (state: HostState, script?: (host: ScriptedHost) => void): ReturnType<typeof openPage> =>
    openPage(browser, state, undefined, script);

  /** Moves as a host does: it tells the job with its new place. */
  const moves = (script: ScriptedHost): void => {
    script.answers['job.move'] = ({ id, before }: { id: number; before: number | null }) => {
      const moved = queued(id, { position: before === null ? 1_000 : before - 0.5 });
      script.tell({ type: 'job', job: moved });
      return ok(moved);
    };
  };

  /** Pauses and resumes as a host does. */
  const pauses = (script: ScriptedHost): void => {
    for (const [name, state] of [
      ['job.pause', 'paused'],
      ['job.resume', 'queued'],
    ] as const)
      script.answers[name] = ({ id }: { id: number }) => {
        script.tell({ type: 'job', job: queued(id, { state }) });
        return ok(queued(id, { state }));
      };
  };

  it('does with a job what its menu says, by mouse and by keyboard', async () => {
    const { host, page } = await open(
      sampleState({
        jobs: [
          queued(1),
          queued(2),
          sampleJob({
            id: 3,
            name: 'shot 3',
            state: 'failed',
            finishedAt: 1,
            frames: { total: 9, waiting: 0, rendering: 0, done: 7, failed: 2, skipped: 0 },
          }),
        ],
      }),
      (script) => {
        for (const name of ['job.pause', 'job.cancel', 'job.requeue'])
          script.answers[name] = ({ id }: { id: number }) => ok(queued(id));
        script.answers['job.duplicate'] = () => {
          script.tell({ type: 'job', job: queued(4) });
          return ok(queued(4));
        };
      },
    );
    await job(page, 2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Pause' }).click();
    await expect.poll(() => asked(host, 'job.pause')).toEqual([{ id: 2 }]);
    await job(page, 2).focus();
    await page.keyboard.press('Shift+F10');
    const menu = page.getByRole('menu', { name: 'Actions for shot 2, job 2' });
    await expect
      .poll(() => menu.getByRole('menuitem', { name: 'Pause' }).evaluate((item) => item === document.activeElement))
      .toBe(true);
    await page.keyboard.press('d');
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(host, 'job.duplicate')).toEqual([{ id: 2 }]);
    // The copy is shown.
    await expect.poll(() => job(page, 4).getAttribute('aria-current')).toBe('true');
    await job(page, 3).click();
    await page.getByRole('button', { name: 'Actions for shot 3, job 3' }).click();
    await page.getByRole('menuitem', { name: 'Render All Frames Again' }).click();
    await page.getByRole('button', { name: 'Render All Again' }).click();
    await job(page, 3).click();
    await page.getByRole('button', { name: 'Render Failed Frames Again' }).click();
    await expect
      .poll(() => asked(host, 'job.requeue'))
      .toEqual([
        { id: 3, frames: 'all' },
        { id: 3, frames: 'failed' },
      ]);
    // A refusal is told in the window's words, with what mends it.
    host.answers['job.requeue'] = () =>
      failed(
        'Job 9 wrote it. Duplicate job 3 to render a new version beside them (--new-version), or overwrite them (--overwrite).',
      );
    await page.getByRole('button', { name: 'Render Failed Frames Again' }).click();
    const told = page.getByRole('region', { name: 'Messages' });
    await told.getByText('Duplicate job 3 to render a new version beside them, or overwrite them.').waitFor();
    await told.getByRole('button', { name: 'New Version', exact: true }).click();
    await expect.poll(() => asked(host, 'job.duplicate').at(-1)).toEqual({ id: 3, newVersion: true });
    // Esc closes a menu, and cancels nothing.
    await job(page, 2).click({ button: 'right' });
    await menu.waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    expect(asked(host, 'job.cancel')).toEqual([]);
  });

  it('ends with Esc only what is rendering, says so, and takes it back', async () => {
    const rendering = (id: number, change: Partial<Job> = {}): Job =>
      sampleJob({
        id,
        name: `shot ${id}`,
        position: id,
        frames: { total: 48, waiting: 35, rendering: 1, done: 12, failed: 0, skipped: 0 },
        ...change,
      });
    const { host, page } = await open(sampleState({ jobs: [queued(1), queued(2)] }), (script) => {
      script.answers['job.cancel'] = ({ id }: { id: number }) => {
        const ended = rendering(id, {
          state: 'cancelled',
          finishedAt: 5_000,
          reason: 'Cancelled.',
          frames: { total: 48, waiting: 36, rendering: 0, done: 12, failed: 0, skipped: 0 },
        });
        script.tell({ type: 'job', job: ended });
        return ok(ended);
      };
      script.answers['job.requeue'] = ({ id }: { id: number }) => {
        script.tell({ type: 'job', job: queued(id) });
        return ok(queued(id));
      };
    });
    await job(page, 2).click();
    await page.keyboard.press('Escape');
    host.tell({ type: 'job', job: rendering(1) });
    await page.getByRole('button', { name: /^shot 1, job 1, Rendering/ }).waitFor();
    // Another one is shown, but this one is rendering.
    await page.keyboard.press('Escape');
    const told = page.getByRole('region', { name: 'Messages' });
    await told.getByText('shot 1 (job 1) was cancelled: 12 of 48 frames are done and kept.').waitFor();
    expect(asked(host, 'job.cancel')).toEqual([{ id: 1 }]);
    await page.keyboard.press('Escape');
    await told.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => asked(host, 'job.requeue')).toEqual([{ id: 1, frames: 'remaining' }]);
    await expect.poll(() => order(page)).toEqual([1, 2]);
    expect(await told.getByText('was cancelled').count()).toBe(0);
    expect(asked(host, 'job.cancel')).toEqual([{ id: 1 }]);
    // By its menu a waiting job can be cancelled, and that taken back, too.
    await job(page, 2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Cancel' }).click();
    await told.getByText('shot 2 (job 2) was cancelled').waitFor();
    // The way back goes with its cause.
    host.tell({ type: 'job', job: queued(2) });
    await told.getByText('shot 2 (job 2) was cancelled').waitFor({ state: 'detached' });
  });

  it('says what to do first where no scene is open, and of a paused job no pace that it has not', async () => {
    const { host, page } = await openPage(browser, sampleState());
    const queue = page.getByRole('region', { name: 'Queue' });
    await queue.getByText('No jobs yet. Open a scene first (Ctrl+O), or drop one on this window.').waitFor();
    host.tell({ type: 'scene', scene: sampleScene() });
    await queue.getByText('Press F12 to render the current frame').waitFor();
    host.tell({ type: 'job', job: sampleJob({ id: 1, state: 'rendering' }) });
    await queue.locator('[data-job="1"] .job-select').click();
    await queue.getByText('– frames/min').waitFor();
    host.tell({ type: 'job', job: sampleJob({ id: 1, state: 'paused' }) });
    await queue.getByText('Paused').waitFor();
    expect(await queue.innerText()).not.toContain('–');
  });

  it('stands in the order in which it is rendered, a group for each priority', async () => {
    const { page } = await open(
      sampleState({ jobs: [queued(1), queued(2, { priority: 5 }), queued(3), queued(4, { priority: 5 })] }),
    );
    await expect.poll(() => order(page)).toEqual([2, 4, 1, 3]);
    expect(
      await page
        .getByRole('region', { name: 'Queue' })
        .getByRole('heading', { name: /^Priority/ })
        .allTextContents(),
    ).toEqual(['Priority +5', 'Priority 0']);
    await job(page, 3).click({ button: 'right' });
    const menu = page.getByRole('menu', { name: 'Actions for shot 3, job 3' });
    expect(await menu.getByRole('menuitem', { name: 'Move to Top of Priority 0' }).getAttribute('aria-disabled')).toBe(
      'false',
    );
    expect(await menu.getByRole('menuitem', { name: 'Move Down' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('moves a job within its priority, and says where another priority would have to be given', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [queued(1), queued(2, { priority: 5 }), queued(3), queued(4)] }),
      moves,
    );
    await job(page, 4).focus();
    await page.keyboard.press('Alt+Home');
    await expect.poll(() => order(page)).toEqual([2, 4, 1, 3]);
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('This job is already the first of priority 0.').waitFor();
    expect(asked(host, 'job.move')).toEqual([{ id: 4, before: 1 }]);
  });

  it('moves several up from where the first of them is, though that is the top', async () => {
    const { host, page } = await open(sampleState({ jobs: [1, 2, 3, 4, 5].map((id) => queued(id)) }), moves);
    await job(page, 1).click();
    await job(page, 3).click({ modifiers: ['Control'] });
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => order(page)).toEqual([1, 3, 2, 4, 5]);
    expect(asked(host, 'job.move').map((input) => (input as { before: number }).before)).not.toContain(null);
  });

  it('gives a job that is dragged among those of another priority theirs, says so, and takes it back', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [queued(1), queued(2, { priority: 5 }), queued(3, { priority: 5 }), queued(4)] }),
      (script) => {
        moves(script);
        script.answers['job.edit'] = ({ id, changes }: { id: number; changes: { priority: number } }) => {
          const edited = queued(id, changes);
          script.tell({ type: 'job', job: edited });
          return ok(edited);
        };
        script.answers['job.move'] = ({ id, priority }: { id: number; priority?: 'take' }) => {
          const moved = queued(id, priority === 'take' ? { priority: 5, position: 2.5 } : {});
          script.tell({ type: 'job', job: moved });
          return ok(moved);
        };
      },
    );
    const target = (await page.locator('[data-job="3"]').boundingBox())!;
    await page
      .locator('[data-job="4"] .job-head')
      .dragTo(page.locator('[data-job="3"]'), { targetPosition: { x: target.width / 2, y: 4 } });
    await page.getByText('shot 4 (job 4) now has priority +5, like the jobs around it; it was 0.').waitFor();
    expect(asked(host, 'job.move')).toEqual([{ id: 4, before: 3, priority: 'take' }]);
    await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(() => asked(host, 'job.move'))
      .toEqual([
        { id: 4, before: 3, priority: 'take' },
        { id: 4, before: null },
      ]);
    expect(asked(host, 'job.edit')).toEqual([{ id: 4, changes: { priority: 0 } }]);
  });

  it('shows in the status bar what is rendering, and leads there', async () => {
    const jobs = Array.from({ length: 200 }, (_, index) => queued(index + 1));
    const { page } = await open(
      sampleState({
        jobs: [
          ...jobs,
          sampleJob({
            id: 201,
            name: 'shot 201',
            position: 201,
            frames: { total: 48, waiting: 36, rendering: 0, done: 12, failed: 0, skipped: 0 },
          }),
        ],
      }),
    );
    await job(page, 1).click();
    expect(await page.locator('[data-job="201"]').count()).toBe(0);
    const status = page.getByRole('contentinfo', { name: 'Status' });
    await status.getByText('25 %').waitFor();
    await status.getByRole('button', { name: 'shot 201' }).click();
    await expect.poll(() => job(page, 201).getAttribute('aria-current')).toBe('true');
    await expect
      .poll(async () =>
        page
          .locator('[data-job="201"]')
          .evaluate(
            (row) =>
              row.getBoundingClientRect().bottom <= row.closest('.queue-list')!.getBoundingClientRect().bottom + 4,
          ),
      )
      .toBe(true);
  });

  it('calls what is left of a job by its name, and a failed frame no progress', async () => {
    const counts = (done: number, failed: number, waiting: number) => ({
      total: 10,
      waiting,
      rendering: 0,
      done,
      failed,
      skipped: 0,
    });
    const ended = (id: number, state: Job['state'], frames: Job['frames']): Job =>
      sampleJob({ id, name: `shot ${id}`, state, finishedAt: 10 - id, frames });
    const { page } = await open(
      sampleState({
        jobs: [
          ended(1, 'cancelled', counts(4, 0, 6)),
          ended(2, 'failed', counts(0, 10, 0)),
          ended(3, 'completed', counts(9, 1, 0)),
          ended(4, 'completed', counts(10, 0, 0)),
        ],
      }),
    );
    const area = page.getByRole('region', { name: 'Queue' });
    const again = (): Promise<string[]> => area.locator('.job-again').allTextContents();
    const bar = (id: number): Promise<string | null> =>
      area.getByRole('progressbar', { name: `Progress of shot ${id}, job ${id}` }).getAttribute('aria-valuenow');
    for (const [id, words, share] of [
      [1, ['Render Remaining Frames'], '40'],
      [2, ['Render Failed Frames Again'], '0'],
      [3, ['Render Failed Frames Again'], '90'],
      [4, [], '100'],
    ] as const) {
      await job(page, id).click();
      await expect.poll(again).toEqual(words);
      expect(await bar(id)).toBe(share);
    }
  });

  it('takes jobs to the next priority with the second press, after saying so', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [queued(1, { priority: 5 }), queued(2), queued(3)] }),
      (script) => {
        script.answers['job.edit'] = ({ id, changes }: { id: number; changes: { priority: number } }) => {
          const edited = queued(id, changes);
          script.tell({ type: 'job', job: edited });
          return ok(edited);
        };
        moves(script);
      },
    );
    await job(page, 2).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page
      .getByText('This job is already the first of priority 0. Press Alt+↑ once more to give it priority +5.')
      .waitFor();
    expect(asked(host, 'job.edit')).toEqual([]);
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('shot 2 (job 2) now has priority +5').waitFor();
    expect(asked(host, 'job.edit')).toEqual([{ id: 2, changes: { priority: 5 } }]);
    expect(asked(host, 'job.move')).toEqual([{ id: 2, before: null }]);
  });

  it('is walked with the arrow keys, and reordered with Alt', async () => {
    const { host, page } = await open(sampleState({ jobs: [queued(1), queued(2), queued(3), queued(4)] }), moves);
    await job(page, 1).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => job(page, 3).evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await job(page, 3).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => order(page)).toEqual([1, 3, 2, 4]);
    await expect.poll(() => job(page, 3).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press('Alt+End');
    await expect.poll(() => order(page)).toEqual([1, 2, 4, 3]);
    expect(asked(host, 'job.move')).toEqual([
      { id: 3, before: 2 },
      { id: 3, before: null },
    ]);
  });

  it('is reordered by dragging', async () => {
    const { host, page } = await open(sampleState({ jobs: [queued(1), queued(2), queued(3), queued(4)] }), moves);
    const target = (await page.locator('[data-job="2"]').boundingBox())!;
    await page
      .locator('[data-job="4"] .job-head')
      .dragTo(page.locator('[data-job="2"]'), { targetPosition: { x: target.width / 2, y: 4 } });
    await expect.poll(() => order(page)).toEqual([1, 4, 2, 3]);
    expect(asked(host, 'job.move')).toEqual([{ id: 4, before: 2 }]);
    // To where it is already is no move.
    await page
      .locator('[data-job="3"] .job-head')
      .dragTo(page.locator('[data-job="2"]'), { targetPosition: { x: target.width / 2, y: target.height - 4 } });
    expect(asked(host, 'job.move')).toHaveLength(1);
  });

  it('says what would go before a job is deleted, and deletes files only where that is ticked', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [queued(1), sampleJob({ id: 2, name: 'shot 2', state: 'completed', finishedAt: 1 })] }),
      (script) => {
        script.answers['job.removal'] = ({ id }: { id: number }) =>
          ok(id === 2 ? { files: ['/out/1.png', '/out/2.png'], bytes: 12_300 } : { files: [], bytes: 0 });
        script.answers['job.remove'] = ({ id, files }: { id: number; files?: boolean }) => {
          if (id === 1) return failed('Job 1 is locked.');
          script.tell({ type: 'job-removed', id });
          return ok({ filesDeleted: files ? 2 : 0 });
        };
        pauses(script);
      },
    );
    await job(page, 2).click();
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete shot 2, Job 2' });
    await dialog.getByText('/out/2.png').waitFor();
    await dialog.getByText('Its images stay on disk.').waitFor();
    // The first thing that Enter does is nothing bad.
    expect(
      await dialog.getByRole('button', { name: 'Keep' }).evaluate((button) => button === document.activeElement),
    ).toBe(true);
    await dialog.getByRole('checkbox', { name: 'Also delete its 2 files (12 kB)' }).check();
    await dialog.getByRole('button', { name: 'Delete Job and Files' }).click();
    await dialog.waitFor({ state: 'detached' });
    // Until there is no way back, the host is not asked.
    const told = page.getByRole('region', { name: 'Messages' });
    await told.getByText('shot 2 (job 2) is deleted, with the files.').waitFor();
    await expect.poll(() => order(page)).toEqual([1]);
    expect(asked(host, 'job.remove')).toEqual([]);
    await told.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => order(page)).toEqual([1, 2]);
    await page.clock.install();
    await job(page, 2).click();
    await page.keyboard.press('Delete');
    await dialog.getByRole('checkbox', { name: 'Also delete its 2 files (12 kB)' }).check();
    await dialog.getByRole('button', { name: 'Delete Job and Files' }).click();
    await told.getByText('shot 2 (job 2) is deleted').waitFor();
    await page.clock.fastForward(10_000);
    await told.getByText('2 files were deleted.').waitFor();
    expect(asked(host, 'job.remove')).toEqual([{ id: 2, files: true }]);
    expect(await order(page)).toEqual([1]);
    // What could not be deleted is there again.
    await job(page, 1).click();
    await page.keyboard.press('Delete');
    const other = page.getByRole('dialog', { name: 'Delete shot 1, Job 1' });
    await other.getByText('No files to delete').waitFor();
    await other.getByRole('button', { name: 'Delete Job', exact: true }).click();
    await told.getByText('shot 1 (job 1) is deleted').waitFor();
    expect(await order(page)).toEqual([]);
    await page.clock.fastForward(10_000);
    await told.getByText('Job 1 is locked.').waitFor();
    await expect.poll(() => order(page)).toEqual([1]);
    await expect.poll(() => asked(host, 'job.resume')).toEqual([{ id: 1 }]);
  });

  it('pauses a waiting job until its deletion is final, and cancels it first where it renders all the same', async () => {
    const { host, page } = await open(sampleState({ jobs: [queued(1), queued(2), queued(3)] }), (script) => {
      pauses(script);
      script.answers['job.removal'] = () => ok({ files: [], bytes: 0 });
      script.answers['job.cancel'] = ({ id }: { id: number }) => ok(queued(id, { state: 'cancelled', finishedAt: 9 }));
      script.answers['job.remove'] = ({ id }: { id: number }) => {
        script.tell({ type: 'job-removed', id });
        return ok({ filesDeleted: 0 });
      };
    });
    // One of them was paused before: it is left so.
    host.tell({ type: 'job', job: queued(3, { state: 'paused' }) });
    await page.getByRole('button', { name: 'shot 3, job 3, Paused' }).waitFor();
    await page.clock.install();
    await job(page, 1).click();
    await job(page, 3).click({ modifiers: ['Shift'] });
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete 3 Jobs', exact: true }).click();
    await expect.poll(() => asked(host, 'job.pause')).toEqual([{ id: 2 }, { id: 1 }]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => asked(host, 'job.resume')).toEqual([{ id: 1 }, { id: 2 }]);
    await expect.poll(() => order(page)).toEqual([1, 2, 3]);
    await job(page, 1).click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete Job', exact: true }).click();
    await expect.poll(() => order(page)).toEqual([2, 3]);
    host.tell({ type: 'job', job: sampleJob({ id: 1, name: 'shot 1' }) });
    // It stays out of sight meanwhile; this one is told after it.
    host.tell({ type: 'job', job: queued(4) });
    await expect.poll(() => order(page)).toEqual([2, 3, 4]);
    await page.clock.fastForward(10_000);
    await expect.poll(() => asked(host, 'job.remove')).toEqual([{ id: 1, files: false }]);
    expect(asked(host, 'job.cancel')).toEqual([{ id: 1 }]);
  });

  it('changes a paused job, and of a rendering one only its place', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [sampleJob({ id: 1, name: 'shot 1' }), queued(2, { state: 'paused' })] }),
      (script) => {
        script.answers['job.edit'] = ({ id, changes }: { id: number; changes: Partial<Job> }) =>
          ok(queued(id, { priority: changes.priority ?? 0 }));
      },
    );
    await job(page, 2).click();
    await page.keyboard.press('F2');
    const dialog = page.getByRole('dialog', { name: 'Edit shot 2, Job 2' });
    await dialog.getByRole('textbox', { name: 'Frames' }).fill('1-');
    await dialog.getByText('“1-” is not a frame range').waitFor();
    expect(await dialog.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Frames' }).fill('1-10');
    await dialog.getByRole('textbox', { name: 'Priority' }).fill('7');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('shot 2 (job 2) now has priority +7; it was 0.').waitFor();
    await job(page, 1).click();
    await page.keyboard.press('F2');
    const other = page.getByRole('dialog', { name: 'Edit shot 1, Job 1' });
    await other.getByText('Pause it to change the rest.').waitFor();
    expect(await other.getByRole('textbox', { name: 'Frames' }).count()).toBe(0);
    await other.getByLabel('Start time').fill('2027-01-02T03:04');
    await other.getByRole('button', { name: 'Apply' }).click();
    await other.waitFor({ state: 'detached' });
    const told = [
      { id: 2, changes: { frames: '1-10', priority: 7 } },
      { id: 1, changes: { startAt: new Date(2027, 0, 2, 3, 4).getTime() } },
    ];
    expect(asked(host, 'job.edit')).toEqual(told);
    // A job that begins while its frames are being changed keeps them, and says so.
    await job(page, 2).click();
    await page.keyboard.press('F2');
    await dialog.getByRole('textbox', { name: 'Frames' }).fill('5-6');
    host.tell({ type: 'job', job: queued(2, { state: 'rendering' }) });
    await dialog.getByText('Pause it to change the rest.').waitFor();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.getByText('The job has begun meanwhile').waitFor();
    expect(asked(host, 'job.edit')).toEqual(told);
  });

  it('is paused in three ways, says why it stands, and goes on', async () => {
    const { host, page } = await open(sampleState({ jobs: [queued(1)] }), (script) => {
      script.answers['queue.pause'] = ({ after }: { after: 'now' | 'frame' | 'job' }) => {
        const queue = {
          state: after === 'now' ? ('paused' as const) : (`after-${after}` as const),
          reason: null,
          secondsLeft: null,
          secondsLeftP90: null,
        };
        script.tell({ type: 'queue', queue });
        return ok(queue);
      };
      script.answers['queue.resume'] = () => {
        script.tell({ type: 'queue', queue: script.state.queue });
        return ok(script.state.queue);
      };
    });
    const area = page.getByRole('region', { name: 'Queue' });
    // What a screen reader tells changes of: one that came with its text would not be told everywhere.
    const status = await area.getByRole('status').elementHandle();
    for (const [item, words] of [
      ['Pause After Current Frames', 'Pausing after the current frames'],
      ['Pause After Current Job', 'Pausing after the current job'],
      ['Pause Now', 'The queue is paused'],
    ] as const) {
      await area.getByRole('button', { name: 'Pause queue' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      await area.getByRole('status').getByText(words).waitFor();
      expect(await status!.textContent()).toContain(words);
      await area.getByRole('button', { name: 'Resume queue' }).click();
      await area.getByRole('button', { name: 'Pause queue' }).waitFor();
    }
    host.tell({
      type: 'queue',
      queue: {
        state: 'paused',
        reason: 'The disk of /renders is nearly full.',
        secondsLeft: null,
        secondsLeftP90: null,
      },
    });
    await area.getByRole('status').getByText('The disk of /renders is nearly full.').waitFor();
    expect(asked(host, 'queue.pause')).toEqual([{ after: 'frame' }, { after: 'job' }, { after: 'now' }]);
  });

  it('keeps what has ended below what is to come, and folds it away for good', async () => {
    const ended = Array.from({ length: 5 }, (_, index) =>
      sampleJob({
        id: index + 1,
        name: `shot ${index + 1}`,
        state: 'completed',
        finishedAt: index + 1,
        position: index + 1,
      }),
    );
    const { host, page } = await open(sampleState({ jobs: [...ended, queued(6), queued(7)] }));
    await expect.poll(() => order(page)).toEqual([6, 7, 5, 4, 3, 2, 1]);
    host.tell({ type: 'job', job: queued(6, { state: 'completed', finishedAt: 99 }) });
    await expect.poll(() => order(page)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    await page.getByRole('button', { name: 'Finished 6' }).click();
    await expect.poll(() => order(page)).toEqual([7]);
    await page.reload();
    await expect
      .poll(() => page.getByRole('button', { name: /^Finished/ }).getAttribute('aria-expanded'))
      .toBe('false');
  });

  it('draws of ten thousand jobs those in sight, at both ends and while they change', async () => {
    const jobs = Array.from({ length: 10_000 }, (_, index) => queued(index + 1));
    const { host, page } = await open(sampleState({ jobs }));
    await job(page, 1).focus();
    await page.keyboard.press('End');
    await expect.poll(() => job(page, 10_000).evaluate((button) => button === document.activeElement)).toBe(true);
    host.tell({
      type: 'job',
      job: queued(10_000, {
        state: 'rendering',
        frames: { total: 48, waiting: 24, rendering: 0, done: 24, failed: 0, skipped: 0 },
      }),
    });
    await page.getByRole('region', { name: 'Queue' }).getByText('24 / 48').waitFor();
    expect(await page.locator('[data-job]').count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await expect.poll(() => job(page, 1).evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await page.locator('[data-job]').count()).toBeLessThan(60);
  });

  it('tells of an end beside the window, once the person has allowed it', async () => {
    const { host, page } = await open(sampleState({ jobs: [sampleJob({ id: 1, name: 'shot 1' })] }));
    // The browser of the tests has no desktop to show them on.
    await page.evaluate(() => {
      const shown: unknown[] = [];
      class Stub extends EventTarget {
        static permission = 'default';
        static requestPermission = async (): Promise<string> => (Stub.permission = 'granted');
        constructor(title: string, { body }: { body: string }) {
          super();
          shown.push([title, body]);
        }
      }
      Object.assign(window, { Notification: Stub, shown });
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    });
    const end = (id: number): void =>
      host.tell({
        type: 'job',
        job: sampleJob({
          id,
          name: `shot ${id}`,
          state: 'completed',
          frames: { total: 2, waiting: 0, rendering: 0, done: 2, failed: 0, skipped: 0 },
          startedAt: null,
        }),
      });
    end(1);
    await page.getByText('shot 1 is done: 2 frames rendered.').waitFor();
    await page.keyboard.press('Control+,');
    await page.getByRole('tab', { name: 'Interface' }).click();
    await page.getByRole('checkbox', { name: 'Notify in this browser' }).click();
    await expect.poll(() => page.getByRole('checkbox', { name: 'Notify in this browser' }).isChecked()).toBe(true);
    host.tell({ type: 'job', job: sampleJob({ id: 2, name: 'shot 2' }) });
    end(2);
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { shown: unknown[] }).shown))
      .toEqual([['The queue is done', 'shot 2 is done: 2 frames rendered.']]);
  });

  it.each(['cards', 'rows'] as const)(
    'shows what unfolds at the end of its list wholly, also what comes in later: %s',
    async (density) => {
      const failing = (id: number): Job =>
        queued(id, { state: 'paused', frames: { total: 9, waiting: 6, rendering: 0, done: 0, failed: 3, skipped: 0 } });
      const jobs = Array.from({ length: 20 }, (_, at) => failing(at + 1));
      let answer = (): void => undefined;
      const answered = new Promise<void>((resolve) => (answer = resolve));
      const { page } = await open(sampleState({ jobs }), (script) => {
        script.answers['job.frames'] = async ({ states }: { states?: string[] }) => {
          if (!states) return ok([]);
          await answered;
          return ok(
            ['red', 'green', 'blue'].map((lamp, at) =>
              sampleFrame(at + 1, 'failed', { reason: `The ${lamp} lamp is broken.` }),
            ),
          );
        };
      });
      await page.setViewportSize({ width: 900, height: 600 });
      await page.getByRole('button', { name: 'View of the queue' }).click();
      await page.getByRole('menuitemcheckbox', { name: density === 'cards' ? 'Cards' : 'Rows' }).click();
      await page.keyboard.press('Escape');
      await job(page, 1).focus();
      await page.keyboard.press('End');
      // That shows a card; a row is unfolded.
      if (density === 'rows') await page.keyboard.press('ArrowRight');
      const list = page.getByRole('grid', { name: 'Jobs' });
      const below = async (text: string): Promise<number> => {
        const [inner, outer] = await Promise.all([
          page.locator('[data-job="20"]').getByText(text).first().boundingBox(),
          list.boundingBox(),
        ]);
        return inner!.y + inner!.height - outer!.y - outer!.height;
      };
      await page.locator('[data-job="20"]').getByText('3 frames failed').waitFor();
      await expect.poll(() => below('3 frames failed')).toBeLessThanOrEqual(0);
      answer();
      await page.getByText('The blue lamp is broken.').waitFor();
      await expect.poll(() => below('The blue lamp is broken.')).toBeLessThanOrEqual(0);
      // Who scrolls is left where they are.
      await list.hover();
      await page.mouse.wheel(0, -200);
      await expect.poll(() => below('The blue lamp is broken.')).toBeGreaterThan(0);
    },
  );
});
