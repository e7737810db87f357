import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { openBrowser } from '../helpers/browser';
import { runCli, startCli } from '../helpers/cli';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

async function serve(folder: string): Promise<{ url: string; data: string }> {
  const data = join(folder, 'data');
  const host = startCli(['serve', '--port', '0', '--data', data]);
  return { url: (await host.printed(/http:\/\/\S+/))[0], data };
}

const properties = (page: Page) => page.getByRole('region', { name: 'Properties' });
const output = (page: Page) => properties(page).getByRole('textbox', { name: 'Output', exact: true });
const job = (page: Page, id: number, state = '') =>
  page.getByRole('region', { name: 'Queue' }).getByRole('button', { name: new RegExp(`, job ${id}, ${state}`) });

async function askForOneFrame(page: Page): Promise<void> {
  for (const [label, value] of [
    ['Frame End', '1'],
    ['Width', '64'],
    ['Height', '36'],
    ['Samples', '1'],
  ] as const)
    await properties(page).getByRole('textbox', { name: label, exact: true }).fill(value);
}

needs.chromium('paths as they come', () => {
  it('are taken from a field in quotes, as an address and on the command line, and refused from elsewhere', async () => {
    const folder = temporaryFolder();
    const { url, data } = await serve(folder);
    const page = await openBrowser(url);
    await page.getByText('turntable is open').waitFor();
    await askForOneFrame(page);
    const spaced = join(folder, 'my shots', '####.png');

    await output(page).fill(`"${spaced}"`);
    await output(page).press('Enter');
    await expect.poll(() => output(page).inputValue()).toBe(spaced);
    await output(page).fill(`${pathToFileURL(join(folder, 'my shots')).href}/####.png`);
    // The key takes the focus away from the field, as any other would.
    await page.keyboard.press('Control+F12');
    await job(page, 1, 'Completed').waitFor();
    expect(await output(page).inputValue()).toBe(spaced);
    expect(readdirSync(join(folder, 'my shots'))).toEqual(['0001.png']);

    await output(page).fill('file://nas/shots/####.png');
    await output(page).press('Enter');
    await properties(page).getByText('This address names no file of the host’s machine').waitFor();

    const address = pathToFileURL(join(folder, 'of the shell')).href;
    const common = ['--data', data, '--size', '64x36', '--samples', '1', '--frames', '1'];
    const scene = `'${pathToFileURL('examples/turntable.glb').href}'`;
    expect(await runCli(['submit', scene, ...common, '--output', `${address}/##.png`])).toMatchObject({ code: 0 });
    await job(page, 2, 'Completed').waitFor();
    expect(readdirSync(join(folder, 'of the shell'))).toEqual(['01.png']);
    const elsewhere = await runCli(['submit', scene, ...common, '--output', 'file://nas/x/##.png']);
    expect(elsewhere).toMatchObject({ code: 2 });
    expect(elsewhere.stderr).toContain('“file://nas/x/##.png” is no file of this machine: write its path.');
  });
});

needs.chromium('the folder of the output, chosen in a browser', () => {
  it('begins at the nearest that is there, leads into others and keeps the names of the images', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'renders', 'night'), { recursive: true });
    const page = await openBrowser((await serve(folder)).url);
    await page.getByText('turntable is open').waitFor();
    await output(page).fill(join(folder, 'renders', 'not yet', 'shot_###.png'));
    await properties(page).getByRole('button', { name: 'Choose the output folder' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a Folder' });
    const path = dialog.getByRole('textbox', { name: 'Path' });
    await expect.poll(() => path.inputValue()).toBe(join(folder, 'renders'));

    await path.fill(join(folder, 'nowhere'));
    await path.press('Enter');
    await dialog.getByRole('alert').getByText('cannot be listed').waitFor();
    await path.fill(join(folder, 'data'));
    await dialog.getByRole('button', { name: 'Choose This Folder' }).click();
    await dialog.getByRole('alert').getByText('Framegauge’s own').waitFor();

    await path.fill(`"${folder}/renders"`);
    await path.press('Enter');
    await expect.poll(() => path.inputValue()).toBe(join(folder, 'renders'));
    await dialog.getByRole('button', { name: 'night' }).press('Enter');
    await dialog.getByText('No folders in this one.').waitFor();
    // The window's keys are held back below a dialog.
    await page.keyboard.press('Control+F12');
    await dialog.getByRole('button', { name: 'Choose This Folder' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await output(page).inputValue()).toBe(join(folder, 'renders', 'night', 'shot_###.png'));
    await page.getByText('No jobs yet').waitFor();

    await properties(page).getByRole('button', { name: 'Choose the output folder' }).click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await output(page).inputValue()).toBe(join(folder, 'renders', 'night', 'shot_###.png'));
    expect(readdirSync(join(folder, 'renders'))).toEqual(['night']);
  });
});
