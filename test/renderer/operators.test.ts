import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationReply } from '../../src/shared/host-api';
import type { Operator, OperatorRun } from '../../src/shared/operators';
import { needs } from '../helpers/needs';
import { sampleJob, sampleState } from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { failed, ok, type ScriptedHost } from './scripted-host';

const ENCODE: Operator = {
  id: 'video.encode',
  addonId: 'video',
  addonName: 'Video',
  label: 'Encode Video',
  description: 'Makes a video of a job’s images',
  menu: 'job',
  parameters: [
    { key: 'job', type: 'job', label: 'Job', description: '' },
    { key: 'quality', type: 'integer', label: 'Quality', description: 'More is larger.', default: 5, min: 0, max: 10 },
    { key: 'codec', type: 'enum', label: 'Codec', description: '', values: ['H.264', 'ProRes', 'GIF'] },
    { key: 'draft', type: 'boolean', label: 'Draft', description: '', default: false },
  ],
};
const TIDY: Operator = {
  id: 'tidy.up',
  addonId: 'tidy',
  addonName: 'Tidy Up',
  label: 'Delete Old Previews',
  description: '',
  menu: 'render',
  key: 'Ctrl+Shift+U',
  parameters: [],
  confirm: 'Delete previews that are older than a week?',
};
const PING: Operator = {
  id: 'tidy.ping',
  addonId: 'tidy',
  addonName: 'Tidy Up',
  label: 'Ping',
  description: '',
  menu: 'window',
  // The program's own.
  key: 'F12',
  parameters: [],
};

const RUN: OperatorRun = {
  run: 3,
  operator: 'video.encode',
  label: 'Encode Video',
  addonName: 'Video',
  state: 'running',
  progress: null,
  text: '',
  startedAt: 1,
  finishedAt: null,
  result: null,
  error: null,
};
const done = (text: string): OperatorRun => ({ ...RUN, state: 'done', finishedAt: 2, result: { text } });

