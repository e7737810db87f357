import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationReply } from '../../src/shared/host-api';
import { needs } from '../helpers/needs';
import { sampleFrame, sampleJob, sampleScene, sampleState } from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { ok } from './scripted-host';

const queue = (page: Page) => page.getByRole('region', { name: 'Queue' });
const notices = [1, 2].map((id) => ({ id, level: 'warning' as const, text: `Notice ${id}.`, at: id }));

needs.chromium('a page that is loaded again', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('has the jobs that were selected, the workspace and the maximized area', async () => {
    const jobs = [1, 2, 3, 4].map((id) =>
      sampleJob({ id, name: `shot ${id}`, state: 'queued', position: id, createdAt: id }),
    );
    const { page, faults } = await openPage(browser, sampleState({ scene: sampleScene(), jobs }));
    const card = (id: number) => queue(page).getByRole('button', { name: new RegExp(`, job ${id}, `) });
    await card(1).click();
    await card(3).click({ modifiers: ['Control'] });
    await queue(page).getByText('2 selected').waitFor();
    await page.mouse.move(200, 300);
    await page.keyboard.press('Control+Space');
    await page.getByRole('region', { name: 'Properties' }).waitFor({ state: 'detached' });
    await page.reload();
    await queue(page).getByText('2 selected').waitFor();
    expect(await page.getByRole('region').evaluateAll((areas) => areas.map((area) => area.ariaLabel))).toEqual([
      'Queue',
      'Messages',
    ]);
    const selected = page.locator('[data-job][aria-selected="true"]');
    expect(await selected.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-job')))).toEqual(['1', '3']);

    await page.keyboard.press('Control+Space');
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.reload();
    await page.getByRole('tab', { name: 'Statistics', selected: true }).waitFor();
    await page.getByRole('tab', { name: 'Render', exact: true }).click();
    await page.getByRole('region', { name: 'Properties' }).waitFor();
    await queue(page).getByText('2 selected').waitFor();
    expect(faults).toEqual([]);
  });

  it('does not show notices again that were dismissed, but those of a host that has started anew', async () => {
    const { host, page } = await openPage(browser, sampleState({ scene: sampleScene(), notices }));
    const messages = page.getByRole('region', { name: 'Messages' });
    const dismiss = async (text: string): Promise<void> => {
      await messages.locator('.message', { hasText: text }).getByRole('button', { name: 'Dismiss' }).click();
      await messages.getByText(text).waitFor({ state: 'detached' });
    };
    await dismiss('Notice 1.');
    await page.reload();
    await messages.getByText('Notice 2.').waitFor();
    expect(await messages.getByText('Notice 1.').count()).toBe(0);

    // Its cause is gone.
    host.tell({ type: 'notice-gone', id: 2 });
    await messages.getByText('Notice 2.').waitFor({ state: 'detached' });

    host.state = sampleState({ scene: sampleScene(), notices: [{ ...notices[0]!, text: 'Another.', at: 77 }] });
    host.cutOff(true);
    host.cutOff(false);
    await messages.getByText('Another.').waitFor();
  });

  it('shows the job and the frame that were shown, without an open scene too', async () => {
    const jobs = [1, 2].map((id) =>
      sampleJob({ id, name: `shot ${id}`, state: 'completed', finishedAt: id, createdAt: id, lastFrame: 3 }),
    );
    const { page } = await openPage(browser, sampleState({ jobs }), undefined, (script) => {
      script.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
    });
    await queue(page)
      .getByRole('button', { name: /, job 1, / })
      .click();
    await page.getByRole('img', { name: 'shot 1, frame 3' }).waitFor();
    await page.getByRole('slider', { name: 'Frames' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('img', { name: 'shot 1, frame 2' }).waitFor();
    await page.reload();
    await page.getByRole('img', { name: 'shot 1, frame 2' }).waitFor();
  });

  it('says that the scene has changed on disk for as long as that is so', async () => {
    const scene = sampleScene();
    const { host, page } = await openPage(browser, sampleState({ scene, sceneChanged: true }));
    const changed = page.getByRole('region', { name: 'Messages' }).getByText('has changed on disk.');
    await changed.waitFor();
    const reload = page.getByRole('button', { name: 'Reload Scene' });
    expect(await reload.count()).toBe(1);
    await page.reload();
    await changed.waitFor();
    host.state = sampleState({ scene });
    host.cutOff(true);
    host.cutOff(false);
    await changed.waitFor({ state: 'detached' });
    // Who may only look is told, and offered nothing.
    host.right = 'read';
    host.state = sampleState({ scene, sceneChanged: true });
    host.cutOff(true);
    host.cutOff(false);
    await changed.waitFor();
    expect(await reload.count()).toBe(0);
  });

  it('takes back, once it is connected again, what was told of jobs and of the lost connection', async () => {
    const job = sampleJob({ id: 1, name: 'shot', state: 'rendering', lastFrame: 1 });
    let answers = false;
    const { host, page } = await openPage(browser, sampleState({ jobs: [job] }), undefined, (script) => {
      script.answers['job.frames'] = () =>
        answers ? ok([sampleFrame(1, 'done')]) : new Promise<OperationReply>(() => {});
    });
    const messages = page.getByRole('region', { name: 'Messages' });
    const lists = (): unknown[] =>
      asked(host, 'job.frames').filter((input) => !Object.hasOwn(input as object, 'states'));
    await expect.poll(() => lists().length).toBe(1);
    host.tell({ type: 'job', job: { ...job, state: 'failed', reason: 'The disk is full.', finishedAt: 9 } });
    await messages.getByText('The disk is full.').waitFor();
    // Taken up again meanwhile, by somebody else.
    answers = true;
    host.cutOff(true);
    await messages.getByText('The connection to the host was lost').waitFor();
    host.cutOff(false);
    await expect.poll(() => lists().length).toBe(2);
    await expect.poll(() => messages.locator('.message').count()).toBe(0);
  });
});
