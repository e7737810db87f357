import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { copyFile, readFile, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startBlenderWorker, type BlenderWorkerOptions } from '../../../../src/main/engines/blender/blender-worker';
import { FrameError, type RenderedFrame } from '../../../../src/main/engines/render-engine';
import { blenderScenes } from '../../../helpers/blender-scenes';
import { decodePng, difference, type Pixels } from '../../../helpers/decode-png';
import { eventually } from '../../../helpers/eventually';
import { needs, pathOf } from '../../../helpers/needs';
import { renderFrame, USUAL, type ShortRequest } from '../../../helpers/render-frame';
import { temporaryFolder } from '../../../helpers/temporary-folder';

type BlenderWorker = Awaited<ReturnType<typeof startBlenderWorker>>;

const NEVER = new AbortController().signal;

async function launch(options: Partial<BlenderWorkerOptions> = {}): Promise<BlenderWorker> {
  return startBlenderWorker({ executable: pathOf('blender'), factoryStartup: true, allowScripts: false, ...options });
}

/** A worker of the running test's own. */
async function start(options: Partial<BlenderWorkerOptions> = {}): Promise<BlenderWorker> {
  const worker = await launch(options);
  onTestFinished(() => worker.stop());
  return worker;
}

let shared: Promise<BlenderWorker> | null = null;
/** One worker for all tests that leave it as it was: a Blender takes a second to start. */
function sharedWorker(): Promise<BlenderWorker> {
  shared ??= launch();
  return shared;
}
afterAll(async () => {
  await (await shared)?.stop();
});

let scenes: string;
const sceneFile = (name: string): string => join(scenes, `${name}.blend`);

function request(scene: string, more: Partial<ShortRequest> = {}): ShortRequest {
  return { scene: sceneFile(scene), frame: 1, width: 160, height: 90, samples: 4, ...more };
}

/** Renders a frame into a folder that lives as long as the running test. */
async function renderInto(
  worker: BlenderWorker,
  short: ShortRequest,
): Promise<RenderedFrame & { readonly folder: string }> {
  const folder = temporaryFolder();
  return { ...(await worker.render({ ...USUAL, folder, ...short }, () => undefined, NEVER)), folder };
}

async function failureOf(rendering: Promise<unknown>): Promise<FrameError> {
  const error = await rendering.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FrameError)) throw new Error('the frame did not fail with a FrameError', { cause: error });
  return error;
}

/** Waits until a frame is really being rendered. */
function underWay(
  worker: BlenderWorker,
  short: ShortRequest,
  signal: AbortSignal = NEVER,
): { readonly rendering: Promise<unknown>; readonly begun: Promise<void>; readonly folder: string } {
  const folder = temporaryFolder();
  let rendering: Promise<unknown> = Promise.resolve();
  const begun = new Promise<void>((resolve, reject) => {
    rendering = worker.render({ ...USUAL, folder, ...short }, ({ sample }) => sample > 0 && resolve(), signal);
    rendering.catch(reject);
  });
  begun.catch(() => undefined);
  return { rendering, begun, folder };
}

/** Mean colour of a picture, each 0 to 255. */
function meanColour(pixels: Pixels): number[] {
  const sums = [0, 0, 0];
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++)
      pixels
        .at(x, y)
        .slice(0, 3)
        .forEach((value, channel) => (sums[channel]! += value));
  }
  return sums.map((sum) => sum / (pixels.width * pixels.height));
}

