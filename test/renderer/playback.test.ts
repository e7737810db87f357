import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RING_BYTES } from '../../src/renderer/playback/player';
import { needs } from '../helpers/needs';
import { makePng } from '../helpers/png';
import { sampleFrame, sampleJob, sampleState } from '../helpers/samples';
import { launchBrowser, openPage } from './open-page';
import { ok, type ScriptedHost } from './scripted-host';

const FRAMES = 48;
/** Frames of the job that failed, one that looks wrong, and one that was much quicker than its neighbours. */
const FAILED = 20;
const WRONG = 30;
const QUICK = 40;

interface Drawn {
  readonly frame: number;
  /** Milliseconds. */
  readonly at: number;
}
declare global {
  interface Window {
    drawn: Drawn[];
    bitmaps: { made: number; closed: number };
    /** Of the pictures that are open, and at most at a time. */
    openPictures: { bytes: number; most: number; made: number; pictures: number };
  }
}

const rows = Array.from({ length: FRAMES }, (_, index) => {
  const frame = index + 1;
  return frame === FAILED
    ? sampleFrame(frame, 'failed', { reason: 'It ran out of memory.' })
    : sampleFrame(frame, 'done', {
        seconds: frame === QUICK ? 0.5 : 4,
        writtenAt: frame,
        suspicion: frame === WRONG ? 'The image is black.' : null,
      });
});
const job = sampleJob({
  state: 'completed',
  finishedAt: 1,
  lastFrame: FRAMES,
  suspicious: 1,
  frames: { total: FRAMES, waiting: 0, rendering: 0, done: FRAMES - 1, failed: 1, skipped: 0 },
});

/** Notes which frame is drawn when, by its shade, and how many bitmaps there are. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.drawn = [];
    window.bitmaps = { made: 0, closed: 0 };
    const close = ImageBitmap.prototype.close;
    ImageBitmap.prototype.close = function (): void {
      window.bitmaps.closed += 1;
      close.call(this);
    };
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }: MessageEvent<{ bitmap?: unknown }>) => {
          if (data.bitmap instanceof ImageBitmap) window.bitmaps.made += 1;
        });
      }
    };
    const probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (this: CanvasRenderingContext2D, ...args: unknown[]): void {
      draw.apply(this, args as Parameters<typeof draw>);
      const at = performance.now();
      if (!(args[0] instanceof ImageBitmap)) return;
      probe.drawImage(args[0], 0, 0, 1, 1);
      const shade = probe.getImageData(0, 0, 1, 1).data[0]!;
      let frame = 1;
      while ((frame * 37) % 256 !== shade && frame < 999) frame += 1;
      if (window.drawn.at(-1)?.frame !== frame) window.drawn.push({ frame, at });
    } as typeof draw;
  });
}

/** Waits until so many more pictures have been drawn. */
async function drawnAfter(page: Page, count: number): Promise<Drawn[]> {
  await page.evaluate(() => (window.drawn = []));
  await page.waitForFunction((least) => window.drawn.length >= least, count, { timeout: 60_000 });
  return page.evaluate(() => window.drawn);
}

/** Steps from one frame to another that is played later. */
const stepsOf = (from: number, to: number, by: 1 | -1, left: readonly number[]): number => {
  let steps = 0;
  for (let frame = from; frame !== to; steps += left.includes(frame) ? 0 : 1)
    frame = ((frame - 1 + by + FRAMES) % FRAMES) + 1;
  return steps;
};

