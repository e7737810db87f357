import { makeRgbaPng } from '../../../helpers/image-files';
import type { RawGltf } from '../../../helpers/raw-gltf';
import { BLUE, GREEN, RED, WHITE, type CorpusCase } from './corpus-case';

/**
 * Two squares side by side under the neutral room, of which only the right one has the extension; `differ` compares
 * their middles.
 */
function beside(
  extension: string,
  content: object,
  differ: (plain: readonly number[], extended: readonly number[]) => boolean,
  more: { base?: object; other?: object; behind?: boolean } = {},
): CorpusCase {
  return {
    name: extension,
    build(g) {
      g.extension(extension);
      for (const [x, extensions] of [
        [-1, {}],
        [1, { [extension]: content }],
      ] as const) {
        const material = g.material([0.3, 0.1, 0.1], {
          lit: true,
          extensions: { ...more.other, ...extensions },
          ...more.base,
        });
        g.json.materials[material].pbrMetallicRoughness.roughnessFactor = 0.3;
        if (more.behind) g.show(g.square(g.material(GREEN), 1.8), { translation: [x, 0, -0.5] });
        // Turned a little, so that something is mirrored.
        g.show(g.square(material, 1.6), { translation: [x, 0, 0], rotation: [0.3, 0.2, 0, Math.sqrt(1 - 0.13)] });
      }
    },
    check(_, at) {
      const [plain, extended] = [at(-1, 0), at(1, 0)];
      if (!differ(plain, extended)) throw new Error(`without ${plain.join()}, with ${extended.join()}`);
    },
  };
}

const isAnother = (a: readonly number[], b: readonly number[]): boolean =>
  a.some((value, i) => Math.abs(value - b[i]!) > 3);

function specularGlossiness(
  name: string,
  required: boolean,
  fill: (g: RawGltf, extension: Record<string, unknown>) => void | Promise<void>,
  see: Pick<CorpusCase, 'shows' | 'check'>,
): CorpusCase {
  return {
    name: `KHR_materials_pbrSpecularGlossiness ${name}`,
    async build(g) {
      g.extension('KHR_materials_pbrSpecularGlossiness', { required });
      const extension = { specularFactor: [0.04, 0.04, 0.04], glossinessFactor: 0.2 };
      await fill(g, extension);
      g.json.materials.push({ extensions: { KHR_materials_pbrSpecularGlossiness: extension } });
      g.show(g.square(0, 3));
    },
    ...see,
  };
}

const greenish: CorpusCase['check'] = (_, at) => {
  const [red, green, blue] = at(0, 0);
  if (!(green > red + 60 && green > blue + 60)) throw new Error(`not green: ${[red, green, blue].join()}`);
};

