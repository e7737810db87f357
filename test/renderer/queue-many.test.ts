import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import type { Job, JobState } from '../../src/shared/jobs';
import { needs } from '../helpers/needs';
import { sampleCounts, sampleJob, sampleScene, sampleState } from '../helpers/samples';
import { axeFindings } from './axe-findings';
import { asked, launchBrowser, openPage } from './open-page';
import { failed, ok, type ScriptedHost } from './scripted-host';

const queued = (id: number, change: Partial<Job> = {}): Job =>
  sampleJob({ id, name: `shot ${id}`, state: 'queued', startedAt: null, position: id, ...change });
const ended = (id: number, state: 'completed' | 'failed' | 'cancelled', change: Partial<Job> = {}): Job =>
  queued(id, { state, finishedAt: id, frames: sampleCounts(state === 'completed' ? 48 : 12), ...change });
const many = (count: number, change: (id: number) => Partial<Job> = () => ({})): Job[] =>
  Array.from({ length: count }, (_, index) => queued(index + 1, change(index + 1)));
const job = (page: Page, id: number) => page.getByRole('button', { name: new RegExp(`^shot ${id}, job ${id}, `) });
const row = (page: Page, id: number) => page.locator(`[data-job="${id}"]`);
const cell = (page: Page, id: number, column: string) => row(page, id).locator(`.cell-${column}`);
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });
const search = (page: Page) => page.getByRole('textbox', { name: 'Search jobs' });
/** Ids that are drawn, in the order in which they stand. */
const order = (page: Page): Promise<number[]> =>
  page
    .locator('[data-job]')
    .evaluateAll((rows) =>
      rows
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((one) => Number(one.getAttribute('data-job'))),
    );
const selected = (page: Page): Promise<number[]> =>
  page
    .locator('.queue-selected')
    .evaluateAll((rows) => rows.map((one) => Number(one.getAttribute('data-job'))).sort((a, b) => a - b));
/** Columns of headings or cells. */
const namesOf = (all: Element[]): string[] => all.map((one) => /(?:head|cell)-(?!cell)(\w+)/.exec(one.className)![1]!);

/** Id of the job whose row has the focus; -1 for none. */
const focusedId = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.activeElement?.closest('[data-job]')?.getAttribute('data-job') ?? -1));

