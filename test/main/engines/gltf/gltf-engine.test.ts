import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
  KHRLightsPunctual,
  KHRTextureBasisu,
} from '@gltf-transform/extensions';
import { DataTexture, RGBAFormat, SRGBColorSpace, UnsignedByteType } from 'three';
import { KTX2Exporter } from 'three/examples/jsm/exporters/KTX2Exporter.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGltfEngine } from '../../../../src/main/engines/gltf/gltf-engine';
import { headlessChromium } from '../../../../src/main/engines/pages/headless-chromium';
import { FrameError, type RenderRequest, type Worker } from '../../../../src/main/engines/render-engine';
import { verifyPng } from '../../../../src/main/images/verify-image';
import { decodePng, difference, type Pixels } from '../../../helpers/decode-png';
import { BUILT, SCENE_THREAD, startGltfHost, type GltfHost } from '../../../helpers/gltf-host';
import {
  bumps,
  GREEN,
  HALF_LIGHT,
  morphingSquare,
  movingSquare,
  RED,
  SceneBuilder,
  skinnedSquare,
} from '../../../helpers/gltf-scenes';
import { makePng } from '../../../helpers/png';
import { renderFrame, type ShortRequest } from '../../../helpers/render-frame';
import { sampleSettings } from '../../../helpers/samples';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const TURNTABLE = resolve(import.meta.dirname, '../../../../examples/turntable.glb');
const SMALL = { frame: 1, fps: 24, width: 64, height: 64, samples: 1 } satisfies Omit<ShortRequest, 'scene'>;

let host: GltfHost;
let worker: Worker;

beforeAll(async () => {
  host = await startGltfHost({ pages: headlessChromium() });
  worker = await host.engine.startWorker('');
});
afterAll(async () => {
  await host?.close();
});

async function render(
  scene: string,
  settings: Partial<RenderRequest> = {},
  on: Worker = worker,
): Promise<{ bytes: Uint8Array; pixels: Pixels }> {
  const request = { ...SMALL, scene, ...settings };
  const { bytes } = await renderFrame(on, request);
  await verifyPng(bytes, request.width, request.height);
  return { bytes, pixels: decodePng(bytes) };
}

