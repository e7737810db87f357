import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFrame, sampleJob, sampleState } from '../helpers/samples';
import { launchBrowser, openPage } from './open-page';
import { ok, type ScriptedHost } from './scripted-host';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const job = sampleJob({ id: 1, name: 'turntable', lastFrame: 2 });

/** A page that shows frame 2 of a job. */
async function openViewer(script: (host: ScriptedHost) => void = () => {}): Promise<{ page: Page; image: Locator }> {
  const { page } = await openPage(browser, sampleState({ jobs: [job] }), undefined, (host) => {
    host.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
    script(host);
  });
  const image = page.getByRole('img', { name: 'turntable, frame 2' });
  await image.waitFor();
  return { page, image };
}

/** Where the image stands, in pixels of the screen, and its scale. */
async function placement(image: Locator): Promise<{ scale: number; left: number; top: number }> {
  return image.evaluate(({ dataset }) => ({
    scale: Number(dataset.scale),
    left: Number(dataset.left),
    top: Number(dataset.top),
  }));
}

describe('viewer', () => {
  it('zooms at the pointer with the wheel, pans by dragging, and fits again', async () => {
    const { page, image } = await openViewer();
    const box = (await image.boundingBox())!;
    const before = await placement(image);
    expect(before.left).toBeGreaterThanOrEqual(8);
    // The pointer's position is a whole number of pixels of the page.
    const pointer = { x: Math.round(box.x + box.width * 0.7), y: Math.round(box.y + box.height * 0.4) };
    const at = { x: pointer.x - box.x, y: pointer.y - box.y };
    await page.mouse.move(pointer.x, pointer.y);
    const shares = (of: typeof before): number[] => [(at.x - of.left) / of.scale, (at.y - of.top) / of.scale];
    await page.mouse.wheel(0, -300);
    await expect.poll(async () => (await placement(image)).scale).toBeCloseTo(before.scale * 2, 5);
    const zoomed = await placement(image);
    shares(zoomed).forEach((share, axis) => expect(share).toBeCloseTo(shares(before)[axis]!, 3));
    expect(await page.getByRole('status', { name: 'Zoom' }).textContent()).toBe(`${Math.round(before.scale * 200)} %`);

    await page.mouse.down();
    await page.mouse.move(pointer.x - 40, pointer.y + 30, { steps: 4 });
    await page.mouse.up();
    await expect
      .poll(() => placement(image))
      .toMatchObject({
        scale: zoomed.scale,
        left: expect.closeTo(zoomed.left - 40, 3) as number,
        top: expect.closeTo(zoomed.top + 30, 3) as number,
      });
    await page.getByRole('button', { name: 'Fit' }).click();
    await expect.poll(() => placement(image)).toEqual(before);
  });

  it('zooms and pans from the keyboard', async () => {
    const { page, image } = await openViewer();
    const fitted = await placement(image);
    await page.getByRole('group', { name: /^Image/ }).focus();
    await page.keyboard.press('1');
    await expect.poll(async () => (await placement(image)).scale).toBe(1);
    expect(await page.getByRole('button', { name: '1:1' }).getAttribute('aria-pressed')).toBe('true');
    const { left } = await placement(image);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await placement(image)).left).toBeCloseTo(left - 48, 3);
    await page.keyboard.press('+');
    await expect.poll(async () => (await placement(image)).scale).toBeCloseTo(Math.SQRT2, 5);
    await page.keyboard.press('Home');
    await expect.poll(() => placement(image)).toEqual(fitted);
  });
});