needs.chromium('a queue of many jobs', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  const open = (state: HostState, script?: (host: ScriptedHost) => void): ReturnType<typeof openPage> =>
    openPage(browser, state, undefined, script);
  /** Answers as a host does that carries out everything. */
  const obeys = (script: ScriptedHost): void => {
    const change =
      (of: (job: Job, input: { changes?: Partial<Job> }) => Partial<Job>) =>
      (input: { id: number; changes?: Partial<Job> }) => {
        const before = script.state.jobs.find(({ id }) => id === input.id)!;
        const after = { ...before, ...of(before, input) };
        script.state = { ...script.state, jobs: script.state.jobs.map((one) => (one.id === after.id ? after : one)) };
        script.tell({ type: 'job', job: after });
        return ok(after);
      };
    Object.assign(script.answers, {
      'job.pause': change(() => ({ state: 'paused' })),
      'job.resume': change(() => ({ state: 'queued' })),
      'job.cancel': change(() => ({ state: 'cancelled', finishedAt: 99 })),
      'job.requeue': change(() => ({ state: 'queued', finishedAt: null, reason: null })),
      'job.edit': change((_, { changes }) => changes ?? {}),
      'job.removal': () => ok({ files: ['/out/1.png'], bytes: 500 }),
      'job.remove': ({ id }: { id: number }) => {
        script.tell({ type: 'job-removed', id });
        return ok({ filesDeleted: 0 });
      },
    });
  };

  /** The same, and moves jobs. */
  const movable = (script: ScriptedHost): void => {
    obeys(script);
    script.answers['job.move'] = ({
      id,
      before,
      priority,
    }: {
      id: number;
      before: number | null;
      priority?: string;
    }) => {
      const of = (one: number | null) => script.state.jobs.find((each) => each.id === one);
      const at = of(before);
      const moved = {
        ...of(id)!,
        position: at ? at.position - 0.5 + id / 1_000 : 1_000,
        ...(priority === 'take' ? { priority: at!.priority } : {}),
      };
      script.state = { ...script.state, jobs: script.state.jobs.map((one) => (one.id === id ? moved : one)) };
      script.tell({ type: 'job', job: moved });
      return ok(moved);
    };
  };

  it('draws a line for each of many jobs, a card for each of few, and whichever the person wants', async () => {
    const { host, page } = await open(sampleState({ jobs: many(12) }));
    await page.setViewportSize({ width: 1600, height: 900 });
    await job(page, 1).waitFor();
    expect(await page.getByRole('columnheader').count()).toBe(0);
    host.tell({ type: 'job', job: queued(13, { priority: 0, secondsLeft: 754, lastFrame: null }) });
    await page.getByRole('columnheader', { name: 'Name' }).waitFor();
    host.tell({
      type: 'job',
      job: sampleJob({ id: 1, name: 'shot 1', position: 1, frames: sampleCounts(24), secondsLeft: 754, lastFrame: 24 }),
    });
    await expect.poll(() => cell(page, 1, 'frames').innerText()).toBe('24 / 48');
    expect(await cell(page, 1, 'percent').innerText()).toBe('50 %');
    expect(await cell(page, 1, 'timeLeft').innerText()).toBe('13 min');
    await row(page, 1).locator('.job-thumbnail img').waitFor();
    await page.getByRole('button', { name: 'View of the queue' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Cards' }).click();
    await page.getByRole('columnheader').first().waitFor({ state: 'detached' });
    await page.reload();
    await job(page, 1).waitFor();
    expect(await page.getByRole('columnheader').count()).toBe(0);
  });

  it('shows the frame that was written last, also where it came while the one before was fetched', async () => {
    const rendering = (lastFrame: number): Job =>
      sampleJob({ id: 1, name: 'shot 1', position: 0, frames: sampleCounts(lastFrame), lastFrame });
    const fetched: number[] = [];
    let answer = (): void => {};
    const first = new Promise<null>((done) => {
      answer = () => done(null);
    });
    const { host, page } = await open(sampleState({ jobs: [rendering(7), ...many(14).slice(1)] }), (script) => {
      script.image = async (_job, frame, size) => {
        if (size !== 96) return null;
        fetched.push(frame);
        return frame === 7 ? first : null;
      };
    });
    // There is room for the column.
    await page.setViewportSize({ width: 1_600, height: 900 });
    await expect.poll(() => fetched).toEqual([7]);
    await page.clock.install();
    host.tell({ type: 'job', job: rendering(8) });
    await expect.poll(() => cell(page, 1, 'frames').innerText()).toBe('8 / 48');
    answer();
    await expect
      .poll(async () => {
        await page.clock.fastForward(1_000);
        return fetched;
      })
      .toEqual([7, 8]);
  });

  it('unfolds rows into cards, and folds them again', async () => {
    const { page } = await open(sampleState({ jobs: many(20) }));
    await job(page, 3).focus();
    await page.keyboard.press('ArrowRight');
    await row(page, 3).getByRole('progressbar').waitFor();
    await expect.poll(() => job(page, 3).evaluate((one) => one === document.activeElement)).toBe(true);
    const bottom = (await row(page, 3).boundingBox())!;
    expect((await row(page, 4).boundingBox())!.y).toBeGreaterThanOrEqual(bottom.y + bottom.height - 1);
    await page.keyboard.press('ArrowLeft');
    await row(page, 3).getByRole('progressbar').waitFor({ state: 'detached' });
    await expect
      .poll(async () => (await row(page, 4).boundingBox())!.y - (await row(page, 3).boundingBox())!.y)
      .toBe(28);
    await page.getByRole('button', { name: 'Unfold shot 5, job 5' }).click();
    await row(page, 5).getByRole('progressbar').waitFor();
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.getByRole('tab', { name: 'Render' }).click();
    await row(page, 5).getByRole('progressbar').waitFor();
  });

  it('changes of many rows only the one whose job has changed', async () => {
    const { host, page } = await open(sampleState({ jobs: many(40) }));
    await job(page, 2).waitFor();
    await page.evaluate(() => {
      const touched = new Set<string>();
      Object.assign(window, { touched });
      new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          touched.add(element?.closest('[data-job]')?.getAttribute('data-job') ?? 'list');
        }
      }).observe(document.querySelector('.queue-rows')!, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    for (let done = 1; done <= 10; done++) host.tell({ type: 'job', job: queued(2, { frames: sampleCounts(done) }) });
    await expect.poll(() => cell(page, 2, 'frames').innerText()).toBe('10 / 48');
    expect(await page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched])).toEqual(['2']);
  });

  it('sorts by a column and back to run order, and lets columns be chosen and resized, for good', async () => {
    const { page } = await open(
      sampleState({ jobs: [...many(20, (id) => ({ frames: sampleCounts(id), priority: id === 7 ? 9 : 0 }))] }),
    );
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 3))).toEqual([7, 1, 2]);
    const done = page.getByRole('columnheader', { name: 'Done' });
    await done.getByRole('button').click();
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 3))).toEqual([20, 19, 18]);
    expect(await done.getAttribute('aria-sort')).toBe('descending');
    await done.getByRole('button').click();
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 3))).toEqual([1, 2, 3]);
    await page.reload();
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 3))).toEqual([1, 2, 3]);
    await done.getByRole('button').click();
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 3))).toEqual([7, 1, 2]);
    // A wider queue has room for more of them.
    const edge = page.getByRole('separator', { name: 'Width of the queue' });
    await edge.focus();
    for (let press = 0; press < 30; press++) await page.keyboard.press('ArrowRight');
    await page.getByRole('columnheader', { name: 'State' }).waitFor();
    await page.getByRole('columnheader', { name: 'Name' }).click({ button: 'right' });
    await page.getByRole('menuitemcheckbox', { name: 'Number' }).click();
    await page.getByRole('columnheader', { name: 'Number' }).waitFor();
    const width = page.getByRole('separator', { name: 'Width of Frames' });
    const before = Number(await width.getAttribute('aria-valuenow'));
    await width.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => width.getAttribute('aria-valuenow')).toBe(String(before + 8));
    const at = (await width.boundingBox())!;
    await page.mouse.move(at.x + 3, at.y + 6);
    await page.mouse.down();
    await page.mouse.move(at.x - 17, at.y + 6, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => width.getAttribute('aria-valuenow')).toBe(String(before + 28));
    await page.reload();
    await page.getByRole('columnheader', { name: 'Number' }).waitFor();
    expect(await width.getAttribute('aria-valuenow')).toBe(String(before + 28));
  });

  it('takes columns to another place by keyboard, menu and mouse, for good, and back to the usual', async () => {
    const { page } = await open(sampleState({ jobs: many(20) }));
    await page.setViewportSize({ width: 1600, height: 900 });
    const head = (name: string) => page.getByRole('columnheader', { name });
    const edge = page.getByRole('separator', { name: 'Width of the queue' });
    await edge.focus();
    for (let press = 0; press < 30; press++) await page.keyboard.press('ArrowRight');
    await head('State').waitFor();
    const heads = (): Promise<string[]> => page.getByRole('columnheader').evaluateAll(namesOf);
    const cells = (): Promise<string[]> => row(page, 1).locator('.cell').evaluateAll(namesOf);
    const usual = ['thumbnail', 'name', 'frames', 'percent', 'timeLeft', 'priority', 'state'];
    expect(await heads()).toEqual(usual);
    const sort = head('State').getByRole('button');
    await sort.focus();
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(heads).toEqual(['thumbnail', 'name', 'frames', 'percent', 'timeLeft', 'state', 'priority']);
    expect(await sort.evaluate((one) => one === document.activeElement)).toBe(true);
    await head('Done').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Move Right' }).click();
    await expect.poll(heads).toEqual(['thumbnail', 'name', 'frames', 'timeLeft', 'percent', 'state', 'priority']);
    const [from, to] = [(await sort.boundingBox())!, (await head('Name').boundingBox())!];
    await page.mouse.move(from.x + from.width / 2, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + 8, { steps: 5 });
    await page.locator('.head-name.head-drop-left').waitFor();
    await page.mouse.up();
    const moved = ['thumbnail', 'state', 'name', 'frames', 'timeLeft', 'percent', 'priority'];
    await expect.poll(heads).toEqual(moved);
    expect(await cells()).toEqual(moved);
    // That was no press.
    expect(await head('State').getAttribute('aria-sort')).toBeNull();
    // Left of the name it grows to its right.
    const width = page.getByRole('separator', { name: 'Width of State' });
    const before = Number(await width.getAttribute('aria-valuenow'));
    await width.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => width.getAttribute('aria-valuenow')).toBe(String(before + 8));
    await page.reload();
    await expect.poll(heads).toEqual(moved);
    await sort.click();
    await expect.poll(() => head('State').getAttribute('aria-sort')).toBe('ascending');
    await head('Name').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Usual Columns' }).click();
    await expect.poll(heads).toEqual(usual);
  });

  it('finds jobs by name, scene, number and reason, and by their states', async () => {
    const { host, page } = await open(
      sampleState({
        jobs: [
          ...many(20),
          ended(21, 'failed', { name: 'robot', reason: 'the disk is full' }),
          ended(22, 'completed'),
          sampleJob({ id: 23, name: 'lamp', state: 'queued', position: 23 }, { scene: '/scenes/kitchen.blend' }),
        ],
      }),
    );
    await job(page, 1).waitFor();
    await page.keyboard.press('Control+f');
    await expect.poll(() => search(page).evaluate((field) => field === document.activeElement)).toBe(true);
    for (const [text, found] of [
      ['robot', [21]],
      ['KITCHEN', [23]],
      ['#7', [7]],
      ['disk full', [21]],
      ['shot 12', [12]],
    ] as const) {
      await search(page).fill(text);
      await expect.poll(() => order(page)).toEqual(found);
    }
    await search(page).fill('nothing of the kind');
    await page.getByText('No job has “nothing of the kind” in its name, scene, number or reason.').waitFor();
    await page.getByRole('button', { name: 'Show All Jobs' }).click();
    const failedChip = page.getByRole('button', { name: 'Failed 1' });
    await failedChip.click();
    await expect.poll(() => order(page)).toEqual([21]);
    // What has failed since is listed, too, and counted.
    host.tell({ type: 'job', job: ended(2, 'failed') });
    await expect.poll(() => order(page)).toEqual([2, 21].toSorted((a, b) => b - a));
    await page.getByRole('button', { name: 'Failed 2' }).click();
    await search(page).focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => order(page).then((ids) => ids.length)).toBeGreaterThan(15);
    expect(asked(host, 'job.cancel')).toEqual([]);
  });

  it('selects several jobs by mouse and by keyboard', async () => {
    const { page } = await open(sampleState({ jobs: many(20) }));
    await job(page, 3).click();
    await job(page, 6).click({ modifiers: ['Shift'] });
    expect(await selected(page)).toEqual([3, 4, 5, 6]);
    await job(page, 4).click({ modifiers: ['Control'] });
    expect(await selected(page)).toEqual([3, 5, 6]);
    await job(page, 9).click();
    expect(await selected(page)).toEqual([]);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    expect(await selected(page)).toEqual([9, 10, 11]);
    await page.keyboard.press('Shift+ArrowUp');
    expect(await selected(page)).toEqual([9, 10]);
    // The focus goes on alone, and takes one in.
    await page.keyboard.press('Control+ArrowDown');
    await page.keyboard.press('Control+ArrowDown');
    await expect.poll(() => job(page, 12).evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => selected(page)).toEqual([9, 10, 12]);
    await page.keyboard.press('Control+a');
    await page.getByRole('status').getByText('20 selected').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => selected(page)).toEqual([]);
  });

  it('does one thing with all that are selected, tells it once, and takes it back', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [...many(14), sampleJob({ id: 15, name: 'shot 15', position: 15 }), ended(16, 'failed')] }),
      obeys,
    );
    const tool = (name: string) => page.getByRole('toolbar', { name: 'Selected jobs' }).getByRole('button', { name });
    await job(page, 13).click();
    await job(page, 16).click({ modifiers: ['Shift'] });
    await tool('Pause selected jobs').click();
    // The last first, so that no worker begins with one that is about to be stopped.
    await expect.poll(() => asked(host, 'job.pause')).toEqual([{ id: 15 }, { id: 14 }, { id: 13 }]);
    await tool('Resume selected jobs').click();
    await expect.poll(() => asked(host, 'job.resume')).toEqual([{ id: 13 }, { id: 14 }, { id: 15 }]);
    await expect.poll(() => tool('Resume selected jobs').isDisabled()).toBe(true);
    await tool('Cancel selected jobs').click();
    await messages(page).getByText('3 jobs were cancelled: no frame had been rendered.').waitFor();
    expect(await messages(page).locator('.message').count()).toBe(1);
    await page.keyboard.press('Control+z');
    await expect.poll(() => asked(host, 'job.requeue').length).toBe(3);
    expect(await messages(page).locator('.message').count()).toBe(0);
    await job(page, 1).click();
    await job(page, 3).click({ modifiers: ['Shift'] });
    await job(page, 2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Priority…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Priority of 3 Jobs' });
    await dialog.getByRole('textbox', { name: 'Priority' }).fill('1000');
    await dialog.getByText('A priority is a whole number from −100 to 100.').waitFor();
    await dialog.getByRole('textbox', { name: 'Priority' }).fill('7');
    await page.keyboard.press('Enter');
    await messages(page).getByText('3 jobs now have priority +7.').waitFor();
    await page.getByRole('region', { name: 'Queue' }).getByRole('heading', { name: 'Priority +7' }).waitFor();
    await messages(page).getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(() => asked(host, 'job.edit').slice(3))
      .toEqual([1, 2, 3].map((id) => ({ id, changes: { priority: 0 } })));
  });

  it('tells what failed for several jobs once for each reason', async () => {
    const { host, page } = await open(sampleState({ jobs: many(14) }), (script) => {
      script.answers['job.pause'] = ({ id }: { id: number }) => failed(`Job ${id} is locked: try again later.`);
    });
    await job(page, 1).click();
    await job(page, 4).click({ modifiers: ['Shift'] });
    await page.getByRole('button', { name: 'Pause selected jobs' }).click();
    await messages(page).getByText('4 jobs could not be paused: Job N is locked: try again later.').waitFor();
    expect(await messages(page).locator('.message').count()).toBe(1);
    host.answers['job.pause'] = ({ id }: { id: number }) => ok(queued(id, { state: 'paused' }));
    await page.getByRole('button', { name: 'Pause selected jobs' }).click();
    await messages(page).locator('.message').waitFor({ state: 'detached' });
  });

  it('asks once before several jobs are deleted, leaves those that render, and brings all back', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [...many(13), sampleJob({ id: 14, name: 'shot 14', position: 14 })] }),
      obeys,
    );
    await page.clock.install();
    await job(page, 12).click();
    await job(page, 14).click({ modifiers: ['Shift'] });
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete 2 Jobs' });
    await dialog.getByText('1 more is rendering and stays: cancel it first.').waitFor();
    await dialog.getByText('Also delete their 2 files (1.0 kB)').waitFor();
    await dialog.getByRole('button', { name: 'Delete 2 Jobs' }).click();
    await messages(page).getByText('2 jobs are deleted.').waitFor();
    expect(await job(page, 12).count()).toBe(0);
    await page.keyboard.press('Control+z');
    await job(page, 12).waitFor();
    await page.clock.fastForward(20_000);
    expect(asked(host, 'job.remove')).toEqual([]);
    // A window that is closed in time has deleted nothing.
    await job(page, 1).click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete Job', exact: true }).click();
    await job(page, 1).waitFor({ state: 'detached' });
    await expect.poll(() => job(page, 2).evaluate((one) => one === document.activeElement)).toBe(true);
    await page.reload();
    await job(page, 1).waitFor();
    expect(asked(host, 'job.remove')).toEqual([]);
  });

  it('clears what has finished, older jobs too, and leaves what failed unless that is ticked', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [...many(12), ended(13, 'completed'), ended(14, 'failed'), ended(15, 'completed')] }),
      (script) => {
        obeys(script);
        script.answers['job.list'] = ({ states, offset = 0 }: { states: JobState[]; offset?: number }) => {
          // Older ones than the window lists.
          const all = [
            ended(15, 'completed'),
            ended(13, 'completed'),
            ended(500, 'completed'),
            ended(14, 'failed'),
            ended(501, 'cancelled'),
          ].filter(({ state }) => states.includes(state));
          return ok({ jobs: all.slice(offset, offset + 2), total: all.length });
        };
      },
    );
    await page.clock.install();
    await page.getByRole('button', { name: 'View of the queue' }).click();
    await page.getByRole('menuitem', { name: 'Clear Finished…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Clear Finished' });
    await dialog.getByRole('checkbox', { name: 'Completed (3)', checked: true }).waitFor();
    await dialog.getByRole('checkbox', { name: 'Cancelled (1)', checked: true }).waitFor();
    expect(await dialog.getByRole('checkbox', { name: 'Failed (1)' }).isChecked()).toBe(false);
    await dialog.getByRole('button', { name: 'Clear' }).click();
    await messages(page).getByText('4 jobs are deleted.').waitFor();
    await expect.poll(() => order(page).then((ids) => ids.filter((id) => id > 12))).toEqual([14]);
    await page.clock.fastForward(10_000);
    await expect
      .poll(() => asked(host, 'job.remove').map((input) => (input as { id: number }).id))
      .toEqual([15, 13, 500, 501]);
    expect(asked(host, 'job.list').at(-1)).toMatchObject({ states: ['completed', 'cancelled'], order: 'finished' });
  });

  it('says how many images are rendered anew before they are, by a menu and by an edit', async () => {
    const paused = queued(3, { state: 'paused', startedAt: 1, frames: sampleCounts(40) });
    const { host, page } = await open(
      sampleState({
        jobs: [paused, ...many(12).slice(3), ended(20, 'completed'), ended(21, 'failed'), queued(22)],
      }),
      obeys,
    );
    const question = page.getByRole('dialog', { name: 'Render All Frames Again' });
    await job(page, 3).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Render All Frames Again' }).click();
    await question.getByText('40 images that are done are rendered anew.').waitFor();
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    expect(asked(host, 'job.requeue')).toEqual([]);
    await job(page, 20).click();
    for (const id of [21, 22]) await job(page, id).click({ modifiers: ['Control'] });
    await job(page, 20).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Render All Frames Again (2)' }).click();
    await question.getByText('60 images that are done are rendered anew.').waitFor();
    await question.getByRole('button', { name: 'Render All Again' }).click();
    await expect
      .poll(() => asked(host, 'job.requeue'))
      .toEqual([
        { id: 20, frames: 'all' },
        { id: 21, frames: 'all' },
      ]);

    await job(page, 3).click();
    await page.keyboard.press('F2');
    const editor = page.getByRole('dialog', { name: /^Edit shot 3/ });
    await editor.getByRole('textbox', { name: 'Note' }).fill('tried twice');
    expect(await editor.getByText('rendered anew').count()).toBe(0);
    await editor.getByRole('textbox', { name: 'Samples' }).fill('7');
    await editor.getByText('40 images that are done are rendered anew.').waitFor();
  });

  it('lets go of what is selected by Esc, wherever the focus is, before of what renders', async () => {
    const { host, page } = await open(
      sampleState({ jobs: [sampleJob({ id: 1, name: 'shot 1', position: 1 }), ...many(14).slice(1)] }),
      obeys,
    );
    await job(page, 3).click();
    await job(page, 5).click({ modifiers: ['Shift'] });
    await page.locator('.viewer-stage').click();
    // An open menu and a field have it before.
    await page.getByRole('menuitem', { name: 'View' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Current frame' }).press('Escape');
    expect(await selected(page)).toEqual([3, 4, 5]);
    await page.locator('.viewer-stage').click();
    await page.keyboard.press('Escape');
    await expect.poll(() => selected(page)).toEqual([]);
    await job(page, 1).click();
    const strip = page.getByRole('slider', { name: 'Frames' });
    await strip.click({ position: { x: 40, y: 10 } });
    await strip.click({ position: { x: 120, y: 10 }, modifiers: ['Shift'] });
    await page.locator('.viewer-stage').click();
    await page.keyboard.press('Escape');
    await strip.focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu', { name: /^Frame \d+$/ }).waitFor();
    await page.keyboard.press('Escape');
    expect(asked(host, 'job.cancel')).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => asked(host, 'job.cancel')).toEqual([{ id: 1 }]);
  });

  it('keeps the way back of each deletion, though it is told in the same words', async () => {
    const { host, page } = await open(sampleState({ jobs: many(14) }), obeys);
    await page.clock.install();
    const remove = async (from: number, to: number): Promise<void> => {
      await job(page, from).click();
      await job(page, to).click({ modifiers: ['Shift'] });
      await page.keyboard.press('Delete');
      await page.getByRole('button', { name: 'Delete 2 Jobs', exact: true }).click();
      await job(page, to).waitFor({ state: 'detached' });
    };
    await remove(1, 2);
    await remove(5, 6);
    expect(await messages(page).getByText('2 jobs are deleted.').count()).toBe(2);
    await page.keyboard.press('Control+z');
    await job(page, 5).waitFor();
    await page.keyboard.press('Control+z');
    await job(page, 1).waitFor();
    await page.clock.fastForward(20_000);
    expect(asked(host, 'job.remove')).toEqual([]);
  });

  it('keeps the way back of each change of priority', async () => {
    const { host, page } = await open(sampleState({ jobs: many(14) }), obeys);
    const given = () => asked(host, 'job.edit') as { id: number; changes: { priority: number } }[];
    const give = async (from: number, to: number): Promise<void> => {
      await job(page, from).click();
      await job(page, to).click({ modifiers: ['Shift'] });
      await job(page, from).click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Priority…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('7');
      await dialog.getByRole('textbox').press('Enter');
      await expect.poll(() => given().at(-1)).toEqual({ id: to, changes: { priority: 7 } });
      await dialog.waitFor({ state: 'detached' });
    };
    await give(1, 2);
    await give(5, 6);
    await expect.poll(() => messages(page).getByText('2 jobs now have priority +7.').count()).toBe(2);
    for (const [count, id] of [
      [6, 6],
      [8, 2],
    ]) {
      await page.keyboard.press('Control+z');
      await expect.poll(() => given().length).toBe(count);
      expect(given().at(-1)).toEqual({ id, changes: { priority: 0 } });
    }
  });

  /** Types into the search and does something in the same task, before the list has followed. */
  const searchAnd = (page: Page, text: string, then: (field: HTMLInputElement) => void): Promise<void> =>
    page.evaluate(
      ([typed, source]) => {
        const field = document.querySelector<HTMLInputElement>('.queue-search input')!;
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, typed);
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        // oxlint-disable-next-line no-new-func
        (new Function(`return (${source})`)() as (field: HTMLInputElement) => void)(field);
      },
      [text, String(then)] as const,
    );

  const rendering = (id: number): Job => sampleJob({ id, name: `shot ${id}`, position: id });

  it('leaves the list where it is scrolled to, though what had the focus is no longer drawn', async () => {
    const finished = Array.from({ length: 40 }, (_, at) => ended(301 + at, 'completed'));
    const { page } = await open(sampleState({ jobs: [...many(300), ...finished] }));
    await job(page, 5).click();
    const list = page.locator('.queue-list');
    await list.evaluate((one) => one.scrollTo({ top: 8_200 }));
    const heading = page.locator('.queue-finished');
    await heading.click();
    await expect.poll(() => heading.getAttribute('aria-expanded')).toBe('false');
    const top = await list.evaluate(async (one) => {
      one.scrollTo({ top: 4_000 });
      // It is drawn anew with the scroll, and by what follows from that.
      for (let frames = 0; frames < 5; frames++) await new Promise(requestAnimationFrame);
      return one.scrollTop;
    });
    expect(top).toBe(4_000);
    expect(await heading.count()).toBe(0);
  });

  it('goes to what is rendering before the list has followed what is searched for', async () => {
    const { page } = await open(sampleState({ jobs: [...many(300), rendering(301), rendering(302)] }));
    await job(page, 1).click();
    await page.keyboard.press('Control+f');
    await searchAnd(page, 'shot 1', (field) => {
      for (let times = 0; times < 2; times++)
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'g', code: 'KeyG', ctrlKey: true, bubbles: true }));
    });
    await expect.poll(() => search(page).inputValue()).toBe('');
    await expect.poll(() => job(page, 300).count()).toBe(1);
    expect(await job(page, 302).getAttribute('aria-current')).toBe('true');
    expect(await job(page, 302).evaluate((one) => one === document.activeElement)).toBe(true);
  });

  it('goes to what is rendering, one after the other', async () => {
    const { page } = await open(sampleState({ jobs: [...many(300), rendering(301), rendering(302)] }));
    await job(page, 1).click();
    await search(page).fill('shot 1');
    await page.keyboard.press('Control+g');
    await expect.poll(() => job(page, 301).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('Control+g');
    await expect.poll(() => job(page, 302).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('Control+g');
    await expect.poll(() => job(page, 301).getAttribute('aria-current')).toBe('true');
    // The focus stays there however far the list is scrolled.
    await expect.poll(() => job(page, 301).evaluate((one) => one === document.activeElement)).toBe(true);
    await page.locator('.queue-list').evaluate((list) => list.scrollTo({ top: 0 }));
    await job(page, 1).waitFor();
    await expect.poll(() => job(page, 150).count()).toBe(0);
    expect(await job(page, 301).evaluate((one) => one === document.activeElement)).toBe(true);
    // That was shown once: who comes back finds what was searched for.
    await page.keyboard.press('Control+f');
    await search(page).fill('shot 12');
    await expect.poll(() => order(page).then((ids) => ids[0])).toBe(12);
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await search(page).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Render' }).click();
    await job(page, 12).waitFor();
    expect(await search(page).inputValue()).toBe('shot 12');
  });

  it('takes keys at once after the focused row was scrolled far away, and brings the focus back into sight', async () => {
    const { page } = await open(sampleState({ jobs: many(2_000) }));
    await job(page, 5).click();
    const list = page.locator('.queue-list');
    const inSight = (id: number): Promise<boolean> =>
      row(page, id).evaluate((one) => {
        const [{ top, bottom }, box] = [
          one.getBoundingClientRect(),
          one.closest('.queue-list')!.getBoundingClientRect(),
        ];
        return top >= box.top && bottom <= box.bottom + 1;
      });
    let at = 5;
    for (const [keys, expected] of [
      [['ArrowDown'], () => at + 1],
      [['ArrowDown', 'ArrowDown', 'ArrowDown'], () => at + 3],
      [['ArrowUp', 'ArrowUp'], () => at - 2],
      [['PageDown', 'PageDown'], () => at + 20],
      [['PageUp'], () => at - 10],
      [['Home'], () => 1],
      [['Home'], () => 1],
      [['ArrowUp'], () => 1],
      [['End'], () => 2_000],
      [['End'], () => 2_000],
      [['ArrowDown'], () => 2_000],
      [['ArrowUp'], () => at - 1],
    ] as const) {
      for (const far of [30_000, 20_000]) {
        await list.evaluate((element, top) => (element.scrollTop = top), far);
        for (const key of keys) await page.keyboard.press(key);
        at = expected();
        const what = `${keys.join(', ')} after ${far}`;
        await expect.poll(() => focusedId(page), { message: what, timeout: 10_000 }).toBe(at);
        await expect.poll(() => inSight(at), { message: what, timeout: 10_000 }).toBe(true);
      }
    }
    // The focus that was brought back once is not brought back again.
    await job(page, 1_998).press('Home');
    await job(page, 1).press('Home');
    await search(page).fill('shot 1');
    await expect.poll(() => row(page, 2).count()).toBe(0);
    expect(await search(page).evaluate((one) => one === document.activeElement)).toBe(true);
  });

  it('takes keys and clicks for the list as it is searched now, before it is drawn', async () => {
    const { page } = await open(sampleState({ jobs: many(300) }));
    const drawn = (id: number): Promise<void> => expect.poll(() => row(page, id).count()).toBe(0);
    await job(page, 2).click();
    await searchAnd(page, 'shot 1', () => {
      const last = document.querySelector('[data-job="11"] .job-select')!;
      last.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));
    });
    await drawn(3);
    // Job 2, where the range would begin, is not looked for.
    expect(await selected(page)).toEqual([]);
    expect(await job(page, 11).getAttribute('aria-current')).toBe('true');

    // All that are listed again, not those that the search of a moment ago had.
    await searchAnd(page, '', () => {
      const first = document.querySelector<HTMLElement>('[data-job="1"] .job-select')!;
      first.focus();
      first.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true }));
    });
    await row(page, 2).waitFor();
    await page.getByText('300 selected').waitFor();
    await page.keyboard.press('Escape');

    // The next one down is the next one that is looked for, and has the focus.
    await searchAnd(page, 'shot 2', () => {
      const second = document.querySelector<HTMLElement>('[data-job="2"] .job-select')!;
      second.focus();
      second.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    });
    await expect.poll(() => focusedId(page), { timeout: 10_000 }).toBe(12);
    expect(await job(page, 12).getAttribute('aria-current')).toBe('true');
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 2))).toEqual([2, 12]);
  });

  it('keeps the focus on a job whose row is drawn as a card', async () => {
    const { host, page } = await open(sampleState({ jobs: many(12) }));
    await job(page, 5).click();
    // One more than are drawn as cards.
    host.tell({ type: 'job', job: queued(13) });
    await expect.poll(() => page.locator('.queue-as-rows').count()).toBe(1);
    await expect.poll(() => job(page, 5).evaluate((one) => one === document.activeElement)).toBe(true);
  });

  it('keeps the focus on what belongs to a row, however far that is scrolled away', async () => {
    const { page } = await open(sampleState({ jobs: many(300) }));
    await row(page, 3).locator('.row-tool').focus();
    await page.locator('.queue-list').evaluate((list) => (list.scrollTop = 5_000));
    await expect.poll(() => row(page, 20).count()).toBe(0);
    expect(await row(page, 3).evaluate((one) => one.contains(document.activeElement))).toBe(true);
  });

  it('moves several jobs at once, says before they are let go what priority they get, and takes it back', async () => {
    const { host, page } = await open(
      sampleState({ jobs: many(14, (id) => ({ priority: id <= 2 ? 5 : 0 })) }),
      movable,
    );
    await job(page, 5).click();
    await job(page, 6).click({ modifiers: ['Shift'] });
    const [from, to] = [(await job(page, 5).boundingBox())!, (await row(page, 2).boundingBox())!];
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 20, from.y - 10, { steps: 4 });
    await page.mouse.move(to.x + 60, to.y + 6, { steps: 8 });
    // A pointer at rest goes on telling where it is; one that is driven has to be moved.
    for (const x of [61, 62, 63]) await page.mouse.move(to.x + x, to.y + 6);
    await expect.poll(() => row(page, 2).getAttribute('data-drop')).toBe('Priority 0 → +5');
    expect(asked(host, 'job.move')).toEqual([]);
    await page.mouse.up();
    await messages(page)
      .getByText('2 jobs were moved. They now have priority +5, like the jobs around them.')
      .waitFor();
    expect(asked(host, 'job.move')).toEqual([
      { id: 5, before: 2, priority: 'take' },
      { id: 6, before: 2, priority: 'take' },
    ]);
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 6))).toEqual([1, 5, 6, 2, 3, 4]);
    await messages(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 6))).toEqual([1, 2, 3, 4, 5, 6]);
    // A drag whose end is never told moves nothing once files are dropped.
    const moves = asked(host, 'job.move').length;
    const drag = (type: string, id: number, file = false): Promise<void> =>
      row(page, id)
        .locator('.job-select')
        .evaluate(
          (element, [kind, isFile]) => {
            const dataTransfer = new DataTransfer();
            if (isFile) dataTransfer.items.add(new File(['text'], 'notes.txt'));
            else if (kind !== 'dragstart') dataTransfer.setData('application/x-framegauge-job', '5');
            element.dispatchEvent(
              new DragEvent(kind as string, { dataTransfer, bubbles: true, cancelable: true, clientY: 1 }),
            );
          },
          [type, file] as const,
        );
    await drag('dragstart', 6);
    await drag('dragover', 2);
    await expect.poll(() => row(page, 2).getAttribute('data-drop')).toBe('Priority 0 → +5');
    await drag('drop', 2, true);
    await page.getByText('“notes.txt” is not a scene').waitFor();
    expect(asked(host, 'job.move').length).toBe(moves);
  });

  it('moves several jobs to the top, each of its own priority', async () => {
    const { page } = await open(sampleState({ jobs: many(14, (id) => ({ priority: id <= 4 ? 5 : 0 })) }), movable);
    await job(page, 3).click();
    for (const id of [4, 13]) await job(page, id).click({ modifiers: ['Control'] });
    await job(page, 3).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Move to Top' }).click();
    await messages(page).getByText('3 jobs were moved.').waitFor();
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 6))).toEqual([3, 4, 1, 2, 13, 5]);
    await page.keyboard.press('Control+z');
    await expect.poll(() => order(page)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('takes back what was moved before a move failed', async () => {
    const { page } = await open(sampleState({ jobs: many(14, (id) => ({ priority: id <= 2 ? 5 : 0 })) }), (script) => {
      movable(script);
      const move = script.answers['job.move'] as (input: { id: number }) => ReturnType<typeof ok>;
      let fails = true;
      script.answers['job.move'] = (input: { id: number; before: number | null }) => {
        if (!fails || input.id === 12) return move(input);
        fails = false;
        return failed('The job is locked.');
      };
    });
    await job(page, 12).click();
    await job(page, 13).click({ modifiers: ['Shift'] });
    await page.keyboard.press('Alt+Home');
    await messages(page).getByText('The job is locked.').waitFor();
    await messages(page).getByText('shot 12 (job 12) was moved.').waitFor();
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 4))).toEqual([1, 2, 12, 3]);
    await page.keyboard.press('Control+z');
    await expect.poll(() => order(page).then((ids) => ids.slice(0, 4))).toEqual([1, 2, 3, 4]);
  });

  it('takes back a priority that was given where the move after it failed', async () => {
    const priorities = many(14, (id) => ({ priority: id <= 2 ? 5 : 0 }));
    const { host, page } = await open(sampleState({ jobs: priorities }), (script) => {
      movable(script);
      const move = script.answers['job.move']!;
      let fails = true;
      script.answers['job.move'] = (input: never) => {
        if (!fails) return move(input);
        fails = false;
        return failed('The job is locked.');
      };
    });
    await job(page, 3).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await messages(page).getByText('Press Alt+↑ once more').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await messages(page).getByText('shot 3 (job 3) now has priority +5').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => asked(host, 'job.move').at(-1)).toEqual({ id: 3, before: 4, priority: 'take' });
  });

  it('keeps the way back of a job that is moved step by step for as long after the last step', async () => {
    const { page } = await open(sampleState({ jobs: many(14) }), movable);
    await page.clock.install();
    await job(page, 9).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await messages(page).getByText('shot 9 (job 9) was moved.').waitFor();
    await page.clock.fastForward(6_000);
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => order(page).then((ids) => ids.indexOf(9))).toBe(6);
    await page.clock.fastForward(6_000);
    await page.keyboard.press('Control+z');
    await expect.poll(() => order(page).then((ids) => ids.indexOf(9))).toBe(8);
  });

  it('tells once what ended of the same cause, and no longer once that is over', async () => {
    const { host, page } = await open(sampleState({ jobs: many(30, () => ({ state: 'rendering' })) }));
    await job(page, 1).waitFor();
    const full = (id: number): Job => ended(id, 'failed', { reason: `frame ${id}: the disk is full` });
    for (let id = 1; id <= 20; id++) host.tell({ type: 'job', job: full(id) });
    host.tell({ type: 'job', job: ended(21, 'failed', { reason: 'the scene is gone' }) });
    for (let id = 22; id <= 25; id++) host.tell({ type: 'job', job: ended(id, 'completed') });
    await messages(page)
      .getByText('20 jobs failed (shot 1, shot 2 and 18 others): frame 1: the disk is full')
      .waitFor();
    await messages(page).getByText('shot 21 failed: the scene is gone').waitFor();
    await messages(page).getByText('4 jobs are done, with 192 frames rendered').waitFor();
    expect(await messages(page).locator('.message').count()).toBe(3);
    await messages(page).getByRole('button', { name: 'Show' }).click();
    await page.getByRole('status').getByText('20 selected').waitFor();
    // They are rendered again, all but one.
    for (let id = 1; id < 20; id++) host.tell({ type: 'job', job: queued(id) });
    await messages(page).getByText('shot 21 failed').waitFor();
    host.tell({ type: 'job', job: ended(30, 'failed', { reason: 'frame 7: the disk is full' }) });
    await messages(page).getByText('shot 30 failed: frame 7: the disk is full').waitFor();
    host.tell({ type: 'job', job: queued(30) });
    await messages(page).getByText('shot 30 failed').waitFor({ state: 'detached' });
  });

  it('shows a sentence of the host that comes several times once', async () => {
    const { host, page } = await open(sampleState({ jobs: many(2) }));
    for (const id of [1, 2, 3])
      host.tell({
        type: 'notice',
        notice: { id, level: 'warning', text: 'The disk of /renders is nearly full.', at: id },
      });
    host.tell({ type: 'notice', notice: { id: 4, level: 'info', text: 'The machine woke up.', at: 4 } });
    await messages(page).getByText('The machine woke up.').waitFor();
    expect(await messages(page).getByText('The disk of /renders is nearly full.').count()).toBe(1);
  });

  it('has nothing that axe objects to, in any of its states', async () => {
    const { page } = await open(
      sampleState({
        scene: sampleScene(),
        jobs: [
          ...many(20, (id) => ({ priority: id % 3, secondsLeft: id * 60, state: id % 4 === 0 ? 'paused' : 'queued' })),
          sampleJob({
            id: 21,
            name: 'shot 21',
            position: 0,
            frames: sampleCounts(12, 2),
            warnings: ['A texture is missing.'],
          }),
          ended(22, 'failed', { reason: 'the disk is full' }),
          ended(23, 'completed'),
          ended(24, 'cancelled'),
        ],
      }),
      obeys,
    );
    const check = async (state: string): Promise<void> => {
      const findings = await axeFindings(page, '.queue, dialog, .popup-menu, .messages');
      expect({ state, findings }).toEqual({ state, findings: [] });
    };
    await job(page, 1).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await job(page, 1).click();
    await page.keyboard.press('ArrowRight');
    await row(page, 1).getByRole('progressbar').waitFor();
    await check('a row unfolded');
    await job(page, 2).click();
    await job(page, 7).click({ modifiers: ['Control'] });
    await check('several selected');
    await job(page, 7).click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    await check('menu of several');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').getByText('Also delete').waitFor();
    await check('question before deleting');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete 2 Jobs' }).click();
    await messages(page).getByText('2 jobs are deleted.').waitFor();
    await check('deleted');
    await page.getByRole('button', { name: /^Paused \d/ }).click();
    await search(page).fill('shot');
    await check('searched');
    await search(page).fill('zebra');
    await page.getByText('No job has').waitFor();
    await check('nothing found');
    await page.getByRole('button', { name: 'Show All Jobs' }).click();
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await check('sorted');
    await page.getByRole('button', { name: 'View of the queue' }).click();
    await page.getByRole('menu').waitFor();
    await check('view menu');
    await page.getByRole('menuitemcheckbox', { name: 'Cards' }).click();
    await check('cards');
    await page.getByRole('button', { name: 'View of the queue' }).click();
    await page.getByRole('menuitem', { name: 'Clear Finished…' }).click();
    await page.getByRole('dialog').waitFor();
    await check('clear finished');
  });
});
