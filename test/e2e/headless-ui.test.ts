import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openBrowser } from '../helpers/browser';
import { TURNTABLE, startCli } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { freePort } from '../helpers/free-port';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

/** Where pictures of the app go: the README shows one of them. */
const PICTURES = resolve(import.meta.dirname, '../../test-results');

async function serve(folder: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const host = startCli(['serve', '--port', '0', '--data', join(folder, 'data')], env);
  return (await host.printed(/http:\/\/\S+/))[0];
}

needs.chromium('the UI in a browser', () => {
  it('opens with the turntable, renders its animation and shows every frame', async () => {
    const folder = temporaryFolder();
    const page = await openBrowser(await serve(folder));
    await page.getByText('turntable is open').waitFor();
    expect(page.url()).not.toContain('token');
    const properties = page.getByRole('region', { name: 'Properties' });
    for (const [label, value] of [
      ['Width', '640'],
      ['Height', '360'],
      ['Samples', '2'],
    ] as const) {
      await properties.getByRole('textbox', { name: label, exact: true }).fill(value);
    }
    await properties.getByRole('textbox', { name: 'Output', exact: true }).fill(join(folder, 'shots', 'shot_##.png'));
    await page.keyboard.press('Control+F12');
    const jobs = page.getByRole('grid', { name: 'Jobs' });
    await jobs.getByText('Rendering').waitFor();
    await jobs.getByText(/^2\d \/ 48$/).waitFor();
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, 'rendering.png') });
    await jobs.getByText('48 / 48').waitFor();
    await jobs.getByText('Completed').waitFor();
    expect(readdirSync(join(folder, 'shots'))).toEqual(
      Array.from({ length: 48 }, (_value, index) => `shot_${String(index + 1).padStart(2, '0')}.png`),
    );
    // The image that is shown is the frame last written, at its size.
    const image = page.getByRole('region', { name: /Image|turntable/ }).getByRole('img', { name: /, frame 48$/ });
    await eventually('the last image', async () =>
      (await image.evaluate(({ dataset }) => `${dataset.width} × ${dataset.height}`)) === '640 × 360' ? true : null,
    );
    await page.screenshot({ path: join(PICTURES, 'rendered.png') });

    // What was so is drawn from the host's memory, with no metrics server.
    await page.getByRole('tab', { name: 'Statistics' }).click();
    const label = (start: string): Promise<string | null> =>
      page.getByRole('img', { name: new RegExp(`^${start}`) }).getAttribute('aria-label');
    await eventually('the frames in the statistics', async () =>
      (await label('Frame times'))?.endsWith(' over 48 frames in the last 5 minutes.') ? true : null,
    );
    await eventually('an empty queue in the statistics', async () =>
      (await label('Queue')) === 'Queue: 0 frames left now, 0 being rendered.' ? true : null,
    );
    await page.screenshot({ path: join(PICTURES, 'statistics.png') });
    await page.getByRole('tab', { name: 'Render', exact: true }).click();

    // Otherwise, over the same images: the person is asked, once.
    await properties.getByRole('textbox', { name: 'Samples', exact: true }).fill('1');
    await properties.getByRole('textbox', { name: 'Frame End', exact: true }).fill('2');
    await page.keyboard.press('Control+F12');
    const question = page.getByRole('dialog', { name: 'Images Already Exist' });
    await question.waitFor();
    await page.screenshot({ path: join(PICTURES, 'conflict.png') });
    await question.getByRole('button', { name: 'Overwrite' }).click();
    await jobs.getByText('2 / 2').waitFor();
    await page.getByRole('button', { name: 'turntable, job 2, Completed' }).waitFor();
  });

  it('switches the metrics on, moves them, shows what is in effect, and switches them off', async () => {
    const folder = temporaryFolder();
    const fallback = `127.0.0.1:${await freePort()}`;
    const wanted = `127.0.0.1:${await freePort()}`;
    const page = await openBrowser(await serve(folder, { FRAMEGAUGE_PROMETHEUS_FALLBACK: fallback }));
    await page.getByText('turntable is open').waitFor();
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('button', { name: /Details of Prometheus Metrics/ }).click();
    const address = dialog.getByLabel('Address:port', { exact: true });
    await address.fill(wanted);
    await address.press('Enter');
    await dialog.getByRole('checkbox', { name: /Prometheus Metrics/ }).check();
    const status = dialog.getByRole('status', { name: 'Status of Prometheus Metrics' });
    await status.getByText(`Serving metrics on ${wanted}`).waitFor();
    expect((await fetch(`http://${wanted}/metrics`)).status).toBe(200);

    await address.fill('nonsense');
    await address.press('Enter');
    await status.getByText('Reason').waitFor();
    expect(await status.innerText()).toMatch(/Requested\s+nonsense/);
    expect(await status.innerText()).toMatch(new RegExp(`Effective\\s+${fallback}`));
    expect((await fetch(`http://${fallback}/metrics`)).status).toBe(200);
    await page.screenshot({ path: join(PICTURES, 'preferences.png') });

    await dialog.getByRole('checkbox', { name: /Prometheus Metrics/ }).uncheck();
    await dialog
      .getByRole('listitem')
      .filter({ hasText: 'Prometheus Metrics' })
      .getByText('Off', { exact: true })
      .waitFor();
    await expect(fetch(`http://${fallback}/metrics`)).rejects.toThrow();
  });

  it('opens a scene by path, says what is wrong with a broken one, and takes one that is dropped', async () => {
    const folder = temporaryFolder();
    copyFileSync(TURNTABLE, join(folder, 'second scene.glb'));
    writeFileSync(join(folder, 'broken.glb'), 'no scene at all');
    const page = await openBrowser(await serve(folder));
    await page.getByText('turntable is open').waitFor();
    const dialog = page.getByRole('dialog');
    const open = async (name: string): Promise<void> => {
      await page.keyboard.press('Control+o');
      await dialog.getByLabel('Path', { exact: true }).fill(join(folder, name));
      await page.keyboard.press('Enter');
    };
    await open('second scene.glb');
    await page.getByText('second scene is open').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await open('broken.glb');
    await page
      .getByText(/broken\.glb/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('second scene is open').waitFor();

    const data = await page.evaluateHandle(
      (bytes: number[]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.glb'));
        return transfer;
      },
      [...readFileSync(TURNTABLE)],
    );
    await page.locator('body').dispatchEvent('dragover', { dataTransfer: data });
    await page.locator('body').dispatchEvent('drop', { dataTransfer: data });
    await page.getByText('dropped is open').waitFor();
  });

  it('asks for the token where the address has none or a wrong one', async () => {
    const folder = temporaryFolder();
    const address = await serve(folder);
    const page = await openBrowser(address.replace(/#.*/, ''));
    const field = page.getByLabel('Token, or the whole address');
    await field.fill(address);
    await field.press('Enter');
    await page.getByText('turntable is open').waitFor();
  });
});