/** Middle of everything that is red, in metres: the picture shows −2 to 2. */
function middleOf(pixels: Pixels, channel: 0 | 1 | 2): { x: number; y: number } {
  let [x, y, n] = [0, 0, 0];
  for (let j = 0; j < pixels.height; j++) {
    for (let i = 0; i < pixels.width; i++) {
      if (pixels.at(i, j)[channel] < 120) continue;
      x += i + 0.5;
      y += j + 0.5;
      n += 1;
    }
  }
  expect(n).toBeGreaterThan(0);
  return { x: (x / n / pixels.width) * 4 - 2, y: 2 - (y / n / pixels.height) * 4 };
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('is helped by half of the cores, at most four', async () => {
  const engine = createGltfEngine({
    pages: { open: () => Promise.reject(new Error('none')), close: async () => undefined },
    built: BUILT,
    sceneThread: SCENE_THREAD,
    baseUrl: () => '',
  });
  const limit = (cores: number): number => engine.workerLimit(sampleSettings(), { cores, rendered: 0, level: 1 });
  expect([1, 2, 4, 64].map(limit)).toEqual([1, 1, 2, 4]);
  await engine.close();
});

describe('a frame', () => {
  it('shows the colours that the materials were given, opaque', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    const { pixels } = await render(scene, { frame: 12 });
    const [red, green, blue, alpha] = pixels.at(32, 32);
    expect(Math.abs(red - HALF_LIGHT)).toBeLessThanOrEqual(1);
    expect(green + blue).toBeLessThanOrEqual(2);
    expect(alpha).toBe(255);
    expect(pixels.at(0, 0)[3]).toBe(255);
  });

  it.each([
    [0, -1],
    [12, 0],
    [24, 1],
    [30, 0.5],
    [48, -1],
    [1000, -1],
  ])('%d shows the moment frame / fps', async (frame, x) => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    expect(middleOf((await render(scene, { frame })).pixels, 0).x).toBeCloseTo(x, 1);
  });

  it('follows the frames per second that are asked for', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    expect(middleOf((await render(scene, { frame: 15, fps: 60 })).pixels, 0).x).toBeCloseTo(-0.5, 1);
  });

  it('is seen by the first camera, or by the one that is named', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    expect(middleOf((await render(scene, { frame: 12 })).pixels, 0).x).toBeCloseTo(0, 1);
    expect(middleOf((await render(scene, { frame: 12, camera: 'Front' })).pixels, 0).x).toBeCloseTo(0, 1);
    expect(middleOf((await render(scene, { frame: 12, camera: 'Right' })).pixels, 0).x).toBeCloseTo(-1, 1);
  });

  it('fails for good when the named camera is not there', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    await expect(render(scene, { camera: 'Left' })).rejects.toMatchObject({
      name: 'FrameError',
      final: true,
      message: 'The scene has no camera “Left”; it has “Front”, “Right”.',
    });
  });

  it('is fitted around the whole animation where the scene has no camera', async () => {
    const builder = new SceneBuilder();
    const node = builder.show('Square', builder.square(RED));
    builder.animate('Away', node, 'translation', [0, 1], [0, 0, 0, 30, 0, 0]);
    const scene = await builder.write(join(temporaryFolder(), 'far.glb'));
    const start = middleOf((await render(scene, { frame: 0, width: 256, height: 256 })).pixels, 0);
    const end = middleOf((await render(scene, { frame: 24, width: 256, height: 256 })).pixels, 0);
    expect(Math.abs(start.x - end.x)).toBeGreaterThan(1);
  });

  it('has exactly the size that is asked for, whatever it was before', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    for (const [width, height] of [
      [64, 64],
      [1, 1],
      [301, 7],
      [3, 200],
      [64, 64],
    ] as const) {
      const { pixels } = await render(scene, { width, height });
      expect([pixels.width, pixels.height]).toEqual([width, height]);
    }
  });

  it('says what the largest size is where it is too large', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    await expect(render(scene, { width: 16_384, height: 16_384 })).rejects.toMatchObject({
      final: true,
      message: expect.stringMatching(/can render at most \d+ pixels a side, not 16384 × 16384/),
    });
    expect((await render(scene)).pixels.width).toBe(64);
  });

  it('has smoother edges with more samples, and reports each of them', async () => {
    const builder = new SceneBuilder();
    builder.camera('Front');
    builder.show('Square', builder.square(RED)).setRotation([0, 0, 0.1305, 0.9914]);
    const scene = await builder.write(join(temporaryFolder(), 'turned.glb'));
    const shades = async (samples: number): Promise<number> => {
      const { pixels } = await render(scene, { samples });
      const reds = new Set<number>();
      for (let y = 0; y < 64; y++) for (let x = 0; x < 64; x++) reds.add(pixels.at(x, y)[0] >> 2);
      return reds.size;
    };
    const [one, many] = [await shades(1), await shades(16)];
    expect(one).toBeLessThanOrEqual(4);
    expect(many).toBeGreaterThan(10);

    const steps: number[] = [];
    await renderFrame(
      worker,
      { ...SMALL, scene, samples: 8, width: 256, height: 256 },
      {
        onProgress: ({ sample, samples }) => {
          expect(samples).toBe(8);
          steps.push(sample);
        },
      },
    );
    expect(steps.at(-1)).toBe(8);
    expect(steps.toSorted((a, b) => a - b)).toEqual(steps);
  });
});