export const MATERIALS: readonly CorpusCase[] = [
  { name: 'KHR_materials_unlit', build: (g) => void g.show(g.square(g.material(GREEN))), shows: [[0, 0, 'green']] },
  ...([0, 1, 2, 3] as const).map((mode): CorpusCase => ({
    name: `emission of ${['points', 'lines', 'a line loop', 'a line strip'][mode]}, with colours of vertices`,
    build(g) {
      const material = g.material([0.5, 0.5, 0.5], {
        lit: true,
        emissiveFactor: [0, 0.1, 0],
        extensions: { KHR_materials_emissive_strength: { emissiveStrength: 5 } },
      });
      g.extension('KHR_materials_emissive_strength');
      const attributes = {
        POSITION: g.floats([0.03125, 0.03125, 0, 1.03125, 0.03125, 0], 'VEC3'),
        COLOR_0: g.floats([1, 0, 0, 1, 0, 0], 'VEC3'),
      };
      g.show({ attributes, material, mode });
    },
    shows: [[0.03, 0.03, 'yellow']],
  })),
  ...([0, 1, 2, 3] as const).flatMap((mode) =>
    ([0, 1] as const).map((texCoord): CorpusCase => ({
      name: `emission of ${['points', 'lines', 'a line loop', 'a line strip'][mode]} by an image at TEXCOORD_${texCoord}, beside a glow without one`,
      async build(g) {
        const index = g.texture(g.packed(await makeRgbaPng(4, 4, (x) => [x < 2 ? 0 : 1, x < 2 ? 1 : 0, 0, 1])));
        const glow = { lit: true, emissiveFactor: [0.5, 0.5, 0] };
        const [plain, image] = [
          g.material([0, 0, 0], glow),
          g.material([0, 0, 0], {
            ...glow,
            emissiveTexture: { index, texCoord, extensions: { KHR_texture_transform: { offset: [0.5, 0] } } },
          }),
        ];
        const green = g.floats([0.6, 0.5, 0.6, 0.5], 'VEC2');
        const other = g.floats([0.1, 0.5, 0.1, 0.5], 'VEC2');
        for (const [y, material] of [
          [0.03125, image],
          [1.03125, plain],
        ] as const)
          g.show({
            attributes: {
              POSITION: g.floats([0.03125, y, 0, 1.03125, y, 0], 'VEC3'),
              TEXCOORD_0: texCoord === 0 ? green : other,
              TEXCOORD_1: texCoord === 1 ? green : other,
            },
            material,
            mode,
          });
      },
      shows: [
        [0.03, 0.03, 'green'],
        [0.03, 1.03, 'yellow'],
      ],
    })),
  ),
  {
    name: 'blended squares behind glass, before it, and beside it',
    build(g) {
      g.extension('KHR_materials_transmission');
      const glass = { lit: true, extensions: { KHR_materials_transmission: { transmissionFactor: 1 } } };
      const blended = (color: readonly number[]): number => g.material([...color, 0.9], { alphaMode: 'BLEND' });
      g.show(g.square(g.material([1, 1, 1], glass), 1.5));
      g.show(g.square(blended(GREEN), 2.4), { translation: [0, 0, -1] });
      g.show(g.square(blended(RED), 0.6), { translation: [0, 0, 1] });
    },
    shows: [
      [0, 0, 'red'],
      [1.1, 0, 'green'],
      [1.5, 0, 'background'],
    ],
    check(_, at) {
      const [red, green, blue] = at(-0.5, 0);
      if (!(green > red + 40 && green > blue + 40)) throw new Error(`behind glass: ${at(-0.5, 0).join()}`);
    },
  },
  {
    name: 'the thickness of glass at four times its size: a node, an instance, and what hangs on a joint',
    build(g) {
      const extensions = {
        KHR_materials_transmission: { transmissionFactor: 1 },
        KHR_materials_volume: { thicknessFactor: 1, attenuationDistance: 1, attenuationColor: [0.1, 0.9, 0.1] },
      };
      for (const name of [...Object.keys(extensions), 'EXT_mesh_gpu_instancing']) g.extension(name);
      g.show(g.square(g.material(WHITE), 4), { translation: [0, 0, -1] });
      const glass = g.square(g.material([1, 1, 1], { lit: true, extensions }), 0.2);
      const scale = [4, 4, 4];
      g.show(glass, { translation: [-1, 0, 0], scale });
      const attributes = { SCALE: g.floats(scale, 'VEC3') };
      g.show(glass, { extensions: { EXT_mesh_gpu_instancing: { attributes } } });
      const bound = structuredClone(glass);
      bound.attributes.JOINTS_0 = g.accessor(new Uint8Array(16), 'VEC4');
      bound.attributes.WEIGHTS_0 = g.floats(
        [0, 0, 0, 0].flatMap(() => [1, 0, 0, 0]),
        'VEC4',
      );
      const joint = g.node({ translation: [1, 0, 0], scale });
      g.json.skins = [{ joints: [joint] }];
      g.show(bound, { skin: 0 });
    },
    check(_, at) {
      for (const x of [-1, 0, 1]) {
        const [red, green] = at(x, 0);
        if (!(red < 20 && green > 130)) throw new Error(`at ${x}: ${at(x, 0).join()}`);
      }
    },
  },
  {
    name: 'KHR_materials_unlit that is not declared',
    build(g) {
      g.json.extensionsUsed = [];
      g.show(g.square(g.material(GREEN)));
    },
    shows: [[0, 0, 'green']],
  },
  beside('KHR_materials_emissive_strength', { emissiveStrength: 4 }, (a, b) => b[2]! > a[2]! + 30, {
    base: { emissiveFactor: [0, 0, 0.1] },
  }),
  beside('KHR_materials_clearcoat', { clearcoatFactor: 1, clearcoatRoughnessFactor: 0 }, isAnother),
  beside(
    'KHR_materials_sheen',
    { sheenColorFactor: [0, 0, 1], sheenRoughnessFactor: 0.5 },
    (a, b) => b[2]! > a[2]! + 3,
  ),
  beside('KHR_materials_specular', { specularFactor: 1, specularColorFactor: [0, 0, 1] }, isAnother),
  beside('KHR_materials_ior', { ior: 2.4 }, isAnother),
  beside('KHR_materials_transmission', { transmissionFactor: 1 }, (a, b) => a[0]! > a[1]! + 20 && b[1]! > b[0]! + 20, {
    behind: true,
  }),
  beside(
    'KHR_materials_volume',
    { thicknessFactor: 1, attenuationDistance: 0.1, attenuationColor: [0, 0, 1] },
    isAnother,
    { behind: true, other: { KHR_materials_transmission: { transmissionFactor: 1 } } },
  ),
  beside(
    'KHR_materials_iridescence',
    { iridescenceFactor: 1, iridescenceIor: 2, iridescenceThicknessMaximum: 500 },
    isAnother,
  ),
  beside('KHR_materials_anisotropy', { anisotropyStrength: 1, anisotropyRotation: 0.7 }, isAnother, {
    base: { pbrMetallicRoughness: { baseColorFactor: [0.8, 0.8, 0.8, 1], metallicFactor: 1, roughnessFactor: 0.4 } },
  }),
  {
    name: 'KHR_materials_dispersion',
    build(g) {
      g.extension('KHR_materials_dispersion');
      const glass = {
        KHR_materials_transmission: { transmissionFactor: 1 },
        KHR_materials_volume: { thicknessFactor: 1 },
        KHR_materials_ior: { ior: 1.5 },
      };
      // An edge of light, seen through glass that breaks its colours apart.
      g.show(g.square(g.material([0.7, 0.7, 0.7]), 1), { translation: [0, -0.5, -1] });
      const material = g.material([1, 1, 1], {
        lit: true,
        extensions: { ...glass, KHR_materials_dispersion: { dispersion: 5 } },
      });
      g.json.materials[material].pbrMetallicRoughness.roughnessFactor = 0;
      g.show(g.square(material, 3), { rotation: [0.25, 0, 0, Math.sqrt(1 - 0.0625)] });
    },
    check(pixels) {
      let most = 0;
      for (let y = 0; y < 64; y++)
        for (let x = 0; x < 64; x++) most = Math.max(most, Math.abs(pixels.at(x, y)[0] - pixels.at(x, y)[2]));
      if (most < 4) throw new Error('no colours at the edge');
    },
  },
  {
    name: 'KHR_materials_variants, required: the materials that stand in the mesh',
    build(g) {
      g.extension('KHR_materials_variants', { required: true, variants: [{ name: 'red' }] });
      const [green, red] = [g.material(GREEN), g.material(RED)];
      g.show(
        g.square(green, 1, {
          extensions: { KHR_materials_variants: { mappings: [{ material: red, variants: [0] }] } },
        }),
      );
    },
    shows: [[0, 0, 'green']],
  },
  specularGlossiness(
    'used',
    false,
    (_, extension) => void Object.assign(extension, { diffuseFactor: [0, 0.8, 0, 1] }),
    { check: greenish },
  ),
  specularGlossiness(
    'required, with a diffuse texture',
    true,
    async (g, extension) =>
      void Object.assign(extension, {
        diffuseTexture: { index: g.texture(g.packed(await makeRgbaPng(4, 4, () => [0, 0.9, 0, 1]))) },
      }),
    { check: greenish },
  ),
  specularGlossiness(
    'with colour and glossiness of the reflection in a texture, opaque or not',
    true,
    async (g, extension) =>
      void Object.assign(extension, {
        diffuseFactor: [0, 0, 0, 1],
        specularFactor: [1, 1, 1],
        glossinessFactor: 1,
        specularGlossinessTexture: { index: g.texture(g.packed(await makeRgbaPng(4, 4, () => [0, 0.9, 0, 0]))) },
      }),
    { check: greenish },
  ),
  specularGlossiness(
    'with a texture that has another image by an extension that is not known',
    true,
    async (g, extension) => {
      g.extension('MSFT_texture_dds');
      const index = g.texture(g.packed(await makeRgbaPng(4, 4, () => [0, 0.9, 0, 0])));
      const source = g.json.images.push({ uri: 'wood.dds' }) - 1;
      g.json.textures[index].extensions = { MSFT_texture_dds: { source } };
      Object.assign(extension, {
        diffuseFactor: [0, 0, 0, 1],
        specularFactor: [1, 1, 1],
        glossinessFactor: 1,
        specularGlossinessTexture: { index },
      });
    },
    { check: greenish },
  ),
  {
    name: 'a material that does not exist',
    build: (g) => void g.show(g.square(5)),
    fails: /mesh 0 names material 5, which does not exist/,
  },
  {
    name: 'a colour with a part that is not a number',
    build(g) {
      g.show(g.square(g.material([0, 0.5, 'green' as unknown as number])));
    },
    fails: /baseColorFactor of material 0 has a value that is not a finite number/,
  },
  {
    name: 'both sides and one side',
    build(g) {
      g.show(g.square(g.material(GREEN, { doubleSided: true })), { translation: [-1, 0, 0], rotation: [0, 1, 0, 0] });
      g.show(g.square(g.material(GREEN)), { translation: [1, 0, 0], rotation: [0, 1, 0, 0] });
    },
    shows: [
      [-1, 0, 'green'],
      [1, 0, 'background'],
    ],
  },
  {
    name: 'an extension that is required and not known',
    build(g) {
      g.extension('ACME_paint', { required: true });
      g.show(g.square(g.material(GREEN)));
    },
    fails: /requires the glTF extension ACME_paint, which cannot be rendered here/,
  },
  {
    name: 'a transparent background: nothing, half of something, something, and glass',
    build(g) {
      g.show(g.square(g.material(RED)), { translation: [-1, 1, 0] });
      g.show(g.square(g.material([...GREEN, 0.5], { alphaMode: 'BLEND' })), { translation: [1, 1, 0] });
      g.show(g.square(g.material([...BLUE, 0.5], { alphaMode: 'OPAQUE' })), { translation: [-1, -1, 0] });
      g.show(
        g.square(
          g.material(WHITE, { lit: true, extensions: { KHR_materials_transmission: { transmissionFactor: 1 } } }),
        ),
        { translation: [1, -1, 0] },
      );
    },
    request: { transparent: true, samples: 4 },
    check(_, at) {
      const near = (place: readonly number[], wanted: readonly number[]): void => {
        if (place.some((value, i) => Math.abs(value - wanted[i]!) > 2))
          throw new Error(`${place.join()} in place of ${wanted.join()}`);
      };
      near(at(0, 0), [0, 0, 0, 0]);
      near(at(-1, 1), [188, 0, 0, 255]);
      // The colour is that of the material, not darkened by what is not there.
      near(at(1, 1), [0, 188, 0, 128]);
      near(at(-1, -1), [0, 0, 188, 255]);
      if (at(1, -1)[3] !== 255) throw new Error('glass lets nothing through');
    },
  },
  {
    name: 'a transparent background by the scene’s own word, smooth edges without a rim',
    build(g) {
      g.show(g.square(g.material(RED), 2), { rotation: [0, 0, 0.1305, 0.9914] });
      g.json.scenes[0].extras = { framegauge_background: 'transparent' };
    },
    request: { samples: 16 },
    check(pixels) {
      let edges = 0;
      for (let y = 0; y < 64; y++) {
        for (let x = 0; x < 64; x++) {
          const [red, green, blue, alpha] = pixels.at(x, y);
          if (alpha === 0) continue;
          if (alpha < 255) edges += 1;
          if (Math.abs(red - 188) > 3 || green > 2 || blue > 2)
            throw new Error(`at ${x}, ${y}: ${[red, green, blue, alpha].join()}`);
        }
      }
      if (edges < 40) throw new Error(`only ${edges} pixels are half covered`);
    },
  },
  {
    name: 'a background that is not transparent, against the scene’s word',
    build(g) {
      g.show(g.square(g.material(RED)));
      g.json.scenes[0].extras = { framegauge_background: 'transparent' };
    },
    request: { transparent: false },
    shows: [
      [1.5, 1.5, 'background'],
      [0, 0, 'red'],
    ],
    check(_, at) {
      if (at(1.5, 1.5)[3] !== 255) throw new Error('the background is transparent');
    },
  },
];
