import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { blenderScenes } from '../helpers/blender-scenes';
import { openBrowser } from '../helpers/browser';
import { startCli } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

const PICTURES = resolve(import.meta.dirname, '../../test-results');

async function serve(folder: string): Promise<string> {
  const host = startCli(['serve', '--port', '0', '--data', join(folder, 'data')]);
  return (await host.printed(/http:\/\/\S+/))[0];
}

const properties = (page: Page) => page.getByRole('region', { name: 'Properties' });
const queue = (page: Page) => page.getByRole('region', { name: 'Queue' });
const job = (page: Page, id: number, state = '') =>
  queue(page).getByRole('button', { name: new RegExp(`, job ${id}, ${state}`) });
const fill = (page: Page, label: string, value: string): Promise<void> =>
  properties(page).getByRole('textbox', { name: label, exact: true }).fill(value);
const order = (page: Page): Promise<number[]> =>
  page
    .locator('[data-job]')
    .evaluateAll((rows) =>
      rows
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => Number(row.getAttribute('data-job'))),
    );

needs.chromium('the queue of a real host', () => {
  it('is filled while it stands, put in order, edited, rendered, rendered again and emptied', async () => {
    const folder = temporaryFolder();
    const page = await openBrowser(await serve(folder));
    await page.getByText('turntable is open').waitFor();
    for (const [label, value] of [
      ['Frame End', '2'],
      ['Width', '64'],
      ['Height', '36'],
      ['Samples', '1'],
    ] as const)
      await fill(page, label, value);
    await queue(page).getByRole('button', { name: 'Pause queue' }).click();
    await page.getByRole('menuitem', { name: 'Pause Now' }).click();
    await queue(page).getByText('The queue is paused').waitFor();

    await fill(page, 'Output', join(folder, 'a', '####.png'));
    await page.keyboard.press('Control+F12');
    await job(page, 1, 'Queued').waitFor();
    await job(page, 1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await job(page, 2, 'Queued').waitFor();
    await job(page, 2).focus();
    await page.keyboard.press('F2');
    const editor = page.getByRole('dialog', { name: 'Edit turntable, Job 2' });
    await editor.getByRole('textbox', { name: 'Output' }).fill(join(folder, 'b', '####.png'));
    await editor.getByRole('textbox', { name: 'Frames', exact: true }).fill('1-5x2');
    await editor.getByRole('button', { name: 'Apply' }).click();
    await editor.waitFor({ state: 'detached' });
    await queue(page)
      .getByText(/0 \/ 3/)
      .waitFor();
    await job(page, 2).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await eventually('job 2 before job 1', async () => ((await order(page)).join() === '2,1' ? true : null));

    await queue(page).getByRole('button', { name: 'Resume queue' }).click();
    await job(page, 2, 'Completed').waitFor();
    await job(page, 1, 'Completed').waitFor();
    expect(readdirSync(join(folder, 'a'))).toEqual(['0001.png', '0002.png']);
    expect(readdirSync(join(folder, 'b'))).toEqual(['0001.png', '0003.png', '0005.png']);

    // All of it once more, over its own images.
    await job(page, 1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Render All Frames Again' }).click();
    const question = page.getByRole('dialog', { name: 'Render All Frames Again' });
    await question.getByText('2 images that are done are rendered anew.').waitFor();
    await question.getByRole('button', { name: 'Render All Again' }).click();
    await job(page, 1, '(Queued|Rendering)').waitFor();
    await job(page, 1, 'Completed').waitFor();
    await queue(page).getByText('2 / 2').waitFor();

    await job(page, 1).click();
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete turntable, Job 1' });
    await dialog.getByText(join(folder, 'a', '0002.png')).waitFor();
    await dialog.getByRole('checkbox', { name: /^Also delete its 2 files/ }).check();
    await dialog.getByRole('button', { name: 'Delete Job and Files' }).click();
    await dialog.waitFor({ state: 'detached' });
    // The host is asked when there is no way back.
    expect(existsSync(join(folder, 'a', '0001.png'))).toBe(true);
    await eventually('the files gone', async () => (existsSync(join(folder, 'a', '0001.png')) ? null : true));
    await job(page, 2).click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete Job', exact: true }).click();
    await queue(page).getByText('No jobs yet.').waitFor();
    expect(readdirSync(join(folder, 'b'))).toHaveLength(3);
  });

  needs.blender('with a .blend', () => {
    it('shows what is in the file, renders it with what was overridden, and shows a frame that no browser can', async () => {
      const folder = temporaryFolder();
      const scene = join(folder, 'plain.blend');
      await copyFile(join(await blenderScenes(), 'plain.blend'), scene);
      const page = await openBrowser(await serve(folder));
      await page.getByText('turntable is open').waitFor();
      await page.keyboard.press('Control+o');
      await page.getByRole('dialog').getByLabel('Path', { exact: true }).fill(scene);
      await page.keyboard.press('Enter');
      await page.getByText('plain is open').waitFor();
      await properties(page)
        .getByText(/^Blender 3\.\d|^Blender \d/)
        .first()
        .waitFor();
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, 'blend.png') });
      await fill(page, 'Frame Start', '1');
      await fill(page, 'Frame End', '3');
      await fill(page, 'Frame Step', '2');
      await fill(page, 'Width', '64');
      await fill(page, 'Height', '36');
      await fill(page, 'Percentage', '100');
      await fill(page, 'Output', join(folder, 'out', 'shot_####'));
      await properties(page).getByRole('combobox', { name: 'File format' }).selectOption('exr');
      await page.keyboard.press('Control+F12');
      await job(page, 1, 'Completed').waitFor();
      expect(readdirSync(join(folder, 'out'))).toEqual(['shot_0001.exr', 'shot_0003.exr']);
      const image = page.getByRole('img', { name: 'plain, frame 3' });
      await image.waitFor();
      expect(await image.evaluate(({ dataset }) => [dataset.width, dataset.height])).toEqual(['64', '36']);
      await page.getByRole('button', { name: 'Frame details' }).click();
      const details = page.getByRole('region', { name: 'Details of frame 3' });
      await details.getByText(join(folder, 'out', 'shot_0003.exr')).waitFor();
      await details.getByText(/Fra:3/).first().waitFor();
      await page.screenshot({ path: join(PICTURES, 'blend-rendered.png') });
    });
  });
});