function expectRed([red, green, blue]: readonly number[]): void {
  expect(red).toBeGreaterThan(250);
  expect(green! + blue!).toBeLessThan(10);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Signatures at the beginning of files. */
const SIGNATURES = {
  png: '89504e47',
  jpeg: 'ffd8ff',
  exr: '762f3101',
  'exr-multilayer': '762f3101',
  webp: '52494646',
  tiff: '49492a00',
} as const;

needs.blender('a Blender worker', () => {
  beforeAll(async () => {
    scenes = await blenderScenes();
  });

  describe('that is left alone', () => {
    it('renders frame after frame, and is gone when it is stopped', async () => {
      const worker = await start();
      expect(worker.version).toMatch(/^\d+\.\d+\.\d+$/);
      const progress: { sample: number; samples: number; memoryBytes?: number }[] = [];
      const first = await renderFrame(worker, request('anim'), { onProgress: (told) => progress.push(told) });
      const twelfth = await renderFrame(worker, request('anim', { frame: 12 }));
      const again = await renderFrame(worker, request('anim'));
      expect(first.files).toEqual([{ path: expect.stringMatching(/image\.png$/), place: { view: '' } }]);
      expect(first.seconds).toBeGreaterThan(0);
      expect(first.warnings).toEqual([]);
      expect(first.log.some((line) => line.startsWith('Saved: '))).toBe(true);
      expect(twelfth.log.filter((line) => line.startsWith('Saved: '))).toHaveLength(1);
      expect(twelfth.log.some((line) => line.startsWith('Read blend'))).toBe(false);
      expect(progress.at(-1)).toMatchObject({ sample: 4, samples: 4 });
      expect(progress.at(-1)?.memoryBytes).toBeGreaterThan(1 << 20);
      const [one, twelve, oneAgain] = [first, twelfth, again].map(({ bytes }) => decodePng(bytes)) as [
        Pixels,
        Pixels,
        Pixels,
      ];
      expect([one.width, one.height]).toEqual([160, 90]);
      expect(difference(one, twelve)).toBeGreaterThan(1);
      expect(difference(one, oneAgain)).toBeLessThan(0.1);

      const usage = await worker.usage();
      expect(usage?.cpuSeconds).toBeGreaterThan(0.1);
      expect(usage?.residentBytes).toBeGreaterThan(50 << 20);
      expect(first.peakBytes).toBeGreaterThan(50 << 20);
      await worker.stop();
      expect(await worker.exited).toEqual({ reason: 'stopped', message: 'The worker was stopped.' });
      expect(isAlive(worker.pid)).toBe(false);
      expect(await worker.usage()).toBeNull();
      await expect(renderFrame(worker, request('anim'))).rejects.toThrow('The worker was stopped.');
    });

    it('counts the peak of memory for each frame anew', async () => {
      const worker = await sharedWorker();
      const large = await renderFrame(worker, request('anim', { width: 2000, height: 2000, samples: 1 }));
      const small = await renderFrame(worker, request('anim'));
      expect(large.peakBytes).toBeGreaterThan((small.peakBytes ?? 0) + 2000 * 2000 * 4);
    });

    it('renders what the request asks for, and the scene’s own again afterwards', async () => {
      const worker = await sharedWorker();
      const plain = decodePng((await renderFrame(worker, request('two-scenes'))).bytes);
      const away = decodePng((await renderFrame(worker, request('two-scenes', { camera: 'Away' }))).bytes);
      const second = decodePng(
        (await renderFrame(worker, request('two-scenes', { sceneName: 'Second', width: 40, height: 30 }))).bytes,
      );
      const workbench = await renderFrame(worker, request('two-scenes', { renderEngine: 'workbench' }));
      const plainAgain = decodePng((await renderFrame(worker, request('two-scenes'))).bytes);
      expect(difference(plain, away)).toBeGreaterThan(1);
      expect([second.width, second.height]).toEqual([40, 30]);
      expectRed(second.at(20, 15));
      expect(difference(plain, decodePng(workbench.bytes))).toBeGreaterThan(1);
      expect(difference(plain, plainAgain)).toBeLessThan(0.1);
    });

    it('renders the scene that is active in the file', async () => {
      const worker = await sharedWorker();
      const active = decodePng((await renderFrame(worker, request('second-active'))).bytes);
      expectRed(active.at(80, 45));
    });

    it('takes samples and frame rate from the request', async () => {
      const worker = await sharedWorker();
      const samples: number[] = [];
      await renderFrame(worker, request('anim', { samples: 7, fps: 23.976 }), {
        onProgress: (progress) => samples.push(progress.samples),
      });
      expect(new Set(samples)).toEqual(new Set([7]));
    });

    it('loads the file anew when it has changed', async () => {
      const worker = await sharedWorker();
      const scene = join(temporaryFolder(), 'changing.blend');
      await copyFile(sceneFile('anim'), scene);
      const before = decodePng((await renderFrame(worker, request('anim', { scene }))).bytes);
      await copyFile(sceneFile('second-active'), scene);
      await utimes(scene, 1, 1);
      const after = decodePng((await renderFrame(worker, request('anim', { scene }))).bytes);
      expect(difference(before, after)).toBeGreaterThan(10);
    });

    it.each(Object.keys(SIGNATURES) as (keyof typeof SIGNATURES)[])('writes %s', async (format) => {
      const worker = await sharedWorker();
      const { files } = await renderInto(worker, request('anim', { format }));
      expect(files).toHaveLength(1);
      expect((await readFile(files[0]!.path)).toString('hex')).toMatch(new RegExp(`^${SIGNATURES[format]}`));
    });

    it.each(['eevee', 'workbench'])('renders with %s without a display', async (scene) => {
      const worker = await sharedWorker();
      const samples: number[] = [];
      const { bytes } = await renderFrame(worker, request(scene), {
        onProgress: (progress) => samples.push(progress.sample),
      });
      const pixels = decodePng(bytes);
      expect(pixels.at(80, 45)[3]).toBe(255);
      expect(
        difference(pixels, decodePng((await renderFrame(worker, request(scene, { frame: 12 }))).bytes)),
      ).toBeGreaterThan(1);
      if (scene === 'eevee') expect(samples.at(-1)).toBe(4);
    });
  });

  describe('with more than one file for a frame', () => {
    it('gives one for each view', async () => {
      const worker = await sharedWorker();
      const { files } = await renderInto(worker, request('stereo'));
      expect(files.map(({ place }) => place)).toEqual([{ view: '_L' }, { view: '_R' }]);
      const [left, right] = await Promise.all(files.map(async ({ path }) => decodePng(await readFile(path))));
      expect(difference(left!, right!)).toBeGreaterThan(0.1);
    });

    it('tells the size of what is not as large as asked for', async () => {
      const worker = await sharedWorker();
      for (const [scene, width, height] of [
        ['side-by-side', 320, 90],
        ['cropped', 80, 36],
      ] as const) {
        const { files } = await renderInto(worker, request(scene));
        expect(files).toEqual([{ path: expect.any(String), place: { view: '' }, size: { width, height } }]);
        const pixels = decodePng(await readFile(files[0]!.path));
        expect([pixels.width, pixels.height]).toEqual([width, height]);
      }
    });

    it('keeps all passes and layers in one', async () => {
      const worker = await sharedWorker();
      const { files } = await renderInto(worker, request('multilayer', { format: 'exr-multilayer' }));
      expect(files.map(({ place }) => place)).toEqual([{ view: '' }]);
      const header = (await readFile(files[0]!.path)).toString('latin1', 0, 4_000);
      expect(header).toContain('ViewLayer.Normal.X');
      expect(header).toContain('Second layer.Combined.R');
    });

    it('has File Output nodes write into the frame’s folder, and says where their files belong', async () => {
      const worker = await sharedWorker();
      for (const frame of [7, 112]) {
        const { files, folder } = await renderInto(worker, request('file-output', { frame }));
        const four = String(frame).padStart(4, '0');
        const two = String(frame).padStart(2, '0');
        expect(files[0]!.place).toEqual({ view: '' });
        expect(files.slice(1).map(({ place }) => place)).toEqual(
          expect.arrayContaining([
            { file: join(scenes, 'passes', 'b##', `colour_${two}.png`) },
            { file: join(scenes, 'passes', 'b##', 'deep', `alpha${four}.png`) },
            { file: join(scenes, 'passes', `beside_${four}.png`) },
            { file: join(scenes, 'layered', `all_${four}.exr`) },
          ]),
        );
        expect(files).toHaveLength(5);
        for (const { path } of files) {
          expect(path.startsWith(`${folder}/`)).toBe(true);
          expect(existsSync(path)).toBe(true);
        }
      }
      expect(existsSync(join(scenes, 'passes'))).toBe(false);
      expect(existsSync(join(scenes, 'layered'))).toBe(false);
    });

    it('gives File Output nodes’ files of both views', async () => {
      const worker = await sharedWorker();
      const { files } = await renderInto(worker, request('file-output-stereo', { frame: 3 }));
      const names = files.map(({ place }) => ('file' in place ? basename(place.file) : place.view));
      expect(names.sort()).toEqual(
        [
          '_L',
          '_R',
          'all_0003_L.exr',
          'all_0003_R.exr',
          'alpha0003_L.png',
          'alpha0003_R.png',
          'beside_0003_L.png',
          'beside_0003_R.png',
          'colour_03_L.png',
          'colour_03_R.png',
        ].sort(),
      );
    });
  });

  describe('with a scene of a special kind', () => {
    it('renders what the sequencer shows, each frame once', async () => {
      const worker = await sharedWorker();
      const strip = await renderInto(worker, request('sequencer', { frame: 2 }));
      const colour = await renderInto(worker, request('sequencer', { frame: 15 }));
      expect(strip.files).toHaveLength(1);
      const [red, green, blue] = meanColour(decodePng(await readFile(colour.files[0]!.path)));
      expect(green).toBeGreaterThan(200);
      expect(red! + blue!).toBeLessThan(50);
      expect(meanColour(decodePng(await readFile(strip.files[0]!.path)))[0]).toBeGreaterThan(20);
    });

    it('renders stills of one that asks for a movie, and says so', async () => {
      const worker = await sharedWorker();
      const { files, warnings } = await renderInto(worker, request('movie', { format: 'jpeg' }));
      expect(files[0]!.path).toMatch(/image\.jpg$/);
      expect(warnings).toEqual([expect.stringMatching(/asks for a movie/)]);
    });

    it('renders without a missing texture or library, and says so', async () => {
      const worker = await sharedWorker();
      expect((await renderFrame(worker, request('missing-texture'))).warnings).toEqual([
        `The image “${join(scenes, 'textures', 'gone.png')}” is missing: frames are rendered without it.`,
      ]);
      expect((await renderFrame(worker, request('uses-gone-library'))).warnings).toEqual([
        `The library “${join(scenes, 'gone-library.blend')}” is missing: frames are rendered without it.`,
      ]);
      expect((await renderFrame(worker, request('uses-library'))).warnings).toEqual([]);
    });

    it('renders without what a damaged library should have given, and says so', async () => {
      const worker = await sharedWorker();
      const folder = temporaryFolder();
      const scene = join(folder, 'uses-library.blend');
      await copyFile(sceneFile('uses-library'), scene);
      const library = await readFile(sceneFile('library'));
      writeFileSync(join(folder, 'library.blend'), library.subarray(0, library.length / 2));
      const { files, warnings } = await renderInto(worker, request('uses-library', { scene }));
      expect(files).toHaveLength(1);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^Blender opened the file, but something in it is wrong \(.*library\.blend.*Missing DNA block\): frames are rendered without it\.$/,
        ),
      ]);
    });

    it('runs scripts of the scene only when they are allowed', async () => {
      const careful = await sharedWorker();
      const { warnings } = await renderFrame(careful, request('raising'));
      expect(warnings).toEqual([expect.stringMatching(/holds scripts that are not run/)]);
      const trusting = await start({ allowScripts: true });
      const { warnings: raised, log } = await renderFrame(trusting, request('raising'));
      expect(raised).toEqual([
        expect.stringMatching(/A script failed while the frame was rendered \(ValueError: a bad day\)/),
      ]);
      expect(log).toContain('Traceback (most recent call last):');
    });

    it('says so when a script takes the image elsewhere', async () => {
      const worker = await start({ allowScripts: true });
      const scene = join(temporaryFolder(), 'redirecting.blend');
      await copyFile(sceneFile('redirecting'), scene);
      expect(await failureOf(renderFrame(worker, request('redirecting', { scene })))).toMatchObject({
        final: false,
        kind: 'output',
        message: expect.stringMatching(/wrote no image/),
      });
    });
  });

  describe('with a frame that can’t be rendered', () => {
    it('says why, so that a person can do something, and goes on', async () => {
      const worker = await sharedWorker();
      const folder = temporaryFolder();
      const damaged = async (name: string, change: (bytes: Buffer) => Buffer): Promise<string> => {
        const file = join(folder, name);
        writeFileSync(file, change(await readFile(sceneFile('plain'))));
        return file;
      };
      const cases: [Partial<ShortRequest>, RegExp, boolean][] = [
        [{ scene: sceneFile('no-camera') }, /^The scene has no camera to render from: add one/, true],
        [{ camera: 'Nobody' }, /^The scene has no camera “Nobody”: choose one of “Camera”\.$/, true],
        [{ scene: sceneFile('no-camera'), camera: 'Nobody' }, /has no camera “Nobody”: it has none at all/, true],
        [
          { sceneName: 'Third', scene: sceneFile('two-scenes') },
          /There is no scene “Third” in “.*”: choose one of “Scene”, “Second”\.$/,
          true,
        ],
        [
          { scene: sceneFile('gone-engine') },
          /^The render engine “FRAMEGAUGE_GONE” is not available in this Blender .*: install or enable its add-on/,
          true,
        ],
        [{ renderEngine: 'LUXCORE' }, /^The render engine “LUXCORE” is not available/, true],
        [{ scene: join(folder, 'gone.blend') }, /^The scene “.*gone\.blend” is not there: put it back/, true],
        [{ scene: folder }, /is no file/, true],
        [{ scene: await damaged('empty.blend', () => Buffer.alloc(0)) }, /is no Blender file \(it is empty\)/, true],
        [
          { scene: await damaged('text.blend', () => Buffer.from('Once upon a time')) },
          /is no Blender file: open it in Blender/,
          true,
        ],
        [
          { scene: await damaged('short.blend', (bytes) => bytes.subarray(0, bytes.length / 2)) },
          /^Blender can’t read the scene .*Missing DNA block.*the file is damaged/,
          true,
        ],
        [
          {
            scene: await damaged('newer.blend', (bytes) =>
              Buffer.concat([bytes.subarray(0, 9), Buffer.from('999'), bytes.subarray(12)]),
            ),
          },
          /was saved by Blender 9\.99, which is newer than the Blender/,
          true,
        ],
        [
          {
            scene: await damaged('newest.blend', (bytes) =>
              Buffer.concat([Buffer.from('BLENDER17-01v0703'), bytes.subarray(12)]),
            ),
          },
          /was saved by Blender 7\.3, which is newer/,
          true,
        ],
      ];
      for (const [more, message, final] of cases) {
        const failure = await failureOf(renderFrame(worker, request('anim', more)));
        expect(failure.message).toMatch(message);
        expect(failure).toMatchObject({ final, kind: 'render' });
      }
      expect((await renderFrame(worker, request('anim'))).files).toHaveLength(1);
    });

    it('says how to render without a denoiser that is not there', async () => {
      const worker = await sharedWorker();
      const rendering = renderFrame(worker, request('denoise'));
      // Blenders other than Debian's have it.
      const failure = await rendering.then(
        () => null,
        (error: FrameError) => error,
      );
      if (failure)
        expect(failure).toMatchObject({
          final: true,
          kind: 'render',
          message: expect.stringMatching(/denoising.*turn it off in the scene/),
        });
    });

    it('says where it could not write to', async () => {
      const worker = await sharedWorker();
      const folder = temporaryFolder();
      const gone = join(folder, 'gone');
      expect(
        await failureOf(worker.render({ ...USUAL, ...request('anim'), folder: gone }, () => undefined, NEVER)),
      ).toMatchObject({
        final: false,
        kind: 'output',
        message: `Frame 1 could not be written: the folder “${gone}” is not there.`,
      });
      // A folder where the image should be.
      mkdirSync(join(folder, 'image.png'));
      const failure = await failureOf(worker.render({ ...USUAL, ...request('anim'), folder }, () => undefined, NEVER));
      expect(failure).toMatchObject({
        final: false,
        kind: 'output',
        message: expect.stringMatching(/^The image of frame 1 could not be written \(.*\): see to it/),
      });
      expect(failure.log.some((line) => line.includes('cannot save'))).toBe(true);
    });
  });

  describe('that gets lost', () => {
    it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('by %s: says so', async (signal) => {
      const worker = await start();
      const { rendering, begun } = underWay(worker, request('long', { width: 1280, height: 720, samples: 100_000 }));
      await begun;
      process.kill(worker.pid, signal);
      expect(await failureOf(rendering)).toMatchObject({
        final: false,
        kind: 'crash',
        message: `Blender was ended from outside (${signal}) while it rendered frame 1.`,
      });
      expect(await worker.exited).toMatchObject({ reason: 'crash' });
    });

    it('by a crash: says so, and keeps its crash report', async () => {
      const worker = await start();
      const { rendering, begun } = underWay(
        worker,
        request('long', { frame: 3, width: 1280, height: 720, samples: 100_000 }),
      );
      await begun;
      process.kill(worker.pid, 'SIGSEGV');
      const failure = await failureOf(rendering);
      expect(failure).toMatchObject({
        final: false,
        kind: 'crash',
        message: expect.stringMatching(/^Blender crashed \(SIGSEGV\) while it rendered frame 3\./),
      });
      expect(failure.log.some((line) => line.includes('# backtrace'))).toBe(true);
    });

    it('by its own end: says so', async () => {
      const worker = await start({ allowScripts: true });
      expect(await failureOf(renderFrame(worker, request('leaving')))).toMatchObject({
        final: false,
        kind: 'crash',
        message: expect.stringMatching(/^Blender ended by itself \(exit code 1\) while it rendered frame 1\./),
      });
      expect(await worker.exited).toMatchObject({ reason: 'exit' });
    });

    it('while it stands idle', async () => {
      const worker = await start();
      process.kill(worker.pid, 'SIGKILL');
      expect(await worker.exited).toEqual({ reason: 'crash', message: 'Blender was ended from outside (SIGKILL).' });
    });

    it('by not answering: ends it', async () => {
      const worker = await start({ patience: { silence: 2 } });
      const { rendering, begun } = underWay(worker, request('long', { width: 1280, height: 720, samples: 100_000 }));
      await begun;
      process.kill(worker.pid, 'SIGSTOP');
      expect(await failureOf(rendering)).toMatchObject({
        final: false,
        kind: 'timeout',
        message: 'Blender did not answer for 2 s while it rendered frame 1.',
      });
      expect(await worker.exited).toMatchObject({ reason: 'timeout' });
      expect(isAlive(worker.pid)).toBe(false);
    });

    it('by standing still, although it answers: ends it', async () => {
      const worker = await start({ allowScripts: true, patience: { silence: 60, standstill: 2 } });
      expect(await failureOf(renderFrame(worker, request('sleeping')))).toMatchObject({
        final: false,
        kind: 'timeout',
        message: 'Blender made no progress for 2 s while it rendered frame 1, although it answered.',
      });
      expect(isAlive(worker.pid)).toBe(false);
    });

    it('by holding more memory than it may: ends it', async () => {
      const worker = await start({ allowScripts: true, memoryLimit: 600 << 20 });
      expect(await failureOf(renderFrame(worker, request('hungry')))).toMatchObject({
        final: false,
        kind: 'memory',
        message: expect.stringMatching(
          /^Blender held \d+ MB of memory while it rendered frame 1, more than the 600 MB that it may: let fewer workers render/,
        ),
      });
      expect(await worker.exited).toMatchObject({ reason: 'memory' });
    });

    it('by finding no more memory: says so', async () => {
      const worker = await start();
      const { residentBytes } = (await worker.usage()) ?? {};
      expect(residentBytes).toBeGreaterThan(0);
      // What it has mapped by now, and little more.
      const mapped =
        Number(/^VmSize:\s+(\d+) kB$/m.exec(await readFile(`/proc/${worker.pid}/status`, 'utf8'))?.[1]) * 1024;
      execFileSync('prlimit', ['--pid', String(worker.pid), `--as=${mapped + (300 << 20)}`]);
      expect(
        await failureOf(renderFrame(worker, request('anim', { width: 16_000, height: 16_000, samples: 1 }))),
      ).toMatchObject({
        final: false,
        kind: 'memory',
        message: expect.stringMatching(/memory.*: let fewer workers render/),
      });
    });

    it('by the host’s will: at once, with nothing left of it', async () => {
      const worker = await start();
      const controller = new AbortController();
      const { rendering, begun } = underWay(
        worker,
        request('long', { width: 1280, height: 720, samples: 100_000 }),
        controller.signal,
      );
      await begun;
      controller.abort();
      expect((await failureOf(rendering)).message).toBe('The frame was given up, and Blender ended with it.');
      expect(await worker.exited).toMatchObject({ reason: 'stopped' });
      expect(isAlive(worker.pid)).toBe(false);
    });

    it('by being stopped in the middle of a frame', async () => {
      const worker = await start();
      const { rendering, begun } = underWay(worker, request('long', { width: 1280, height: 720, samples: 100_000 }));
      await begun;
      await Promise.all([worker.stop(), expect(rendering).rejects.toThrow('The worker was stopped.')]);
      expect(isAlive(worker.pid)).toBe(false);
    });

    it('with the host, however that ends', async () => {
      const folder = temporaryFolder();
      const host = spawn(
        process.execPath,
        ['scripts/run-ts.mjs', 'test/helpers/blender-host.ts', pathOf('blender'), sceneFile('long'), folder],
        { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: folder } },
      );
      onTestFinished(() => void host.kill('SIGKILL'));
      const pid = await new Promise<number>((resolve) => {
        let text = '';
        host.stdout.on('data', (chunk: Buffer) => {
          text += chunk;
          const told = /^rendering (\d+)$/m.exec(text)?.[1];
          if (told !== undefined) resolve(Number(told));
        });
      });
      expect(isAlive(pid)).toBe(true);
      host.kill('SIGKILL');
      await eventually('Blender’s end', () => Promise.resolve(isAlive(pid) ? null : true));
    });
  });

  it('says why Blender did not come up', async () => {
    await expect(launch({ executable: '/bin/false' })).rejects.toThrow(
      'Blender at “/bin/false” did not start: Blender ended by itself (exit code 1).',
    );
    await expect(launch({ executable: '/no/such/blender' })).rejects.toThrow(
      /could not be started.*: name a Blender program/,
    );
    await expect(launch({ patience: { start: 0.05 } })).rejects.toThrow(/did not start within 0.05 s/);
  });
});