describe('the same frame', () => {
  it('is the same bytes again: in any order, after another scene, and from another worker', async () => {
    const other = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    const settings = { width: 96, height: 54, samples: 3 };
    const second = await host.engine.startWorker('');
    try {
      const forwards: string[] = [];
      for (const frame of [1, 20, 40]) forwards.push(digest((await render(TURNTABLE, { ...settings, frame })).bytes));
      await render(other);
      const backwards: string[] = [];
      for (const frame of [40, 20, 1]) backwards.push(digest((await render(TURNTABLE, { ...settings, frame })).bytes));
      const elsewhere: string[] = [];
      for (const frame of [20, 1, 40])
        elsewhere.push(digest((await render(TURNTABLE, { ...settings, frame }, second)).bytes));
      expect(new Set(forwards).size).toBe(3);
      expect(backwards).toEqual(forwards.toReversed());
      expect(elsewhere).toEqual([forwards[1], forwards[0], forwards[2]]);
    } finally {
      await second.stop();
    }
  });

  it('follows the scene file when that is saved again', async () => {
    const folder = temporaryFolder();
    const scene = await movingSquare().write(join(folder, 'scene.glb'));
    expect((await render(scene, { frame: 12 })).pixels.at(32, 32)[0]).toBeGreaterThan(150);
    const green = new SceneBuilder();
    green.camera('Front');
    green.show('Square', green.square(GREEN));
    await rename(await green.write(join(folder, 'new.glb')), scene);
    expect((await render(scene, { frame: 12 })).pixels.at(32, 32)[1]).toBeGreaterThan(150);
  });
});

