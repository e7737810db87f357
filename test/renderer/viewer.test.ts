import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exrLinear } from '../../src/main/images/exr-tasks';
import { developImage, type ViewTransform } from '../../src/renderer/model/develop-image';
import { encodeLinearImage } from '../../src/shared/linear-image';
import type { SceneInfo } from '../../src/shared/scene';
import { makeExr } from '../helpers/image-files';
import { makePng } from '../helpers/png';
import { sampleBlend, sampleBlenderScene, sampleFrame, sampleJob, sampleState } from '../helpers/samples';
import { temporaryFolder } from '../helpers/temporary-folder';
import { axeFindings } from './axe-findings';
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
    // Alone in the window it is looked at as before; so it is when the other areas are back.
    for (const alone of [1, 0]) {
      await page.keyboard.press('Control+Space');
      await expect.poll(() => page.locator('.render-maximized').count()).toBe(alone);
      await expect.poll(async () => (await placement(image)).scale).toBeCloseTo(Math.SQRT2, 5);
      await page.getByRole('group', { name: /^Image/ }).focus();
    }
    // Without Shift the arrow keys go to another frame.
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('img', { name: 'turntable, frame 1' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await image.waitFor();
    await page.keyboard.press('Home');
    await expect.poll(() => placement(image)).toEqual(fitted);
  });

  /** The canvas's own pixel, at a share of its size. */
  const painted = (image: Locator, x: number, y = 0.5): Promise<number[]> =>
    image.evaluate(
      (canvas: HTMLCanvasElement, [left, top]) => [
        ...canvas
          .getContext('2d')!
          .getImageData(Math.floor(canvas.width * left!), Math.floor(canvas.height * top!), 1, 1).data,
      ],
      [x, y],
    );

  it('reads the pixel under the pointer, from the lower left', async () => {
    const { page, image } = await openViewer();
    const box = (await image.boundingBox())!;
    const { scale, left, top } = await placement(image);
    const pointer = { x: Math.round(box.x + left + 40), y: Math.round(box.y + top + 20) };
    await page.mouse.move(pointer.x, pointer.y);
    const x = Math.floor((pointer.x - box.x - left) / scale);
    const y = job.settings.height - 1 - Math.floor((pointer.y - box.y - top) / scale);
    const bar = page.locator('.pixel-bar');
    await expect
      .poll(() => bar.innerText().then((text) => text.split(/\s+/)))
      .toEqual([
        'X',
        `${x}`,
        'Y',
        `${y}`,
        ...['R', 'G', 'B'].flatMap((name) => [name, '74', '0.290']),
        'A',
        '255',
        '1.000',
        'Color',
        '#4a4a4a',
      ]);
    await page.mouse.move(box.x + 2, box.y + 2);
    await bar.getByText('Point at the image').waitFor();
  });

  it('wipes between two frames, by mouse and by keyboard, and reads the one under the pointer', async () => {
    const { page, image } = await openViewer();
    await page.getByRole('button', { name: /^Compare/ }).click();
    await page.getByRole('menuitem', { name: 'Frame Before' }).click();
    await page.getByRole('status').getByText('Compared with turntable, frame 1').waitFor();
    const handle = page.getByRole('slider', { name: 'Wipe' });
    await handle.waitFor();
    await expect.poll(() => painted(image, 0.25)).toEqual([74, 74, 74, 255]);
    await expect.poll(() => painted(image, 0.75)).toEqual([37, 37, 37, 255]);

    const box = (await image.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2);
    await page.locator('.pixel-bar').getByText('#252525').waitFor();

    const grip = (await handle.boundingBox())!;
    await page.mouse.move(grip.x + grip.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => handle.getAttribute('aria-valuenow')).toBe('90');
    await expect.poll(() => painted(image, 0.75)).toEqual([74, 74, 74, 255]);
    await handle.focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => handle.getAttribute('aria-valuenow')).toBe('61');
    await expect.poll(() => painted(image, 0.75)).toEqual([37, 37, 37, 255]);
    await page.keyboard.press('Home');
    await expect.poll(() => painted(image, 0.25)).toEqual([37, 37, 37, 255]);

    await page.getByRole('button', { name: 'Difference' }).click();
    await expect.poll(() => painted(image, 0.5)).toEqual([37, 37, 37, 255]);
    await page.getByRole('combobox', { name: 'Gain' }).selectOption('4');
    await expect.poll(() => painted(image, 0.5)).toEqual([148, 148, 148, 255]);
    await page.getByRole('button', { name: 'Stop comparing' }).click();
    await expect.poll(() => painted(image, 0.5)).toEqual([74, 74, 74, 255]);
  });

  it('compares with the frame before in its job, whichever is shown', async () => {
    const steps = sampleJob({ id: 1, name: 'turntable', lastFrame: 5 }, { frames: '1-5x2' });
    const { page } = await openPage(browser, sampleState({ jobs: [steps] }), undefined, (host) => {
      host.answers['job.frames'] = () => ok([1, 3, 5].map((frame) => sampleFrame(frame, 'done')));
    });
    await page.getByRole('img', { name: 'turntable, frame 5' }).waitFor();
    await page.getByRole('button', { name: /^Compare/ }).click();
    await page.getByRole('menuitem', { name: 'Frame Before' }).click();
    await page.getByRole('status').getByText('Compared with turntable, frame 3').waitFor();
    // A frame can be calculated, and another text is not passed over in silence.
    const box = page.getByRole('textbox', { name: 'Current frame' });
    await box.fill('6/2');
    await box.press('Enter');
    await page.getByRole('status').getByText('Compared with turntable, frame 1').waitFor();
    await box.fill('one');
    await box.press('Enter');
    await page.getByText('“one” is not the number of a frame.').waitFor();
    await page.getByRole('slider', { name: 'Frames' }).focus();
    await page.keyboard.press('Home');
    await page.getByRole('status').getByText('There is no frame before this one.').waitFor();
  });

  it('shows single channels, and the histogram of the image', async () => {
    const { page, image } = await openViewer();
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: /Channels and display$/ }).click();
      await page.getByRole('menuitemcheckbox', { name, exact: true }).click();
    };
    await choose('Alpha');
    await expect.poll(() => painted(image, 0.5)).toEqual([255, 255, 255, 255]);
    await choose('Green');
    await expect.poll(() => painted(image, 0.5)).toEqual([74, 74, 74, 255]);
    await choose('Histogram');
    await page.getByRole('img', { name: 'Histogram: 0.0 % black, 0.0 % white, median 74' }).waitFor();
    await choose('Pixel Values');
    await expect.poll(() => page.locator('.pixel-bar').count()).toBe(0);
  });

  it('shows layers of an OpenEXR, exposed and through a view transform, and reads their light', async () => {
    const folder = temporaryFolder();
    const file = join(folder, '0002.exr');
    writeFileSync(
      file,
      makeExr(32, 18, () => [0.25, 0.5, 0.125, 1], {
        prefix: 'ViewLayer.Combined.',
        others: ['ViewLayer.Depth.Z'],
      }),
    );
    const { page } = await openPage(
      browser,
      sampleState({ jobs: [{ ...job, settings: { ...job.settings, format: 'exr-multilayer' } }] }),
      undefined,
      (host) => {
        host.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
        host.pixels = (_frame, layer) => exrLinear(file, layer ?? undefined);
      },
    );
    const image = page.getByRole('img', { name: 'turntable, frame 2' });
    await expect.poll(() => image.getAttribute('data-width')).toBe('32');
    await expect.poll(() => painted(image, 0.5)).toEqual([137, 188, 99, 255]);
    const box = (await image.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(() => page.locator('.pixel-bar').innerText())
      .toMatch(/R\s+137\s+0\.2500\s+G\s+188\s+0\.5000\s+B\s+99\s+0\.1250/);
    const bar = page.getByRole('group', { name: 'OpenEXR' });
    await bar.getByRole('combobox', { name: 'View' }).selectOption('Raw');
    await expect.poll(() => painted(image, 0.5)).toEqual([64, 128, 32, 255]);
    await bar.getByRole('slider', { name: 'Exposure' }).fill('1');
    await expect.poll(() => painted(image, 0.5)).toEqual([128, 255, 64, 255]);
    await bar.getByRole('combobox', { name: 'Layer' }).selectOption('ViewLayer.Depth');
    // Seven, and once more by the exposure, is white.
    await expect.poll(() => painted(image, 0.5)).toEqual([255, 255, 255, 255]);
    await page.mouse.move(box.x + box.width / 2 + 2, box.y + box.height / 2);
    await expect.poll(() => page.locator('.pixel-bar').innerText()).toMatch(/R\s+255\s+7\.000/);
  });

  it('shows light through the view transform of its scene where that is known, unless another is chosen', async () => {
    const size = { width: 8, height: 8, fullWidth: 8, fullHeight: 8, layer: '', layers: [''] };
    // 0.25, 0.5 and 0.125 as half floats, opaque.
    const light = {
      ...size,
      samples: Uint16Array.from({ length: 256 }, (_, at) => [0x3400, 0x3800, 0x3000, 0x3c00][at % 4]!),
    };
    const blend = (viewTransform: string): SceneInfo => sampleBlend({}, [sampleBlenderScene({ viewTransform })]);
    const settings = { ...job.settings, format: 'exr' as const, scene: blend('AgX').path };
    const { host, page } = await openPage(
      browser,
      sampleState({ scene: blend('AgX'), jobs: [{ ...job, settings }] }),
      undefined,
      (script) => {
        script.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
        script.pixels = async () => encodeLinearImage(light);
      },
    );
    await page.locator('[data-job="1"] .job-select').click();
    const image = page.getByRole('img', { name: 'turntable, frame 2' });
    const view = page.getByRole('group', { name: 'OpenEXR' }).getByRole('combobox', { name: 'View' });
    const shownAs = (name: ViewTransform): number[] => [
      ...developImage(light, { exposure: 0, view: name }).rgba.subarray(0, 4),
    ];
    await expect.poll(() => painted(image, 0.5)).toEqual(shownAs('agx'));
    expect(await view.locator('option:checked').textContent()).toBe('Scene: AgX (approximate)');
    expect(await axeFindings(page)).toEqual([]);
    host.tell({ type: 'scene', scene: blend('Filmic') });
    await expect.poll(() => painted(image, 0.5)).toEqual(shownAs('filmic'));
    // The choice is the person's, and stays.
    await view.selectOption('Standard');
    await expect.poll(() => painted(image, 0.5)).toEqual(shownAs('standard'));
    host.tell({ type: 'scene', scene: blend('AgX') });
    await view.getByText('Scene: AgX').waitFor({ state: 'attached' });
    expect(await painted(image, 0.5)).toEqual(shownAs('standard'));
    await view.selectOption('Scene: AgX (approximate)');
    await expect.poll(() => painted(image, 0.5)).toEqual(shownAs('agx'));
    // In a small window it is one line.
    await page.setViewportSize({ width: 900, height: 600 });
    await expect.poll(async () => (await page.locator('.development-bar').boundingBox())!.height).toBeLessThan(40);
    // One that is not shown here.
    host.tell({ type: 'scene', scene: blend('False Color') });
    await expect.poll(() => painted(image, 0.5)).toEqual(shownAs('standard'));
    expect(await view.locator('option:checked').textContent()).toBe('Scene: False Color (shown as Standard)');
    // Another scene says nothing, and Standard can be chosen to stay.
    host.tell({ type: 'scene', scene: { ...blend('AgX'), path: '/scenes/other.blend' } });
    await page.getByText('other.blend').first().waitFor();
    await page.locator('[data-job="1"] .job-select').click();
    await expect.poll(() => painted(image, 0.5)).toEqual(shownAs('standard'));
    expect(await view.locator('option:checked').textContent()).toBe('Scene: unknown (shown as Standard)');
    await view.selectOption('Standard');
    host.tell({ type: 'scene', scene: blend('AgX') });
    await page.getByText('other.blend').first().waitFor({ state: 'detached' });
    await page.locator('[data-job="1"] .job-select').click();
    await view.getByText('Scene: AgX').waitFor({ state: 'attached' });
    await expect.poll(() => painted(image, 0.5)).toEqual(shownAs('standard'));
    expect(await view.locator('option:checked').textContent()).toBe('Standard');
  });

  it('begins with the view transform that the scene of a job had when that was planned', async () => {
    const size = { width: 8, height: 8, fullWidth: 8, fullHeight: 8, layer: '', layers: [''] };
    const light = { ...size, samples: Uint16Array.from({ length: 256 }, (_, at) => (at % 4 === 3 ? 0x3c00 : 0x3400)) };
    const settings = { ...job.settings, format: 'exr' as const, scene: '/scenes/far.blend', viewTransform: 'Filmic' };
    const { page } = await openPage(browser, sampleState({ jobs: [{ ...job, settings }] }), undefined, (script) => {
      script.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
      script.pixels = async () => encodeLinearImage(light);
    });
    const image = page.getByRole('img', { name: 'turntable, frame 2' });
    const { rgba } = developImage(light, { exposure: 0, view: 'filmic' });
    await expect.poll(() => painted(image, 0.5)).toEqual([...rgba.subarray(0, 4)]);
  });

  it.each(['error', 'messageerror'])(
    'carries out the last wish where the thread that develops ends with %s',
    async (event) => {
      const size = { width: 8, height: 8, fullWidth: 8, fullHeight: 8, layer: '', layers: [''] };
      const light = {
        ...size,
        samples: Uint16Array.from({ length: 256 }, (_, at) => (at % 4 === 3 ? 0x3c00 : 0x3400)),
      };
      const holding: Pick<Browser, 'newContext'> = {
        newContext: async (options) => {
          const context = await browser.newContext(options);
          // The first thread is sent nothing, as if it were at work.
          await context.addInitScript(() => {
            const threads: Worker[] = [];
            Object.assign(window, { threads });
            const Real = Worker;
            window.Worker = class extends Real {
              readonly #held: boolean;
              constructor(url: string | URL, options?: WorkerOptions) {
                super(url, options);
                const isOurs = String(url).includes('develop');
                this.#held = isOurs && threads.length === 0;
                if (isOurs) threads.push(this);
              }
              override postMessage(message: unknown): void {
                if (!this.#held) super.postMessage(message, []);
              }
            };
          });
          return context;
        },
      };
      const settings = { ...job.settings, format: 'exr' as const };
      const { page } = await openPage(holding, sampleState({ jobs: [{ ...job, settings }] }), undefined, (script) => {
        script.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
        script.pixels = async () => encodeLinearImage(light);
      });
      const image = page.getByRole('img', { name: 'turntable, frame 2' });
      const view = page.getByRole('group', { name: 'OpenEXR' }).getByRole('combobox', { name: 'View' });
      await page.waitForFunction(() => (window as unknown as { threads: Worker[] }).threads.length === 1);
      await view.selectOption('Raw');
      await page.evaluate((name) => {
        const [thread] = (window as unknown as { threads: Worker[] }).threads;
        thread!.dispatchEvent(
          name === 'error' ? new ErrorEvent(name, { message: 'out of memory' }) : new MessageEvent(name),
        );
      }, event);
      const { rgba } = developImage(light, { exposure: 0, view: 'raw' });
      await expect.poll(() => painted(image, 0.5)).toEqual([...rgba.subarray(0, 4)]);
    },
  );

  it('marks a frame that looks wrong however narrow it is, and says why', async () => {
    const suspicion = 'The image is nearly black, unlike its neighbours.';
    const { page, image } = await openViewer((host) => {
      host.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done', { suspicion })));
    });
    const header = page.getByRole('region', { name: 'Image' }).locator('.viewer-title');
    await header.getByText(suspicion).waitFor();
    for (const width of [1_280, 900, 760]) {
      await page.setViewportSize({ width, height: 600 });
      await image.waitFor();
      // What is shown is said wholly beside it.
      const subject = header.getByRole('button', { name: /^Show job 1/ });
      const [said, whole] = await Promise.all([subject.locator('.subject-number').boundingBox(), header.boundingBox()]);
      expect(said!.width).toBeGreaterThan(25);
      expect(said!.x + said!.width).toBeLessThanOrEqual(whole!.x + whole!.width + 1);
      const [mark, title] = await Promise.all([
        header.getByTitle(suspicion).locator('.icon').boundingBox(),
        header.boundingBox(),
      ]);
      expect(mark!.width).toBeGreaterThan(8);
      expect(mark!.x + mark!.width).toBeLessThanOrEqual(title!.x + title!.width + 1);
    }
  });

  it('develops light beside the page’s own thread, which goes on answering', async () => {
    const size = { width: 3_000, height: 2_000, fullWidth: 3_000, fullHeight: 2_000, layer: '', layers: [''] };
    const samples = new Uint16Array(size.width * size.height * 4).fill(0x3400);
    const { page } = await openPage(
      browser,
      sampleState({ jobs: [{ ...job, settings: { ...job.settings, format: 'exr' } }] }),
      undefined,
      (script) => {
        script.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
        script.pixels = async () => encodeLinearImage({ ...size, samples });
      },
    );
    const image = page.getByRole('img', { name: 'turntable, frame 2' });
    await expect.poll(() => image.getAttribute('data-width')).toBe('3000');
    const before = await painted(image, 0.5);
    const view = page.getByRole('group', { name: 'OpenEXR' }).getByRole('combobox', { name: 'View' });
    await page.evaluate(() => {
      let last = performance.now();
      const answers = { longest: 0, first: last };
      Object.assign(window, { answers });
      setInterval(() => {
        answers.longest = Math.max(answers.longest, performance.now() - last);
        last = performance.now();
      });
    });
    const from = Date.now();
    await view.selectOption('AgX (approximate)');
    await expect.poll(() => painted(image, 0.5), { interval: 20 }).not.toEqual(before);
    const took = Date.now() - from;
    const { longest } = await page.evaluate(() => Reflect.get(window, 'answers') as { longest: number });
    expect(longest).toBeLessThan(took / 2);
  });

  it('says where there is only a preview', async () => {
    const { page } = await openPage(
      browser,
      sampleState({ jobs: [{ ...job, settings: { ...job.settings, format: 'exr' } }] }),
      undefined,
      (host) => {
        host.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
      },
    );
    await page.getByRole('status').getByText('This is a preview').getByText('It has tiles').waitFor();
    await page.getByRole('img', { name: 'turntable, frame 2' }).waitFor();
  });

  it('shows an image that comes after all, and says why another is not shown', async () => {
    let there = false;
    let asked = 0;
    const { page } = await openPage(browser, sampleState({ jobs: [job] }), undefined, (host) => {
      host.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
      host.image = async (_job, frame, size) => {
        if (size !== null || there) return makePng(48, 27, frame);
        if (frame === 2) return null;
        if (frame === 3) return { status: 422, detail: '/out/0003.exr has 90000 × 90000 pixels: too many.' };
        asked += 1;
        return { status: 503, detail: 'The host is decoding other images: try again.' };
      };
    });
    const stage = page.locator('.viewer-stage');
    const step = async (key: string): Promise<void> => {
      await page.getByRole('slider', { name: 'Frames' }).focus();
      await page.keyboard.press(key);
    };
    await stage.getByText('The image of frame 2 no longer exists: it was moved or deleted.').waitFor();
    await step('ArrowRight');
    await stage.getByText('The image of frame 3 can’t be shown. /out/0003.exr has 90000 × 90000 pixels').waitFor();
    await step('Home');
    await stage.getByText('The image of frame 1 could not be fetched, and is tried again. The host is').waitFor();
    await expect.poll(() => asked).toBeGreaterThan(1);
    // Tried again by itself; what was gone, once somebody comes back to it.
    there = true;
    await page.getByRole('img', { name: 'turntable, frame 1' }).waitFor();
    await step('ArrowRight');
    await page.getByRole('img', { name: 'turntable, frame 2' }).waitFor();
    await step('ArrowRight');
    await page.getByRole('img', { name: 'turntable, frame 3' }).waitFor();
  });

  it('asks again for the light of an OpenEXR while the host is busy, and says why it has none', async () => {
    const file = join(temporaryFolder(), '0002.exr');
    writeFileSync(
      file,
      makeExr(32, 18, () => [0.25, 0.5, 0.125, 1]),
    );
    let busy = 2;
    const { page } = await openPage(
      browser,
      sampleState({ jobs: [{ ...job, settings: { ...job.settings, format: 'exr' } }] }),
      undefined,
      (host) => {
        host.answers['job.frames'] = () => ok([1, 2, 3].map((frame) => sampleFrame(frame, 'done')));
        host.pixels = async (frame) => {
          if (frame === 3) return { status: 422, detail: 'The image is cut short.' };
          return busy-- > 0
            ? { status: 503, detail: 'The host is decoding other images: try again.' }
            : exrLinear(file);
        };
      },
    );
    const image = page.getByRole('img', { name: 'turntable, frame 2' });
    await expect.poll(() => image.getAttribute('data-width')).toBe('32');
    await page.getByRole('slider', { name: 'Frames' }).focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByRole('status')
      .getByText('This is a preview: the host can’t read the light of this OpenEXR. The image is cut short.')
      .waitFor();
  });
});
