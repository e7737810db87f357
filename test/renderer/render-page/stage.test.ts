import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { afterEach, expect, it } from 'vitest';
import type { PageHandle, PageOpener } from '../../../src/main/engines/pages/page-opener';
import type { Worker } from '../../../src/main/engines/render-engine';
import { decodePng } from '../../helpers/decode-png';
import { startGltfHost, type GltfHost } from '../../helpers/gltf-host';
import { environmentOf, needs, pathOf } from '../../helpers/needs';
import { makePng } from '../../helpers/png';
import { RawGltf } from '../../helpers/raw-gltf';
import { renderFrame } from '../../helpers/render-frame';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** A real browser whose pages run this script first: graphics that behave in a way that is hard to meet. */
function browserWith(script: string): PageOpener {
  let browser: Browser | null = null;
  return {
    async open(url) {
      browser = await chromium.launch({
        executablePath: pathOf('chromium'),
        env: environmentOf('chromium'),
        chromiumSandbox: process.getuid?.() !== 0,
        args: [
          '--use-gl=angle',
          '--use-angle=swiftshader',
          '--enable-unsafe-swiftshader',
          '--ignore-gpu-blocklist',
          '--force-color-profile=srgb',
        ],
      });
      const page = await browser.newPage();
      await page.addInitScript(script);
      const gone = new Promise<Awaited<PageHandle['gone']>>((resolve) =>
        page.once('close', () => resolve({ reason: 'closed', message: 'The page closed.' })),
      );
      await page.goto(url, { waitUntil: 'commit' });
      return { gone, usage: () => Promise.resolve(null), close: () => page.close() };
    },
    close: async () => browser?.close(),
  };
}

let host: GltfHost;
afterEach(async () => {
  await host.close();
});

async function startWorker(script: string): Promise<Worker> {
  host = await startGltfHost({ pages: browserWith(script) });
  return host.engine.startWorker('');
}

async function save(g: RawGltf): Promise<string> {
  const scene = join(temporaryFolder(), 'scene.gltf');
  await writeFile(scene, g.gltf());
  return scene;
}

const SMALL = { frame: 0, width: 64, height: 64, samples: 1 };

/** Takes the context away in the middle of this call, once. */
const losing = (prototype: string, method: string, context: string): string => `(() => {
  const original = ${prototype}.prototype.${method};
  let lost = false;
  ${prototype}.prototype.${method} = function (...rest) {
    if (lost) return original.apply(this, rest);
    const answer = original.apply(this, rest);
    if (!${context}.canvas || ${context}.canvas.width < 64) return answer;
    lost = true;
    ${context}.getExtension('WEBGL_lose_context').loseContext();
    return answer;
  };
})()`;

needs.chromium('a picture whose graphics are lost while it is read', () => {
  it.each([
    ['opaque', losing('OffscreenCanvas', 'convertToBlob', 'this.getContext("webgl2")'), null],
    ['transparent', losing('WebGL2RenderingContext', 'readPixels', 'this'), true],
  ] as const)('is a failure that another try may mend, and no empty image: %s', async (_, script, transparent) => {
    const worker = await startWorker(script);
    const g = new RawGltf();
    g.show(g.square(g.material([0.5, 0, 0]), 4));
    await expect(renderFrame(worker, { ...SMALL, scene: await save(g), transparent })).rejects.toMatchObject({
      name: 'FrameError',
      final: false,
      message: 'The graphics driver gave the page up (WebGL context lost).',
    });
  });
});

/** Graphics that refuse the first draw of a picture. */
const REFUSING = `(() => {
  const prototype = WebGL2RenderingContext.prototype;
  const { drawElements } = prototype;
  let refused = false;
  prototype.drawElements = function (mode, ...rest) {
    const refuses = !refused && this.canvas.width >= 64;
    refused ||= refuses;
    return drawElements.call(this, refuses ? 0xffff : mode, ...rest);
  };
})()`;

needs.chromium('a picture of which the graphics refused a part', () => {
  it('says so', async () => {
    const worker = await startWorker(REFUSING);
    const g = new RawGltf();
    g.show(g.square(g.material([0.5, 0, 0]), 4));
    const { warnings } = await renderFrame(worker, { ...SMALL, scene: await save(g) });
    expect(warnings).toEqual([
      'This machine’s graphics refused a part of the scene, which may be missing: compare with another program, or export it again.',
    ]);
  });
});

/** The GPU process dies before the page's first image, and the browser has not noticed yet: nothing links any more. */
const UNNOTICED = `(() => {
  const prototype = WebGL2RenderingContext.prototype;
  const { getProgramParameter, getProgramInfoLog } = prototype;
  const dead = (context) => context.canvas.width >= 64;
  prototype.getProgramParameter = function (program, name) {
    return dead(this) ? null : getProgramParameter.call(this, program, name);
  };
  prototype.getProgramInfoLog = function (program) {
    return dead(this) ? null : getProgramInfoLog.call(this, program);
  };
})()`;

