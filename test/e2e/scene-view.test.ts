import { createHash } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { blenderScenes } from '../helpers/blender-scenes';
import { openBrowser } from '../helpers/browser';
import { startCli } from '../helpers/cli';
import { decodePng } from '../helpers/decode-png';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

async function serve(folder: string): Promise<string> {
  const host = startCli(['serve', '--port', '0', '--data', join(folder, 'data')]);
  return (await host.printed(/http:\/\/\S+/))[0];
}

const view = (page: Page) => page.getByRole('group', { name: /^Live view of/ });
/** Hash of what the view shows, once it is finished. @param what frame, and whether it is turned */
async function look(page: Page, what: string): Promise<string> {
  await page.locator(`.scene-view-stage[data-drawn="${what} finished"]`).waitFor();
  return createHash('sha256')
    .update(await shot(page))
    .digest('hex');
}
async function shot(page: Page): Promise<Buffer> {
  // Without the ring round what has the focus.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  return view(page).screenshot();
}

needs.chromium('the open scene in the image area', () => {
  it('is drawn live, follows the timeline, is turned by mouse, and comes back to its camera', async () => {
    const folder = temporaryFolder();
    const page = await openBrowser(await serve(folder));
    await page.getByText('turntable is open').waitFor();
    const first = await look(page, '1');
    // More than a background: many different colours.
    const pixels = decodePng(await shot(page));
    const colours = new Set<string>();
    for (let y = 0; y < pixels.height; y += 2)
      for (let x = 0; x < pixels.width; x += 2) colours.add(pixels.at(x, y).join());
    expect(colours.size).toBeGreaterThan(200);

    const slider = page.getByRole('slider', { name: 'Frames' });
    await slider.press('Shift+ArrowRight');
    const later = await look(page, '11');
    expect(later).not.toBe(first);

    const box = (await view(page).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2 + 30, { steps: 4 });
    await page.mouse.up();
    const camera = page.getByRole('button', { name: 'Camera', exact: true });
    await camera.waitFor();
    expect(await look(page, '11 turned')).not.toBe(later);
    await page.keyboard.press('Numpad0');
    await camera.waitFor({ state: 'detached' });
    await expect.poll(() => look(page, '11'), { timeout: 20_000 }).toBe(later);
    // Its own arrow keys move it, and step no frame.
    await view(page).press('ArrowRight');
    await camera.waitFor();
    expect(await slider.getAttribute('aria-valuenow')).toBe('11');
    await page.keyboard.press('Numpad0');
    await camera.waitFor({ state: 'detached' });

    // With a job shown its context is gone.
    await page.getByRole('textbox', { name: 'Width', exact: true }).fill('64');
    await page.getByRole('textbox', { name: 'Height', exact: true }).fill('36');
    await page.getByRole('textbox', { name: 'Samples', exact: true }).fill('1');
    await page.keyboard.press('F12');
    await page.getByRole('img', { name: /^turntable, frame 11$/ }).waitFor();
    expect(await page.locator('canvas.scene-view-canvas').count()).toBe(0);
    await page.getByRole('button', { name: 'Show the scene turntable' }).click();
    await page.locator('.scene-view-stage[data-drawn]').waitFor();
    expect(await slider.getAttribute('aria-valuenow')).toBe('11');
  });

  it('says that it loads until the picture is there, and not over it', async () => {
    const page = await openBrowser(await serve(temporaryFolder()));
    await page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = (): void => {
        const canvas = document.querySelector('.scene-view-canvas');
        const loading = document.querySelector('.scene-view-loading') !== null;
        const picture = canvas !== null && getComputedStyle(canvas).visibility === 'visible';
        const what = `${loading ? 'loading' : ''} ${picture ? 'picture' : ''}`.trim();
        if (seen.at(-1) !== what) seen.push(what);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.reload();
    await look(page, '1');
    expect(await page.evaluate(() => Reflect.get(window, 'seen') as string[])).toEqual(['', 'loading', 'picture']);
  });

  it('tells in a sentence what keeps it from being shown', async () => {
    const page = await openBrowser(await serve(temporaryFolder()));
    await page.getByText('turntable is open').waitFor();
    await page.evaluate(() => {
      // As in a browser without graphics.
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    // Left and entered again, it starts anew.
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.getByRole('tab', { name: 'Render' }).click();
    await page.getByRole('alert').getByText('This window has no WebGL 2').waitFor();
  });
});

needs.blender('an open .blend in the image area', () => {
  needs.chromium('of a browser', () => {
    it('is shown by its thumbnail, and a preview of it is a quarter of its size', async () => {
      const folder = temporaryFolder();
      const scene = join(folder, 'plain.blend');
      await copyFile(join(await blenderScenes(), 'plain.blend'), scene);
      const page = await openBrowser(await serve(folder));
      await page.getByText('turntable is open').waitFor();
      await page.keyboard.press('Control+o');
      await page.getByRole('dialog').getByLabel('Path', { exact: true }).fill(scene);
      await page.keyboard.press('Enter');
      const image = page.getByRole('region', { name: 'Image' });
      await image.getByText('plain is open').waitFor();
      const properties = page.getByRole('region', { name: 'Properties' });
      await properties.getByRole('textbox', { name: 'Width', exact: true }).fill('320');
      await properties.getByRole('textbox', { name: 'Height', exact: true }).fill('160');
      await properties.getByRole('textbox', { name: 'Percentage', exact: true }).fill('100');
      await image.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('img', { name: /^plain, frame/ }).waitFor();
      await image.getByText('80 × 40').waitFor();
    });
  });
});