describe('what scenes are made of', () => {
  it('skins follow their joints', async () => {
    const scene = await skinnedSquare().write(join(temporaryFolder(), 'skin.glb'));
    expect(middleOf((await render(scene, { frame: 24 })).pixels, 1).x).toBeCloseTo(1, 1);
    expect(middleOf((await render(scene, { frame: 0 })).pixels, 1).x).toBeCloseTo(0, 1);
    expect(middleOf((await render(scene, { frame: 12 })).pixels, 1).x).toBeCloseTo(0.5, 1);
  });

  it('morph targets follow their weights', async () => {
    const scene = await morphingSquare().write(join(temporaryFolder(), 'morph.glb'));
    expect(middleOf((await render(scene, { frame: 24 })).pixels, 2).y).toBeCloseTo(1, 1);
    expect(middleOf((await render(scene, { frame: 12 })).pixels, 2).y).toBeCloseTo(0.5, 1);
  });

  it.each(['Draco', 'Meshopt'] as const)('%s compression shows the same picture as none', async (compression) => {
    const folder = temporaryFolder();
    const plain = await bumps().write(join(folder, 'plain.glb'));
    const builder = bumps();
    if (compression === 'Draco') builder.extension(KHRDracoMeshCompression).setRequired(true);
    else
      builder
        .extension(EXTMeshoptCompression)
        .setRequired(true)
        .setEncoderOptions({ method: EXTMeshoptCompression.EncoderMethod.QUANTIZE });
    const packed = await builder.write(join(folder, 'packed.glb'));
    expect(
      (await readFile(packed)).includes(
        compression === 'Draco' ? 'KHR_draco_mesh_compression' : 'EXT_meshopt_compression',
      ),
    ).toBe(true);
    expect((await host.engine.inspect(packed)).warnings).toEqual([]);
    const [a, b] = [(await render(plain)).pixels, (await render(packed)).pixels];
    // The middle is lit surface and not background.
    expect(a.at(32, 32)[0]).toBeGreaterThan(80);
    expect(difference(a, b)).toBeLessThan(1.5);
  });

  it('KTX 2 textures are decoded', async () => {
    const shades = new DataTexture(new Uint8Array(4 * 4 * 4).fill(128), 4, 4, RGBAFormat, UnsignedByteType);
    shades.colorSpace = SRGBColorSpace;
    const file = await new KTX2Exporter().parse(shades);
    const builder = new SceneBuilder();
    builder.camera('Front');
    builder.extension(KHRTextureBasisu).setRequired(true);
    const square = builder.square([1, 0, 0]);
    square
      .getMaterial()!
      .setBaseColorTexture(
        builder.document.createTexture('Shades').setImage(new Uint8Array(file)).setMimeType('image/ktx2'),
      );
    builder.show('Square', square);
    const scene = await builder.write(join(temporaryFolder(), 'ktx2.glb'));
    const [red, green] = (await render(scene)).pixels.at(32, 32);
    expect(Math.abs(red - 128)).toBeLessThanOrEqual(2);
    expect(green).toBeLessThanOrEqual(1);
  });

  it('lights throw shadows', async () => {
    const picture = async (blocked: boolean): Promise<Pixels> => {
      const builder = new SceneBuilder();
      builder.camera('Front');
      const white = builder.document
        .createMaterial()
        .setBaseColorFactor([0.8, 0.8, 0.8, 1])
        .setMetallicFactor(0)
        .setRoughnessFactor(1);
      builder.show('Wall', builder.square(RED).setMaterial(white)).setScale([4, 4, 1]);
      // Beside what the camera sees, between the light and the wall's right half.
      if (blocked) builder.show('Blocker', builder.square(RED), [4, 0, 2]).setScale([3, 6, 1]);
      const light = builder.extension(KHRLightsPunctual).createLight('Sun').setType('directional').setIntensity(3);
      // From the right and the front, 45°.
      const sun = builder.document
        .createNode('Sun')
        .setRotation([0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)])
        .setExtension('KHR_lights_punctual', light);
      builder.scene.addChild(sun);
      return (await render(await builder.write(join(temporaryFolder(), 'sun.glb')))).pixels;
    };
    const [free, blocked] = [await picture(false), await picture(true)];
    expect(free.at(55, 32)[0]).toBeGreaterThan(150);
    expect(blocked.at(55, 32)[0]).toBeLessThan(free.at(55, 32)[0] - 60);
    expect(Math.abs(blocked.at(8, 32)[0] - free.at(8, 32)[0])).toBeLessThan(4);
  });

  it('lights in lumens, as Blender writes them, do not burn the picture out', async () => {
    const shade = async (candela: number): Promise<number> => {
      const builder = new SceneBuilder();
      builder.camera('Front');
      builder.show(
        'Wall',
        builder
          .square(RED)
          .setMaterial(builder.document.createMaterial().setBaseColorFactor([0.5, 0.5, 0.5, 1]).setMetallicFactor(0)),
      );
      const light = builder.extension(KHRLightsPunctual).createLight('Lamp').setType('point').setIntensity(candela);
      builder.scene.addChild(
        builder.document.createNode('Lamp').setTranslation([0, 0, 5]).setExtension('KHR_lights_punctual', light),
      );
      return (await render(await builder.write(join(temporaryFolder(), 'lamp.glb')))).pixels.at(32, 32)[0];
    };
    // 500 W in Blender: 500 / 4π in its own units, 683 times as much in lumens.
    const watts = 500 / (4 * Math.PI);
    expect(await shade(watts * 683)).toBe(await shade(watts));
    expect(await shade(watts)).toBeLessThan(250);
  });

  it('a .gltf finds its files beside and below it, and under names with spaces', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'scenes', 'deep'), { recursive: true });
    await mkdir(join(folder, 'scenes', 'textures'));
    const builder = new SceneBuilder();
    builder.camera('Front');
    const texture = builder.document
      .createTexture('Shade')
      .setImage(new Uint8Array(makePng(4, 4, 128)))
      .setMimeType('image/png')
      .setURI('textures/my%20shade.png');
    const square = builder.square([1, 1, 1]);
    square.getMaterial()!.setBaseColorTexture(texture);
    builder.show('Square', square);
    builder.document.getRoot().listBuffers()[0]!.setURI('deep/data.bin');
    const scene = await builder.write(join(folder, 'scenes', 'scene.gltf'));
    await rm(join(folder, 'scenes', 'textures', 'my%20shade.png'), { force: true });
    await writeFile(join(folder, 'scenes', 'textures', 'my shade.png'), makePng(4, 4, 128));
    expect((await host.engine.inspect(scene)).warnings).toEqual([]);
    const [red, green] = (await render(scene)).pixels.at(32, 32);
    // Grey is darkened a little by the tone curve.
    expect(red).toBeGreaterThan(90);
    expect(red).toBeLessThanOrEqual(129);
    expect(green).toBe(red);
  });
});