needs.chromium('playback', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  const open = (script: (host: ScriptedHost) => void = () => {}) =>
    openPage(browser, sampleState({ jobs: [job] }), undefined, (host) => {
      host.answers['job.frames'] = () => ok(rows);
      script(host);
    });
  const current = (page: Page) => page.getByRole('textbox', { name: 'Current frame' });
  const play = (page: Page) => page.getByRole('button', { name: 'Play', exact: true });

  it('plays what is there at its pace, round and round, and stops where it is', async () => {
    const { page, faults } = await open();
    await watch(page);
    await expect.poll(() => play(page).isEnabled()).toBe(true);
    await page.keyboard.press('Space');
    const seen = await drawnAfter(page, 70);
    expect(seen.map(({ frame }) => frame)).not.toContain(FAILED);
    // Each is where the clock has it: pictures are left out rather than late.
    let steps = 0;
    const off = seen.map(({ frame, at }, index) => {
      if (index > 0) steps += stepsOf(seen[index - 1]!.frame, frame, 1, [FAILED]);
      return steps - ((at - seen[0]!.at) * 24) / 1_000;
    });
    expect(steps).toBeGreaterThanOrEqual(FRAMES);
    expect(Math.max(...off) - Math.min(...off)).toBeLessThan(4);
    await page.keyboard.press('k');
    await expect.poll(() => play(page).getAttribute('aria-pressed')).toBe('false');
    const last = await page.evaluate(() => window.drawn.at(-1)!.frame);
    expect(await current(page).inputValue()).toBe(String(last));
    const { made, closed } = await page.evaluate(() => window.bitmaps);
    expect(made).toBeGreaterThan(0);
    expect(made - closed).toBeLessThanOrEqual(FRAMES + 1);
    expect(faults).toEqual([]);
  });

  it('goes back with J, faster with L, and Esc returns to where it began', async () => {
    const { host, page } = await open();
    await watch(page);
    await current(page).fill('10');
    await current(page).press('Enter');
    await page.locator('body').click({ position: { x: 2, y: 2 } });
    await page.keyboard.press('j');
    const back = await drawnAfter(page, 15);
    for (const [index, { frame }] of back.entries())
      if (index > 0) expect(stepsOf(back[index - 1]!.frame, frame, -1, [FAILED])).toBeLessThan(FRAMES / 2);
    await page.keyboard.press('l');
    await page.keyboard.press('l');
    await expect.poll(() => page.getByRole('combobox', { name: 'Speed' }).inputValue()).toBe('2');
    const on = await drawnAfter(page, 15);
    for (const [index, { frame }] of on.entries())
      if (index > 0) expect(stepsOf(on[index - 1]!.frame, frame, 1, [FAILED])).toBeLessThan(FRAMES / 2);
    await page.keyboard.press('Escape');
    await expect.poll(() => current(page).inputValue()).toBe('10');
    expect(host.calls.some(({ operation }) => operation === 'job.cancel')).toBe(false);
  });

  it('goes on from the frame that is pressed in the timeline, and ends where one is opened for itself', async () => {
    const { page } = await open();
    await watch(page);
    const loop = page.getByRole('button', { name: 'Loop' });
    if ((await loop.getAttribute('aria-pressed')) === 'true') await loop.click();
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('0.25');
    await page.keyboard.press('Home');
    await play(page).click();
    await page.getByRole('img', { name: 'turntable, playing' }).waitFor();
    const strip = page.getByRole('slider', { name: 'Frames' });
    const { x, y, width } = (await strip.boundingBox())!;
    await page.mouse.click(x + width * 0.5, y + 10);
    await expect.poll(() => current(page).inputValue().then(Number)).toBeGreaterThanOrEqual(23);
    expect(Number(await current(page).inputValue())).toBeLessThan(44);
    expect(await play(page).getAttribute('aria-pressed')).toBe('true');
    await page.mouse.click(x + width * 0.1, y + 10, { button: 'right' });
    await page.getByRole('menuitem', { name: 'Show Log' }).click();
    await expect.poll(() => play(page).getAttribute('aria-pressed')).toBe('false');
    expect(Number(await current(page).inputValue())).toBeLessThan(8);
  });

  it('plays large images from proxies that are made ahead, says so, and shows the image itself when it stops', async () => {
    const asked: (number | null)[] = [];
    const large = { ...job, settings: { ...job.settings, width: 1_920, height: 1_080 } };
    const { page, faults } = await openPage(browser, sampleState({ jobs: [large] }), undefined, (host) => {
      host.answers['job.frames'] = () => ok(rows);
      host.image = async (_job, frame, size) => {
        asked.push(size);
        return makePng(size ?? 1_920, Math.round(((size ?? 1_920) * 9) / 16), frame);
      };
    });
    // Each once, before anything is played.
    await expect.poll(() => asked.filter((size) => size === 1_024).length).toBe(FRAMES - 1);
    await page.keyboard.press('Space');
    await page.getByText('proxy 1024 px', { exact: true }).waitFor();
    const before = asked.filter((size) => size === null).length;
    await page.keyboard.press('Space');
    await page.getByText('proxy 1024 px', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('img', { name: /^turntable, frame \d+$/ }).waitFor();
    expect(asked.filter((size) => size === null).length).toBeGreaterThanOrEqual(before);
    expect(await page.getByRole('img', { name: /^turntable, frame/ }).getAttribute('data-width')).toBe('1920');
    expect(faults).toEqual([]);
  });

  it('holds no more than its share of memory while it plays 2,000 frames, and closes every picture afterwards', async () => {
    const count = 2_000;
    const [width, height] = [1_280, 720];
    const png = makePng(width, height, 90);
    const long = sampleJob(
      {
        state: 'completed',
        finishedAt: 1,
        lastFrame: 1,
        frames: { total: count, waiting: 0, rendering: 0, done: count, failed: 0, skipped: 0 },
      },
      { width, height, frames: `1-${count}` },
    );
    const { page } = await openPage(browser, sampleState({ jobs: [long] }), undefined, (host) => {
      const list = Array.from({ length: count }, (_, index) =>
        sampleFrame(index + 1, 'done', { writtenAt: index + 1 }),
      );
      host.answers['job.frames'] = ({ offset, limit }: { offset: number; limit: number }) =>
        ok(list.slice(offset, offset + limit));
      host.image = async () => png;
    });
    await expect.poll(() => play(page).isEnabled()).toBe(true);
    const loop = page.getByRole('button', { name: 'Loop' });
    if ((await loop.getAttribute('aria-pressed')) === 'true') await loop.click();
    await page.evaluate(() => {
      window.openPictures = { bytes: 0, most: 0, made: 0, pictures: 0 };
      const sizes = new WeakMap<ImageBitmap, number>();
      const close = ImageBitmap.prototype.close;
      ImageBitmap.prototype.close = function (): void {
        const bytes = sizes.get(this);
        if (bytes !== undefined) {
          window.openPictures.bytes -= bytes;
          window.openPictures.pictures -= 1;
          sizes.delete(this);
        }
        close.call(this);
      };
      const Plain = window.Worker;
      window.Worker = class extends Plain {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          this.addEventListener('message', ({ data }: MessageEvent<{ bitmap?: unknown }>) => {
            if (!(data.bitmap instanceof ImageBitmap)) return;
            const bytes = data.bitmap.width * data.bitmap.height * 4;
            sizes.set(data.bitmap, bytes);
            window.openPictures.made += 1;
            window.openPictures.pictures += 1;
            window.openPictures.bytes += bytes;
            window.openPictures.most = Math.max(window.openPictures.most, window.openPictures.bytes);
          });
        }
      };
    });
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('4');
    await page.getByRole('button', { name: 'First frame' }).click();
    await play(page).click();
    await page.getByRole('button', { name: 'Play', exact: true, pressed: true }).waitFor();
    // To its end: 21 seconds at four times the rate, whatever is left out on the way.
    await page.getByRole('button', { name: 'Play', exact: true, pressed: false }).waitFor({ timeout: 200_000 });
    expect(await current(page).inputValue()).toBe(String(count));
    const { most, made } = await page.evaluate(() => window.openPictures);
    expect(made).toBeGreaterThan(100);
    // The ring, the picture that is shown, and those on their way.
    const picture = width * height * 4;
    expect(most).toBeLessThanOrEqual(RING_BYTES + 5 * picture);
    // Idle, it keeps the one that is shown.
    await expect
      .poll(() => page.evaluate(() => window.openPictures.pictures), { timeout: 60_000 })
      .toBeLessThanOrEqual(1);
  });
});
