import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headlessChromium } from '../../../src/main/engines/pages/headless-chromium';
import type { Worker } from '../../../src/main/engines/render-engine';
import { decodePng, type Pixels } from '../../helpers/decode-png';
import { startGltfHost, type GltfHost } from '../../helpers/gltf-host';
import { RawGltf } from '../../helpers/raw-gltf';
import { renderFrame } from '../../helpers/render-frame';
import { temporaryFolder } from '../../helpers/temporary-folder';
import type { CorpusCase, Shade } from './corpus/corpus-case';
import { ANIMATIONS } from './corpus/animations';
import { FILES } from './corpus/files';
import { GEOMETRY } from './corpus/geometry';
import { LIGHTS_AND_CAMERAS } from './corpus/lights-and-cameras';
import { MATERIALS } from './corpus/materials';
import { TEXTURES } from './corpus/textures';

/**
 * What no sentence for a person holds: words of the JavaScript engine, of three.js, paths and addresses of the page's
 * inside.
 */
const NOT_FOR_PEOPLE =
  /undefined|\bnull\b|\[object|is not a function|is not iterable|Cannot read|THREE|TypeError|RangeError|https?:|blob:|\/worker\/|\bat \w+ \(/;

let host: GltfHost;
let worker: Worker;
beforeAll(async () => {
  host = await startGltfHost({ pages: headlessChromium() });
  worker = await host.engine.startWorker('');
});
afterAll(async () => {
  await host?.close();
});

async function writeScene(corpusCase: CorpusCase): Promise<string> {
  const { file = 'gltf', camera = true, build, write, beside } = corpusCase;
  const folder = temporaryFolder();
  const g = new RawGltf({ camera });
  await build(g);
  const scene = join(folder, `scene.${file}`);
  await writeFile(scene, write ? write(g) : file === 'glb' ? g.glb() : g.gltf());
  for (const [name, bytes] of Object.entries((await beside?.()) ?? {})) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return scene;
}

/**
 * 0.05 of light, the background, and 0.5 of grey after tone mapping, which darkens grey a little (Khronos PBR Neutral),
 * in sRGB.
 */
const BACKGROUND = 33;
const HALF_GREY = 180;

function isShade(shade: Shade, [red, green, blue]: readonly number[]): boolean {
  const is = (value: number | undefined, wanted: number): boolean => Math.abs(value! - wanted) <= 3;
  switch (shade) {
    case 'background':
      return [red, green, blue].every((value) => is(value, BACKGROUND));
    case 'white':
      return [red, green, blue].every((value) => is(value, HALF_GREY));
    case 'lit':
      return Math.max(red!, green!, blue!) > 90;
    case 'dark':
      return Math.max(red!, green!, blue!) < 30;
    default: {
      // Corners shade into each other: the colour must lead by far.
      const wanted = { red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1], yellow: [1, 1, 0] }[shade];
      return [red, green, blue].every((value, i) => (wanted[i] ? value! > 120 : value! < 100));
    }
  }
}

async function render(corpusCase: CorpusCase): Promise<{ pixels: Pixels; warnings: readonly string[] }> {
  const scene = await writeScene(corpusCase);
  await host.engine.inspect(scene);
  const { bytes, warnings } = await renderFrame(worker, {
    scene,
    frame: 0,
    width: 64,
    height: 64,
    samples: 1,
    ...corpusCase.request,
  });
  return { pixels: decodePng(bytes), warnings };
}

describe.each([
  ['files', FILES],
  ['geometry', GEOMETRY],
  ['materials', MATERIALS],
  ['textures', TEXTURES],
  ['lights and cameras', LIGHTS_AND_CAMERAS],
  ['animations', ANIMATIONS],
] as const)('%s', (_, cases) => {
  it.each(cases.map((corpusCase) => [corpusCase.name, corpusCase] as const))('%s', async (_, corpusCase) => {
    if (corpusCase.fails) {
      const error: unknown = await render(corpusCase).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      const { message, final = true } = error as Error & { final?: boolean };
      expect(message).toMatch(corpusCase.fails);
      expect(message).not.toMatch(NOT_FOR_PEOPLE);
      expect(message).toMatch(/^[A-Z“].*\.$/s);
      expect(final).toBe(true);
      return;
    }
    const { pixels, warnings } = await render(corpusCase);
    const at = (x: number, y: number): [number, number, number, number] =>
      pixels.at(
        Math.min(Math.floor(((x + 2) / 4) * pixels.width), pixels.width - 1),
        Math.min(Math.floor(((2 - y) / 4) * pixels.height), pixels.height - 1),
      );
    for (const [x, y, shade] of corpusCase.shows ?? [])
      expect({ place: [x, y], is: shade, rgb: at(x, y) }).toSatisfy(({ is, rgb }) => isShade(is, rgb));
    corpusCase.check?.(pixels, at);
    if (corpusCase.warns) expect(warnings.join('\n')).toMatch(corpusCase.warns);
    else expect(warnings).toEqual([]);
    expect(warnings.join('\n')).not.toMatch(NOT_FOR_PEOPLE);
  });
});