describe('a broken scene', () => {
  async function textured(folder: string, image: Uint8Array<ArrayBuffer>): Promise<string> {
    const builder = new SceneBuilder();
    builder.camera('Front');
    const square = builder.square([1, 1, 1]);
    square
      .getMaterial()!
      .setBaseColorTexture(
        builder.document.createTexture('Wood').setImage(image).setMimeType('image/png').setURI('wood.png'),
      );
    builder.show('Square', square);
    return builder.write(join(folder, 'scene.gltf'));
  }

  it('fails for good without its texture, which inspect warns of', async () => {
    const folder = temporaryFolder();
    const scene = await textured(folder, new Uint8Array(makePng(4, 4)));
    await rm(join(folder, 'wood.png'));
    expect((await host.engine.inspect(scene)).warnings).toEqual([
      '“scene.gltf” needs “wood.png”, which is not there: put it beside the scene, or pack it into the scene file. Frames will fail.',
    ]);
    await expect(render(scene)).rejects.toMatchObject({
      name: 'FrameError',
      final: true,
      message: expect.stringContaining('“wood.png”, which is not there'),
    });
    await writeFile(join(folder, 'wood.png'), makePng(4, 4));
    await expect(render(scene)).resolves.toBeDefined();
  });

  it('fails for good with a texture that cannot be decoded', async () => {
    const folder = temporaryFolder();
    const scene = await textured(folder, new Uint8Array(makePng(4, 4)));
    await writeFile(join(folder, 'wood.png'), 'no image');
    await expect(render(scene)).rejects.toMatchObject({
      final: true,
      message: expect.stringContaining('The image “wood.png” is damaged'),
    });
  });

  it('fails for good with an image inside that cannot be decoded', async () => {
    const folder = temporaryFolder();
    const builder = new SceneBuilder();
    const square = builder.square([1, 1, 1]);
    square.getMaterial()!.setBaseColorTexture(
      builder.document
        .createTexture('Wood')
        .setImage(new Uint8Array([1, 2, 3, 4]))
        .setMimeType('image/png'),
    );
    builder.show('Square', square);
    const scene = await builder.write(join(folder, 'scene.glb'));
    await expect(render(scene)).rejects.toMatchObject({
      final: true,
      message: expect.stringContaining('The image “Wood” inside the scene file is damaged'),
    });
  });

  it('fails for good where compressed data are damaged', async () => {
    const folder = temporaryFolder();
    const builder = bumps();
    builder.extension(KHRDracoMeshCompression).setRequired(true);
    const path = await builder.write(join(folder, 'packed.glb'));
    const bytes = await readFile(path);
    bytes.fill(0x55, bytes.length - 1500);
    await writeFile(path, bytes);
    await expect(render(path)).rejects.toMatchObject({
      name: 'FrameError',
      final: true,
      message: expect.stringContaining('cannot be loaded'),
    });
  });

  it('fails for good when the file is gone', async () => {
    await expect(render(join(temporaryFolder(), 'gone.glb'))).rejects.toMatchObject({
      final: true,
      message: expect.stringContaining('There is no file'),
    });
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    await expect(render(scene)).resolves.toBeDefined();
  });
});

describe('a frame that is given up', () => {
  it('rejects soon, and the worker renders on', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    const abort = new AbortController();
    const rendering = renderFrame(
      worker,
      { ...SMALL, scene, samples: 4096, width: 640, height: 640 },
      {
        onProgress: ({ sample }) => {
          if (sample > 0) abort.abort();
        },
        signal: abort.signal,
      },
    );
    await expect(rendering).rejects.toBeInstanceOf(FrameError);
    await expect(rendering).rejects.toMatchObject({ final: false });
    await expect(render(scene)).resolves.toBeDefined();
  });

  it('is not begun where it was given up before', async () => {
    await expect(
      renderFrame(worker, { ...SMALL, scene: TURNTABLE }, { signal: AbortSignal.abort() }),
    ).rejects.toBeInstanceOf(FrameError);
  });

  it('refuses a second frame at a time', async () => {
    const scene = await movingSquare().write(join(temporaryFolder(), 'square.glb'));
    const first = render(scene, { samples: 16 });
    await expect(render(scene)).rejects.toMatchObject({ message: 'The worker is busy with another frame.' });
    await first;
  });
});
