import { link, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Transformer } from '@napi-rs/image';
import type { Browser, Page } from 'playwright-core';
import { JobStore } from '../src/main/jobs/store/job-store';
import { jobSettingsSchema } from '../src/shared/jobs';
import { startEmptyPage } from './empty-page';
import { launchBenchBrowser } from './launch-browser';
import type { Row } from './report';
import { startBenchHost } from './start-host';

const [WIDTH, HEIGHT] = [1_920, 1_080];
const FPS = 24;
/** Four seconds, of different pictures in turn. */
const FRAMES = 96;
const PICTURES = 8;
/** Milliseconds that are measured. */
const TIME = 8_000;

/** What was drawn in the time measured. */
interface Played {
  /** Pictures a second. */
  readonly rate: number;
  readonly dropped: number;
}

/**
 * Playback of 1080p PNGs, as Blender writes them, with a real host in a window of usual size: at first, while the host
 * makes the proxies, and once they are there; against an empty page that draws nothing in the same run.
 */
export async function benchPlayback(folder: string): Promise<Row[]> {
  await writeJob(folder);
  const host = await startBenchHost(join(folder, 'data'));
  const empty = await startEmptyPage();
  const browser = await launchBenchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    const made = new Set<string>();
    page.on('requestfinished', (request) => {
      if (/image\?size=(1024|1536|2048)$/.test(request.url())) made.add(request.url());
    });
    await page.goto(`${host.url}/#token=${host.token}`);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.getByRole('img', { name: /, frame \d+$/ }).waitFor();
    const cold = await play(page);
    await waitForAll(() => made.size >= FRAMES);
    const warm = await play(page);
    const blank = await emptyRate(browser, empty.url);
    const size = /size=(\d+)$/.exec([...made].at(-1)!)![1]!;
    const row = (what: string, { rate, dropped }: Played, goal: string): Row => ({
      what,
      value: `${rate.toFixed(1)} a second`,
      goal,
      detail: `×${(rate / blank).toFixed(2)} of an empty page’s ${blank.toFixed(1)} frames, dropped ${dropped} of ${Math.round((TIME / 1_000) * FPS)}`,
    });
    return [
      row(`playing 1080p at ${FPS} fps, from proxies of ${size} pixels`, warm, `≥ ${FPS - 0.5}`),
      row('the same while the host makes the proxies', cold, ''),
    ];
  } finally {
    await browser.close();
    await empty.close();
    await host.close();
  }
}

async function waitForAll(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((done) => setTimeout(done, 200));
}

/** Plays on for the time measured, and stops. */
async function play(page: Page): Promise<Played> {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const drawn = await page.evaluate(
    (time) =>
      new Promise<number>((done) => {
        const draw = CanvasRenderingContext2D.prototype.drawImage;
        let count = 0;
        let first = 0;
        let before: unknown = null;
        CanvasRenderingContext2D.prototype.drawImage = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
          draw.apply(this, args as Parameters<typeof draw>);
          if (!(args[0] instanceof ImageBitmap) || args[0] === before) return;
          before = args[0];
          count += 1;
          const now = performance.now();
          if (first === 0) first = now;
          if (now - first < time) return;
          CanvasRenderingContext2D.prototype.drawImage = draw;
          done(((count - 1) * 1_000) / (now - first));
        } as typeof draw;
      }),
    TIME,
  );
  const text = await page.locator('.playback-dropped').allTextContents();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.locator('.playback-rate').waitFor({ state: 'detached' });
  return { rate: drawn, dropped: Number(/\d+/.exec(text[0] ?? '')?.[0] ?? 0) };
}

/** Frames a second of a page that draws nothing. */
async function emptyRate(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  try {
    await page.goto(url);
    return await page.evaluate(
      (time) =>
        new Promise<number>((done) => {
          let count = 0;
          let first = 0;
          const next = (now: number): void => {
            if (count === 0) first = now;
            if (now - first > time) done((count * 1_000) / (now - first));
            else {
              count += 1;
              requestAnimationFrame(next);
            }
          };
          requestAnimationFrame(next);
        }),
      TIME / 4,
    );
  } finally {
    await page.close();
  }
}

/** A job that is done, with its images. */
async function writeJob(folder: string): Promise<void> {
  const out = join(folder, 'out');
  await mkdir(join(folder, 'data'), { recursive: true });
  await mkdir(out, { recursive: true });
  const fileOf = (frame: number): string => join(out, `${String(frame).padStart(4, '0')}.png`);
  for (let frame = 1; frame <= FRAMES; frame++)
    if (frame <= PICTURES) await writeFile(fileOf(frame), picture(frame));
    else await link(fileOf(((frame - 1) % PICTURES) + 1), fileOf(frame));
  const store = new JobStore(join(folder, 'data'));
  const settings = jobSettingsSchema.parse({
    scene: resolve('examples/turntable.glb'),
    frames: `1-${FRAMES}`,
    width: WIDTH,
    height: HEIGHT,
    samples: 1,
    camera: null,
    fps: FPS,
    output: join(out, '####.png'),
    overwrite: true,
    workers: null,
  });
  const { id } = store.add({ name: 'played', engine: 'gltf', settings });
  for (let frame = 1; frame <= FRAMES; frame++) {
    const { lease } = store.tries.start(id, frame, 1);
    store.tries.done({ jobId: id, frame, lease }, { file: fileOf(frame), seconds: 1 });
  }
  store.close();
}

/** A render of a round thing before a slope, with the grain of few samples: 3.5 MB as a PNG. */
function picture(seed: number): Buffer {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4);
  let state = seed;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const grain = ((state >>> 24) % 5) - 2;
      const lit = Math.hypot(x - 800 - seed * 20, y - 500) < 300 ? 90 : 0;
      rgba.set(
        [40 + lit + (x * 120) / WIDTH + grain, 60 + lit / 2 + (y * 120) / HEIGHT + grain, 90 + lit / 3 + grain, 255],
        (y * WIDTH + x) * 4,
      );
    }
  return Transformer.fromRgbaPixels(rgba, WIDTH, HEIGHT).pngSync();
}