needs.chromium('operators in the window', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function open(
    run: () => OperationReply = () => ok(RUN),
    right: ScriptedHost['right'] = 'control',
  ): Promise<{ host: ScriptedHost; page: Page }> {
    const { host, page } = await openPage(
      browser,
      sampleState({ jobs: [sampleJob({ id: 12, name: 'shot_010' })], operators: [ENCODE, TIDY, PING] }),
      undefined,
      (scripted) => {
        scripted.right = right;
        scripted.answers['operator.run'] = run;
      },
    );
    await page.getByText('Connected', { exact: true }).waitFor();
    return { host, page };
  }
  const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });

  it('are found by F3, with commands, by the keyboard alone', async () => {
    const { host, page } = await open();
    await page.keyboard.press('F3');
    const search = dialog(page, 'Search');
    await search.waitFor();
    expect(await search.getByRole('option').count()).toBeGreaterThan(10);
    await page.keyboard.type('video enc');
    expect(await search.getByRole('option').allTextContents()).toEqual(['Encode VideoVideo']);
    await page.keyboard.press('Enter');
    await dialog(page, 'Encode Video').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('F3');
    await page.keyboard.type('prefer');
    await page.keyboard.press('Enter');
    await dialog(page, 'Preferences').waitFor();
    expect(asked(host, 'operator.run')).toEqual([]);
  });

  it('say in the search why Enter does nothing with a command that is not possible', async () => {
    const { host, page } = await open();
    host.tell({ type: 'queue', queue: { ...host.state.queue, state: 'paused' } });
    await page.keyboard.press('F3');
    await page.keyboard.type('pause queue');
    await page.locator('[role="option"][aria-selected="true"][aria-disabled="true"]').waitFor();
    await page.keyboard.press('Enter');
    const why = (await dialog(page, 'Search').getByText('“Pause Queue” is not possible now.').boundingBox())!;
    const list = (await dialog(page, 'Search').getByRole('listbox').boundingBox())!;
    expect(why.y).toBeGreaterThanOrEqual(list.y + list.height);
    expect(asked(host, 'queue.pause')).toEqual([]);
  });

  it('have a form, which begins with what the window shows, and their result is a message', async () => {
    const { host, page } = await open();
    await page.keyboard.press('F3');
    await page.keyboard.type('encode');
    await page.keyboard.press('Enter');
    const form = dialog(page, 'Encode Video');
    expect(await form.getByLabel('Job').inputValue()).toBe('12');
    await form.getByLabel('Quality').fill('7');
    await form.getByLabel('Codec').selectOption('ProRes');
    await form.getByLabel('Draft').check();
    await form.getByRole('button', { name: 'Run' }).click();
    await form.waitFor({ state: 'detached' });
    expect(asked(host, 'operator.run')).toEqual([
      { id: 'video.encode', parameters: { job: 12, quality: '7', codec: 'ProRes', draft: true } },
    ]);
    host.tell({ type: 'operator-run', run: { ...RUN, progress: 0.4, text: 'Frame 19 of 48' } });
    await page.getByRole('progressbar', { name: 'Progress of Encode Video' }).waitFor();
    await page.getByText('Frame 19 of 48').waitFor();
    host.tell({ type: 'operator-run', run: done('shot_010.mp4 is there.') });
    await page.getByText('shot_010.mp4 is there.').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Progress of Encode Video' }).count()).toBe(0);
  });

  it('keep the form open with what the host finds wrong', async () => {
    const { page } = await open(() => failed('“70” does not fit “Quality”: the largest is 10.'));
    await page.keyboard.press('F3');
    await page.keyboard.type('encode');
    await page.keyboard.press('Enter');
    await dialog(page, 'Encode Video').getByRole('button', { name: 'Run' }).click();
    await page.getByRole('alert').getByText('the largest is 10').waitFor();
    expect(await dialog(page, 'Encode Video').count()).toBe(1);
  });

  it('stand in the menus under their add-on’s name, and run by their key, after their question', async () => {
    const { host, page } = await open();
    await page.getByRole('menuitem', { name: 'Render' }).first().click();
    const menu = page.getByRole('menu', { name: 'Render' });
    await menu.getByText('Tidy Up').waitFor();
    expect(await menu.getByRole('menuitem', { name: 'Delete Old Previews…' }).textContent()).toContain('Ctrl+Shift+U');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+U');
    const question = dialog(page, 'Delete Old Previews');
    await question.getByText('Delete previews that are older than a week?').waitFor();
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    expect(asked(host, 'operator.run')).toEqual([{ id: 'tidy.up', parameters: {} }]);
    // A key of the program stays the program's.
    await page.keyboard.press('F12');
    await page.getByRole('menuitem', { name: 'Window' }).click();
    expect(await page.getByRole('menuitem', { name: 'Ping' }).textContent()).toBe('Ping');
    expect(asked(host, 'operator.run')).toHaveLength(1);
    await page.getByRole('menuitem', { name: 'Ping' }).click();
    await expect.poll(() => asked(host, 'operator.run').length).toBe(2);
  });

  it('take the job of the menu that they were chosen in', async () => {
    const { page } = await open();
    await page
      .getByRole('option', { name: /shot_010/ })
      .or(page.getByText('shot_010').first())
      .first()
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Encode Video…' }).click();
    expect(await dialog(page, 'Encode Video').getByLabel('Job').inputValue()).toBe('12');
  });

  it('are cancelled in the status bar, and failures are told', async () => {
    const { host, page } = await open();
    host.answers['operator.cancel'] = () => ok({ ...RUN, state: 'cancelling' });
    await page.getByRole('menuitem', { name: 'Window' }).click();
    await page.getByRole('menuitem', { name: 'Ping' }).click();
    host.tell({ type: 'operator-run', run: RUN });
    await page.getByRole('button', { name: 'Cancel Encode Video' }).click();
    await expect.poll(() => asked(host, 'operator.cancel')).toEqual([{ run: 3 }]);
    host.tell({ type: 'operator-run', run: { ...RUN, state: 'failed', finishedAt: 2, error: 'The disk is full.' } });
    await page.getByText('Encode Video: The disk is full.').waitFor();
  });

  it('get other keys in Preferences, where conflicts are told', async () => {
    const { host, page } = await open();
    host.answers['preferences.set'] = ({ value }: { value: string }) => {
      if (/=F12/.test(value)) return failed('F12 is the program’s own key for “Render Image”: choose another.');
      host.tell({ type: 'preferences', preferences: { ...host.state.preferences, 'keymap.operators': value } });
      return ok({ key: 'keymap.operators', value, addon: null });
    };
    await page.keyboard.press('Control+,');
    await page.getByRole('tab', { name: 'Keymap' }).click();
    const list = page.getByRole('list', { name: 'Operators' });
    await list.getByText('F12 is already for “Render Image”.').waitFor();
    await list.getByRole('button', { name: 'Key of Encode Video: none' }).click();
    await page.keyboard.press('Control+Shift+U');
    // The one that was chosen wins over an add-on's own.
    await list.getByRole('button', { name: 'Key of Encode Video: Ctrl+Shift+U' }).waitFor();
    await list.getByText('Ctrl+Shift+U is already for “Encode Video”.').waitFor();
    await list.getByRole('button', { name: 'Key of Ping: none' }).click();
    await page.keyboard.press('F12');
    await page.getByRole('alert').getByText('program’s own key').waitFor();
    expect(asked(host, 'preferences.set')).toEqual([
      { key: 'keymap.operators', value: 'video.encode=Ctrl+Shift+U' },
      { key: 'keymap.operators', value: 'video.encode=Ctrl+Shift+U tidy.ping=F12' },
    ]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+U');
    await dialog(page, 'Encode Video').waitFor();
  });

  it('cannot be run with a token that may only look', async () => {
    const { page } = await open(undefined, 'read');
    await page.keyboard.press('F3');
    await page.keyboard.type('encode');
    await page.keyboard.press('Enter');
    expect(await dialog(page, 'Encode Video').count()).toBe(0);
    expect(await page.getByRole('option', { name: /Encode Video/ }).getAttribute('aria-disabled')).toBe('true');
  });
});