needs.chromium('graphics that were lost, which the browser has not noticed', () => {
  it('are no fault of a material, and cost no shadow', async () => {
    const worker = await startWorker(UNNOTICED);
    const scene = await save(paint([], 1));
    await expect(renderFrame(worker, { ...SMALL, scene })).rejects.toMatchObject({
      final: false,
      message: 'The graphics driver gave the page up (WebGL context lost).',
    });
  });
});

/** Graphics that take sixteen images in a material, as Direct3D's and Metal's do: a program with more does not link. */
const SIXTEEN = `(() => {
  const prototype = WebGL2RenderingContext.prototype;
  const { linkProgram, getProgramParameter, getProgramInfoLog, getParameter } = prototype;
  const over = new WeakMap();
  prototype.getParameter = function (name) {
    return name === this.MAX_TEXTURE_IMAGE_UNITS ? 16 : getParameter.call(this, name);
  };
  prototype.linkProgram = function (program) {
    linkProgram.call(this, program);
    const kinds = [this.SAMPLER_2D, this.SAMPLER_CUBE, this.SAMPLER_3D, this.SAMPLER_2D_ARRAY, this.SAMPLER_2D_SHADOW, this.SAMPLER_CUBE_SHADOW];
    let images = 0;
    for (let i = getProgramParameter.call(this, program, this.ACTIVE_UNIFORMS) - 1; i >= 0; i--) {
      const uniform = this.getActiveUniform(program, i);
      if (kinds.includes(uniform?.type)) images += uniform.size;
    }
    if (images > 16) over.set(program, images);
  };
  prototype.getProgramParameter = function (program, name) {
    return name === this.LINK_STATUS && over.has(program) ? false : getProgramParameter.call(this, program, name);
  };
  prototype.getProgramInfoLog = function (program) {
    return over.has(program) ? over.get(program) + ' samplers, and 16 is the maximum' : getProgramInfoLog.call(this, program);
  };
})()`;

/** A paint with as many textures, under suns that shine from the front. */
function paint(extensions: readonly string[], suns: number): RawGltf {
  const g = new RawGltf();
  const texture = { index: g.texture(g.packed(makePng(4, 4, 255))) };
  const all: Record<string, object> = {
    KHR_materials_clearcoat: {
      clearcoatFactor: 1,
      clearcoatTexture: texture,
      clearcoatRoughnessTexture: texture,
      clearcoatNormalTexture: texture,
    },
    KHR_materials_specular: { specularTexture: texture, specularColorTexture: texture },
    KHR_materials_sheen: { sheenColorFactor: [1, 1, 1], sheenColorTexture: texture, sheenRoughnessTexture: texture },
    KHR_materials_iridescence: {
      iridescenceFactor: 1,
      iridescenceTexture: texture,
      iridescenceThicknessTexture: texture,
    },
    KHR_materials_anisotropy: { anisotropyStrength: 1, anisotropyTexture: texture },
  };
  const material = g.material([1, 1, 1], {
    lit: true,
    normalTexture: texture,
    occlusionTexture: texture,
    emissiveTexture: texture,
    extensions: Object.fromEntries(extensions.map((name) => [name, all[name]])),
  });
  Object.assign(g.json.materials[material].pbrMetallicRoughness, {
    baseColorTexture: texture,
    metallicRoughnessTexture: texture,
  });
  for (const name of extensions) g.extension(name);
  g.show(g.square(material, 3));
  for (let i = 0; i < suns; i++)
    g.light({ type: 'directional', intensity: 0.5 }, { rotation: [0.1 * i, 0, 0, Math.sqrt(1 - 0.01 * i * i)] });
  return g;
}

needs.chromium('graphics that take sixteen images in a material', () => {
  it('draw a lavish material with fewer shadows, and say so', async () => {
    const worker = await startWorker(SIXTEEN);
    const { bytes, warnings } = await renderFrame(worker, {
      ...SMALL,
      scene: await save(paint(['KHR_materials_clearcoat', 'KHR_materials_specular'], 4)),
    });
    expect(decodePng(bytes).at(32, 32)[0]).toBeGreaterThan(100);
    expect(warnings).toEqual([
      expect.stringMatching(
        /too few images at once for the textures of a material and all shadows: [1-4] of 4 lights throw none\.$/,
      ),
    ]);
  });

  it('say that a material takes too many where it does so alone', async () => {
    const worker = await startWorker(SIXTEEN);
    const scene = await save(
      paint(
        [
          'KHR_materials_clearcoat',
          'KHR_materials_specular',
          'KHR_materials_sheen',
          'KHR_materials_iridescence',
          'KHR_materials_anisotropy',
        ],
        1,
      ),
    );
    await expect(renderFrame(worker, { ...SMALL, scene })).rejects.toMatchObject({
      final: true,
      message: expect.stringMatching(
        /does not compile on this machine’s graphics: \d+ samplers, and 16 is the maximum/,
      ),
    });
  });
});
