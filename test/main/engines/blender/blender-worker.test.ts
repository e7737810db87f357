import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { copyFile, readFile, rm, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../../src/main/processes/is-alive';
import { startBlender } from '../../../../src/main/engines/blender/blender-process';
import { startBlenderWorker, type BlenderWorkerOptions } from '../../../../src/main/engines/blender/blender-worker';
import { decodePixels } from '../../../../src/main/images/pixels';
import { FrameError, type RenderedFrame } from '../../../../src/main/engines/render-engine';
import { imageVerifier } from '../../../helpers/image-verifier';
import { blenderScenes } from '../../../helpers/blender-scenes';
import { decodePng, difference, type Pixels } from '../../../helpers/decode-png';
import { eventually } from '../../../helpers/eventually';
import { makeRgbaPng } from '../../../helpers/image-files';
import { blenderVersion, eachBlender, pathOf } from '../../../helpers/needs';
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

/** Signatures at the beginning of files. */
const SIGNATURES = {
  png: '89504e47',
  jpeg: 'ffd8ff',
  exr: '762f3101',
  'exr-multilayer': '762f3101',
  webp: '52494646',
  tiff: '49492a00',
  bmp: '424d',
  targa: '0000(02|03|0a|0b)',
  hdr: '233f52',
  jpeg2000: '0000000c6a50',
} as const;

eachBlender('a Blender worker', () => {
  beforeAll(async () => {
    scenes = await blenderScenes();
  });
  afterAll(async () => {
    await (await shared)?.stop();
    shared = null;
  });

  describe('that is left alone', () => {
    it('renders frame after frame, and is gone when it is stopped', async () => {
      const worker = await start();
      expect(worker.version).toMatch(/^\d+\.\d+\.\d+$/);
      const progress: { sample: number; samples: number; memoryBytes?: number }[] = [];
      const first = await renderFrame(worker, request('anim'), { onProgress: (told) => progress.push(told) });
      const twelfth = await renderFrame(worker, request('anim', { frame: 12 }));
      const again = await renderFrame(worker, request('anim'));
      expect(first.files).toEqual([{ path: expect.stringMatching(/image_0001\.png$/), target: { view: '' } }]);
      expect(first.seconds).toBeGreaterThan(0);
      expect(first.warnings).toEqual([]);
      expect(first.log.some((line) => line.includes('Saved: '))).toBe(true);
      expect(twelfth.log.filter((line) => line.includes('Saved: '))).toHaveLength(1);
      expect(twelfth.log.some((line) => line.includes('Read blend'))).toBe(false);
      expect(progress.at(-1)).toMatchObject({ sample: 4, samples: 4 });
      expect(progress.at(-1)?.memoryBytes).toBeGreaterThanOrEqual(1 << 20);
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

    it('renders frames below 0', async () => {
      const worker = await sharedWorker();
      const picture = async (frame: number): Promise<Pixels> =>
        decodePng((await renderFrame(worker, request('anim', { frame }))).bytes);
      const [last, before, first] = [await picture(24), await picture(-3), await picture(1)];
      expect(difference(before, first)).toBeLessThan(0.1);
      expect(difference(before, last)).toBeGreaterThan(1);
      // Keyed to be as usual at -3, and black from 1 on.
      const exposed = async (frame: number): Promise<Pixels> =>
        decodePng((await renderFrame(worker, request('keyed-exposure', { frame }))).bytes);
      const [black, bright] = [await exposed(1), await exposed(-3)];
      expect(Math.max(...meanColour(black))).toBeLessThan(2);
      expect(Math.min(...meanColour(bright))).toBeGreaterThan(20);
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

    it('makes the background transparent where that is asked for, and opaque again', async () => {
      const worker = await sharedWorker();
      const corner = async (more: Partial<ShortRequest>): Promise<number> =>
        decodePng((await renderFrame(worker, request('anim', more))).bytes).at(0, 0)[3]!;
      expect(await corner({})).toBe(255);
      expect(await corner({ transparent: true })).toBe(0);
      expect(await corner({ transparent: false })).toBe(255);
      const { warnings } = await renderFrame(worker, request('anim', { transparent: true, format: 'jpeg' }));
      expect(warnings).toEqual([
        expect.stringMatching(/^The background is to be transparent, which JPEG images cannot show/),
      ]);
    });

    it('computes on the device that is asked for, or says that it is not there', async () => {
      const worker = await sharedWorker();
      const wanting = await renderFrame(worker, request('gpu'));
      expect((await renderFrame(worker, request('gpu', { device: 'cpu' }))).warnings).toEqual([]);
      // Machines with a card that is not switched on in Blender's settings render as well.
      expect(wanting.warnings).toEqual([
        expect.stringMatching(/^The scene asks for the GPU, and this Blender has no device enabled for Cycles/),
      ]);
      const failure = await renderFrame(worker, request('anim', { device: 'metal' })).then(
        () => null,
        (error: unknown) => error,
      );
      if (process.platform !== 'darwin')
        expect(failure).toMatchObject({
          final: true,
          message: 'Cycles finds no device for Metal in this machine: leave the device out, or render with “cpu”.',
        });
    });

    it('renders the scene that is active in the file', async () => {
      const worker = await sharedWorker();
      for (const scene of ['second-active', 'linked-active'])
        expectRed(decodePng((await renderFrame(worker, request(scene))).bytes).at(80, 45));
    });

    it('takes samples and frame rate from the request', async () => {
      const worker = await sharedWorker();
      const samples: number[] = [];
      // So many that there is progress to be told of.
      await renderFrame(worker, request('anim', { samples: 777, fps: 23.976 }), {
        onProgress: (progress) => samples.push(progress.samples),
      });
      expect(new Set(samples)).toEqual(new Set([777]));
    });

    it('keeps the file loaded from frame to frame', async () => {
      const worker = await sharedWorker();
      const scene = join(temporaryFolder(), 'kept.blend');
      await copyFile(sceneFile('anim'), scene);
      const reading = expect.stringContaining('Read blend');
      expect((await renderFrame(worker, request('anim', { scene, frame: 1 }))).log).toContainEqual(reading);
      for (const frame of [2, 3])
        expect((await renderFrame(worker, request('anim', { scene, frame }))).log).not.toContainEqual(reading);
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

    it('loads the file anew when a texture or a library of it has changed', async () => {
      const worker = await sharedWorker();
      const folder = temporaryFolder();
      const [textured, linking] = [join(folder, 'missing-texture.blend'), join(folder, 'uses-library.blend')];
      for (const name of ['missing-texture', 'windows-texture', 'uses-library', 'library'])
        await copyFile(sceneFile(name), join(folder, `${name}.blend`));
      const rendered = async (scene: string): Promise<Pixels> =>
        decodePng((await renderFrame(worker, request('anim', { scene }))).bytes);
      mkdirSync(join(folder, 'textures'));
      const pink = await rendered(textured);
      writeFileSync(join(folder, 'textures', 'gone.png'), await makeRgbaPng(2, 2, () => [0, 1, 0, 1]));
      const green = await rendered(textured);
      writeFileSync(join(folder, 'textures', 'gone.png'), await makeRgbaPng(2, 2, () => [0, 0, 1, 1]));
      utimesSync(join(folder, 'textures', 'gone.png'), 1, 1);
      const blue = await rendered(textured);
      const middle = (pixels: Pixels): number[] => pixels.at(80, 45).slice(0, 3);
      expect(middle(pink)[0]).toBeGreaterThan(middle(pink)[1]!);
      expect(middle(green)[1]).toBeGreaterThan(middle(green)[2]! + 20);
      expect(middle(blue)[2]).toBeGreaterThan(middle(blue)[1]! + 20);
      const backslashed = join(folder, 'windows-texture.blend');
      expect(middle(await rendered(backslashed))[2]).toBeGreaterThan(middle(green)[2]! + 20);
      writeFileSync(join(folder, 'textures', 'gone.png'), await makeRgbaPng(2, 2, () => [0, 1, 0, 1]));
      expect(middle(await rendered(backslashed))[1]).toBeGreaterThan(middle(blue)[1]! + 20);
      const linked = await rendered(linking);
      await rm(join(folder, 'library.blend'));
      expect(difference(linked, await rendered(linking))).toBeGreaterThan(1);
    });

    it.each(Object.keys(SIGNATURES) as (keyof typeof SIGNATURES)[])('writes %s', async (format) => {
      const worker = await sharedWorker();
      const { files } = await renderInto(worker, request('anim', { format }));
      expect(files).toHaveLength(1);
      await imageVerifier.verify(files[0]!.path, format, 160, 90);
      expect((await readFile(files[0]!.path)).toString('hex')).toMatch(new RegExp(`^${SIGNATURES[format]}`));
    });

    it('writes JPEG 2000 with its container, whatever the file asks for', async () => {
      const { files } = await renderInto(await sharedWorker(), request('j2k', { format: 'jpeg2000' }));
      await imageVerifier.verify(files[0]!.path, 'jpeg2000', 160, 90);
    });

    it('has as many bits of a channel as “blender -F” has of another format', async () => {
      const worker = await sharedWorker();
      const folder = temporaryFolder();
      const scene = (format: string, depth: string): string => join(folder, `${format}-${depth}.blend`);
      const made = [
        ['OPEN_EXR', '32'],
        ['OPEN_EXR', '16'],
        ['OPEN_EXR_MULTILAYER', '32'],
        ['PNG', '8'],
      ] as const;
      const script = `
import bpy
for format, depth, file in ${JSON.stringify(made.map(([format, depth]) => [format, depth, scene(format, depth)]))}:
    bpy.ops.wm.open_mainfile(filepath=${JSON.stringify(sceneFile('anim'))})
    settings = bpy.context.scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "MULTI_LAYER_IMAGE" if "MULTI" in format else "IMAGE"
    settings.file_format, settings.color_depth = format, depth
    bpy.ops.wm.save_as_mainfile(filepath=file, copy=True)
`;
      const making = await startBlender({
        executable: pathOf('blender'),
        factoryStartup: true,
        allowScripts: false,
        script,
      });
      expect(await making.ended).toMatchObject({ code: 0 });
      await making.close();
      /** Out of a PNG's header, or an OpenEXR's type of its first channel. */
      const bitsOf = async (file: string, format: 'png' | 'exr'): Promise<number> => {
        const bytes = await readFile(file);
        return format === 'png' ? bytes[24]! : bytes.readUInt32LE(bytes.indexOf('chlist\0') + 13) === 1 ? 16 : 32;
      };
      const formats = [
        ['png', 'PNG'],
        ['exr', 'OPEN_EXR'],
      ] as const;
      const place = (from: string, depth: string): string => join(folder, `${from}-${depth}-`);
      // One Blender, which takes its arguments one after the other: each file is read anew for each format.
      execFileSync(
        pathOf('blender'),
        [
          '-b',
          '--factory-startup',
          ...made.flatMap(([from, depth]) =>
            formats.flatMap(([, name]) => [
              scene(from, depth),
              '-o',
              `${place(from, depth)}####`,
              '-F',
              name,
              '-x',
              '1',
              '-f',
              '1',
            ]),
          ),
        ],
        { stdio: 'ignore' },
      );
      for (const [from, depth] of made) {
        for (const [format] of formats) {
          const { files } = await renderInto(worker, request('anim', { scene: scene(from, depth), format }));
          expect(await bitsOf(files[0]!.path, format), `${from} ${depth} as ${format}`).toBe(
            await bitsOf(`${place(from, depth)}0001.${format}`, format),
          );
        }
      }
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
      expect(files.map(({ target }) => target)).toEqual([{ view: '_L' }, { view: '_R' }]);
      const [left, right] = await Promise.all(files.map(async ({ path }) => decodePng(await readFile(path))));
      expect(difference(left!, right!)).toBeGreaterThan(0.1);
    });

    it('gives one for each view in a format that cannot hold all of them', async () => {
      const worker = await sharedWorker();
      const together = await renderInto(worker, request('views-in-one', { format: 'exr' }));
      expect(together.files.map(({ target }) => target)).toEqual([{ view: '' }]);
      const { files } = await renderInto(worker, request('views-in-one', { format: 'png' }));
      expect(files.map(({ target }) => target)).toEqual([{ view: '_L' }, { view: '_R' }]);
      const own = await renderInto(worker, request('stereo'));
      for (const [i, { path }] of files.entries()) {
        // Blender 5 makes 16 bits of an OpenEXR's.
        const [one, other] = await Promise.all([decodePixels(path), decodePixels(own.files[i]!.path)]);
        expect(one.samples.length).toBe(other.samples.length);
        const worst = Math.max(
          ...Array.from(one.samples, (value, at) => Math.abs(value / one.white - other.samples[at]! / other.white)),
        );
        expect(worst).toBeLessThan(0.06);
      }
    });

    it('tells the size of what is not as large as asked for', async () => {
      const worker = await sharedWorker();
      for (const [scene, width, height] of [
        ['side-by-side', 320, 90],
        ['cropped', 80, 36],
      ] as const) {
        const { files } = await renderInto(worker, request(scene));
        expect(files).toEqual([{ path: expect.any(String), target: { view: '' }, size: { width, height } }]);
        const pixels = decodePng(await readFile(files[0]!.path));
        expect([pixels.width, pixels.height]).toEqual([width, height]);
      }
    });

    it('keeps all passes and layers in one', async () => {
      const worker = await sharedWorker();
      const { files } = await renderInto(worker, request('multilayer', { format: 'exr-multilayer' }));
      expect(files.map(({ target }) => target)).toEqual([{ view: '' }]);
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
        const beside = blenderVersion().startsWith('5.') ? join('b##', `beside_${four}.png`) : `beside_${four}.png`;
        expect(files[0]!.target).toEqual({ view: '' });
        expect(files.slice(1).map(({ target }) => target)).toEqual(
          expect.arrayContaining([
            { file: join(scenes, 'passes', 'b##', `colour_${two}.png`) },
            { file: join(scenes, 'passes', 'b##', 'deep', `alpha${four}.png`) },
            { file: join(scenes, 'passes', beside) },
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
      const names = files.map(({ target }) =>
        'file' in target ? basename(target.file) : 'view' in target ? target.view : target.previewOf,
      );
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
      // As much as the version's view transform leaves of pure green.
      expect(green).toBeGreaterThan(150);
      expect(red! + blue!).toBeLessThan(50);
      expect(meanColour(decodePng(await readFile(strip.files[0]!.path)))[0]).toBeGreaterThan(20);
    });

    it('renders stills of one that asks for a movie, and says so', async () => {
      const worker = await sharedWorker();
      const { files, warnings } = await renderInto(worker, request('movie', { format: 'jpeg' }));
      expect(files[0]!.path).toMatch(/image_0001\.jpg$/);
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

    it('says of which sequences a frame lacks a file', async () => {
      const worker = await sharedWorker();
      const missing = async (frame: number): Promise<readonly string[]> =>
        (await renderFrame(worker, request('sequences', { frame }))).warnings.filter((one) => one.includes('missing'));
      // The overlay begins at frame 3; in Blender 4 its frames before are black.
      const overlay = blenderVersion().startsWith('4.')
        ? [
            `Some files of the image sequence “${join(scenes, 'overlay_####.png')}” are missing: frames that need them are rendered without.`,
          ]
        : [];
      expect(await missing(1)).toEqual(overlay);
      expect(await missing(2)).toEqual([
        `Some files of the image sequence “${join(scenes, 'shot_####.png')}” are missing: frames that need them are rendered without.`,
        ...overlay,
        `Some files of the volume sequence “${join(scenes, 'cloud_####.vdb')}” are missing: frames that need them are rendered without.`,
      ]);
      // The image stays at its last, the volume is clipped.
      expect(await missing(4)).toEqual([]);
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

    it('draws lines by a script only when scripts are allowed', async () => {
      const trace = join(scenes, 'lines-were-drawn');
      const { warnings } = await renderFrame(await sharedWorker(), request('line-script'));
      expect(warnings).toEqual([expect.stringMatching(/holds scripts that are not run/)]);
      expect(existsSync(trace)).toBe(false);
      await renderFrame(await start({ allowScripts: true }), request('line-script'));
      expect(existsSync(trace)).toBe(true);
    });

    it('tells an add-on that fails at the start from a script that fails in the frame', async () => {
      const [config, scripts] = [temporaryFolder(), temporaryFolder()];
      mkdirSync(join(scripts, 'addons'));
      mkdirSync(join(scripts, 'startup'));
      writeFileSync(
        join(scripts, 'addons', 'feeble.py'),
        'bl_info = {"name": "Feeble", "blender": (2, 93, 0), "category": "Render"}\ndef register():\n    raise OSError("not today")\ndef unregister():\n    pass\n',
      );
      writeFileSync(join(scripts, 'startup', 'feeble_too.py'), 'raise OSError("not today either")\n');
      const before = { ...process.env };
      onTestFinished(() => {
        process.env = before;
      });
      Object.assign(process.env, { BLENDER_USER_CONFIG: config, BLENDER_USER_SCRIPTS: scripts });
      const save = 'import bpy\nbpy.context.preferences.addons.new().module = "feeble"\nbpy.ops.wm.save_userpref()\n';
      const preparing = await startBlender({
        executable: pathOf('blender'),
        factoryStartup: false,
        allowScripts: false,
        script: save,
      });
      await preparing.ended;
      await preparing.close();
      const { warnings, log } = await renderFrame(await start({ factoryStartup: false }), request('anim'));
      expect(warnings).toEqual([
        'The add-on “feeble” did not start with Blender: what it should do is missing in the images. Render without your own settings, or mend or remove it.',
      ]);
      expect(log.join('\n')).not.toContain('Traceback');
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

  describe('with a scene that was sent here', () => {
    it('reads nothing outside of its folder and of those that are open, and writes nothing there', async () => {
      const folder = temporaryFolder();
      const [data, open] = [join(folder, 'data'), join(folder, 'open')];
      const uploads = join(data, 'scenes');
      for (const name of [uploads, open, join(uploads, 'textures')]) mkdirSync(name, { recursive: true });
      const secret = await makeRgbaPng(2, 2, () => [1, 1, 1, 1]);
      const [outside, closed] = [join(folder, 'secret.png'), join(data, 'secret.png')];
      for (const file of [outside, closed, join(open, 'shared.png'), join(uploads, 'textures', 'gone.png')])
        writeFileSync(file, secret);
      symlinkSync(outside, join(uploads, 'link.png'));
      // Blender has room for 1023 bytes, and forgets what comes behind.
      const up = '../../secret.png';
      const cutOff = `//${'/'.repeat(1_023 - uploads.length - 1 - up.length)}${up}/../data/scenes/a.png`;
      const refused = [
        '//../../secret.png',
        outside,
        '//../secret.png',
        '//link.png',
        '../../secret.png',
        '//../../nothing.png',
        `</${'../'.repeat(20)}${outside.slice(1)}`,
        // As Windows writes them; Blender reads them everywhere.
        '//..\\..\\secret.png',
        '//textures\\..\\..\\..\\secret.png',
        outside.replaceAll('/', '\\'),
        `C:${'\\..'.repeat(20)}${outside.replaceAll('/', '\\')}`,
        cutOff,
      ];
      const allowed = ['//textures/gone.png', '//textures\\gone.png', join(open, 'shared.png')];
      // By their file: the image that each refers to.
      const images = Object.fromEntries(
        [...refused, ...allowed].map((image, at) => [join(uploads, `sent-${at}.blend`), image]),
      );
      const [own, curious, far] = [join(open, 'own.blend'), join(open, 'curious.blend'), join(uploads, 'far.blend')];
      const [nested, idle] = [join(uploads, 'nested.blend'), join(open, 'idle.blend')];
      const script = `
import bpy
for file, path in ${JSON.stringify({ ...images, [own]: outside, [curious]: closed })}.items():
    bpy.ops.wm.open_mainfile(filepath=${JSON.stringify(sceneFile('missing-texture'))})
    next(image for image in bpy.data.images if image.filepath.endswith("gone.png")).filepath = path
    bpy.ops.wm.save_as_mainfile(filepath=file, copy=True, relative_remap=False)
for file, path, draws in [(${JSON.stringify(nested)}, ${JSON.stringify(outside)}, True), (${JSON.stringify(idle)}, ${JSON.stringify(join(folder, 'nothing.png'))}, False)]:
    bpy.ops.wm.open_mainfile(filepath=${JSON.stringify(sceneFile('anim'))})
    shown, hidden = bpy.context.scene, bpy.data.scenes.new("Hidden")
    hidden.camera = shown.camera
    hidden.render.use_sequencer = False
    for scene in (shown, hidden):
        editor = scene.sequence_editor_create()
        strips = editor.strips if hasattr(editor, "strips") else editor.sequences
        if scene == hidden:
            strips.new_image("secret", path, 1, 1)
        elif draws:
            strips.new_scene("hidden", hidden, 1, 1).scene_input = "SEQUENCER"
    bpy.ops.wm.save_as_mainfile(filepath=file, copy=True)
bpy.ops.wm.open_mainfile(filepath=${JSON.stringify(sceneFile('file-output'))})
for tree in (*bpy.data.node_groups, *(scene.node_tree for scene in bpy.data.scenes if getattr(scene, "node_tree", None))):
    for node in tree.nodes:
        if node.bl_idname == "CompositorNodeOutputFile":
            setattr(node, "directory" if hasattr(node, "directory") else "base_path", ${JSON.stringify(join(folder, 'far', 'all'))})
bpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(far)}, copy=True)
`;
      const making = await startBlender({
        executable: pathOf('blender'),
        factoryStartup: true,
        allowScripts: false,
        script,
      });
      expect(await making.ended).toMatchObject({ code: 0 });
      await making.close();

      const worker = await start({ access: () => ({ folders: [open], dataFolder: data, uploads }) });
      const out = join(folder, 'out');
      const render = (scene: string): Promise<RenderedFrame> => {
        const frameFolder = mkdtempSync(join(out, 'frame-'));
        return worker.render({ ...USUAL, ...request('anim', { scene }), folder: frameFolder }, () => undefined, NEVER);
      };
      mkdirSync(out);
      for (const [scene, image] of Object.entries(images)) {
        if (allowed.includes(image)) expect((await render(scene)).warnings).toEqual([]);
        else
          expect(await failureOf(render(scene))).toMatchObject({
            final: true,
            message: expect.stringMatching(
              /^The scene “sent-\d+\.blend” refers to “.*\.png”, outside of the folders that it may use: put that beside it/,
            ),
          });
      }
      expect((await failureOf(render(nested))).message).toMatch(/^The scene “nested\.blend” refers to “.*secret\.png”/);
      expect((await render(idle)).warnings).toEqual([]);
      // A person's own scene may have its files anywhere but in the host's folder.
      expect((await render(own)).warnings).toEqual([]);
      expect((await failureOf(render(curious))).message).toMatch(/^The scene “curious\.blend” refers to/);
      const { files, warnings } = await render(far);
      expect(files).toHaveLength(1);
      expect(warnings).toContainEqual(
        expect.stringMatching(/^The scene asks for the file “.*far.*”, where it may not write: it was left out\.$/),
      );
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
        [
          { width: 100_000, height: 10 },
          /^This Blender .* can’t render images of 100000 × 10 pixels, only of 65536 × 10: choose a smaller size/,
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
              Buffer.concat([Buffer.from('BLENDER-v999'), bytes.subarray(12)]),
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
      mkdirSync(join(folder, 'image_0001.png'));
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
      // Later ones tell how far they are without printing it.
      if (!worker.version.startsWith('5.'))
        await expect.poll(() => worker.recentLines?.().join('\n')).toMatch(/Fra: ?3\b/);
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
      const worker = await start({ timeouts: { response: 2 } });
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
      const worker = await start({ allowScripts: true, timeouts: { response: 60, progress: 2 } });
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
    await expect(launch({ timeouts: { start: 0.05 } })).rejects.toThrow(/did not start within 0.05 s/);
  });
});
