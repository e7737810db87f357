import { Transformer } from '@napi-rs/image';
import { DataTexture, RGBAFormat, SRGBColorSpace, UnsignedByteType } from 'three';
import { KTX2Exporter } from 'three/examples/jsm/exporters/KTX2Exporter.js';
import { makeJpeg, makeRgbaPng, makeWebp } from '../../../helpers/image-files';
import type { RawGltf } from '../../../helpers/raw-gltf';
import { BASIS_TEXTURES } from './basis-textures';
import { WHITE, type CorpusCase, type Shade } from './corpus-case';

/** The same numbers for each corner of a square. */
const each = (values: readonly number[]): number[] => [0, 1, 2, 3].flatMap(() => values);
type Rgba = readonly [number, number, number, number];
const GREEN: Rgba = [0, 0.75, 0, 1];
const RED: Rgba = [0.75, 0, 0, 1];
const BLUE: Rgba = [0, 0, 0.75, 1];
const YELLOW: Rgba = [0.75, 0.75, 0, 1];

const plain =
  (color: Rgba): (() => Rgba) =>
  () =>
    color;
/** Red and green above, blue and yellow below. */
const quarters =
  (side: number) =>
  (x: number, y: number): Rgba =>
    y < side / 2 ? (x < side / 2 ? RED : GREEN) : x < side / 2 ? BLUE : YELLOW;
const pngOf = (color: Rgba): Promise<Buffer> => makeRgbaPng(4, 4, plain(color));
const QUARTERS_SHOW: readonly (readonly [number, number, Shade])[] = [
  [-1, 1, 'red'],
  [1, 1, 'green'],
  [-1, -1, 'blue'],
  [1, -1, 'yellow'],
];

function ktx2Of([red, green, blue]: Rgba): Promise<Uint8Array> {
  const texture = new DataTexture(
    Uint8Array.from({ length: 64 }, (_, i) => [red, green, blue, 1][i % 4]! * 255),
    4,
    4,
    RGBAFormat,
    UnsignedByteType,
  );
  texture.colorSpace = SRGBColorSpace;
  return new KTX2Exporter().parse(texture);
}

async function avifOf(color: Rgba): Promise<Buffer> {
  return Transformer.fromRgbaPixels(
    Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) => color[i % 4]! * 255),
    16,
    16,
  ).avif({ quality: 90, chromaSubsampling: 0 });
}

/** JPEG with an Exif segment that says: turn a quarter (TIFF tag 274, value 6). */
async function turnedJpeg(): Promise<Buffer> {
  const jpeg = await makeJpeg(32, 32, quarters(32));
  const tiff = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** A square of 4 × 4 with this base colour texture. */
function textured(g: RawGltf, texture: number, info: object = {}, more: object = {}): void {
  const material = g.material([1, 1, 1], more);
  g.json.materials[material].pbrMetallicRoughness.baseColorTexture = { index: texture, ...info };
  g.show(g.square(material, 4));
}

const kinds: CorpusCase[] = (
  [
    ['PNG', 'image/png', () => pngOf(GREEN), null],
    ['JPEG', 'image/jpeg', () => makeJpeg(16, 16, plain(GREEN)), null],
    ['WebP', 'image/webp', () => makeWebp(16, 16, plain(GREEN)), 'EXT_texture_webp'],
    ['AVIF', 'image/avif', () => avifOf(GREEN), 'EXT_texture_avif'],
    ['KTX 2', 'image/ktx2', () => ktx2Of(GREEN), 'KHR_texture_basisu'],
  ] as const
).flatMap(([name, mimeType, make, extension]): CorpusCase[] => {
  const use = (g: RawGltf, image: object): void => {
    const texture = g.texture(image);
    if (extension) {
      g.extension(extension, { required: true });
      g.json.textures[texture] = { extensions: { [extension]: { source: g.json.textures[texture].source } } };
    }
    textured(g, texture);
  };
  const ending = mimeType.slice(6);
  return [
    {
      name: `${name} inside of the file`,
      file: 'glb',
      build: async (g) => use(g, g.packed(await make(), mimeType)),
      shows: [[0, 0, 'green']],
    },
    {
      name: `${name} in a data URI`,
      build: async (g) => use(g, { uri: `data:${mimeType};base64,${Buffer.from(await make()).toString('base64')}` }),
      shows: [[0, 0, 'green']],
    },
    {
      name: `${name} beside the file, declared as something else`,
      build: (g) => use(g, { uri: `wood.${ending}`, mimeType: 'image/png' }),
      beside: async () => ({ [`wood.${ending}`]: await make() }),
      shows: [[0, 0, 'green']],
    },
    {
      name: `${name} beside the file that is damaged`,
      build: (g) => use(g, { uri: `wood.${ending}` }),
      beside: async () => ({ [`wood.${ending}`]: Buffer.from(await make()).subarray(0, name === 'KTX 2' ? 60 : 40) }),
      fails: new RegExp(`The image “wood\\.${ending}”`),
    },
    {
      name: `${name} that is not there`,
      build: (g) => use(g, { uri: `wood.${ending}` }),
      fails: new RegExp(`“wood\\.${ending}”`),
    },
  ];
});

const others: CorpusCase[] = [
  {
    name: 'a file that is no image',
    build: (g) => textured(g, g.texture({ uri: 'wood.png' })),
    beside: () => ({ 'wood.png': Buffer.from('<html>Not Found</html>') }),
    fails: /The image “wood\.png” is damaged or of a kind that cannot be read: give it as PNG/,
  },
  {
    name: 'a kind of image that glTF does not know',
    build: (g) => textured(g, g.texture({ uri: 'wood.dds' })),
    beside: () => ({ 'wood.dds': Buffer.from('DDS |\0\0\0') }),
    fails: /The image “wood\.dds” is a DDS file/,
  },
  {
    name: 'a texture with an image only by an extension that is not known',
    build(g) {
      g.extension('MSFT_texture_dds');
      g.json.textures = [{ extensions: { MSFT_texture_dds: { source: 0 } } }];
      g.json.images = [{ uri: 'wood.dds' }];
      textured(g, 0);
    },
    beside: () => ({ 'wood.dds': Buffer.from('DDS ') }),
    fails: /texture 0 has its image only by the extension MSFT_texture_dds/,
  },
  {
    name: 'a texture with an image by an extension that is not known, and another one',
    async build(g) {
      const texture = g.texture(g.packed(await pngOf(GREEN)), { extensions: { MSFT_texture_dds: { source: 0 } } });
      g.extension('MSFT_texture_dds');
      textured(g, texture);
    },
    shows: [[0, 0, 'green']],
  },
  {
    name: 'a texture that does not exist',
    build: (g) => textured(g, 7),
    fails: /material 0 names texture 7, which does not exist/,
  },
  {
    name: 'a data URI that is not base64',
    build: (g) => textured(g, g.texture({ uri: 'data:image/png;base64,####' })),
    fails: /not in base64|Image 0 inside the scene file is damaged/,
  },
  {
    name: 'an orientation in a JPEG, which says nothing',
    async build(g) {
      textured(g, g.texture(g.packed(await turnedJpeg(), 'image/jpeg')));
    },
    shows: QUARTERS_SHOW,
  },
  {
    name: 'one image as colour and as numbers',
    async build(g) {
      // Grey of 0.5 in the file: as colour 0.21 of light, as a number (occlusion, blue for metal) 0.5.
      const texture = g.texture(g.packed(await pngOf([0.5, 0.5, 0.5, 1])));
      const material = g.material([1, 1, 1], {
        lit: true,
        occlusionTexture: { index: texture },
        emissiveFactor: [0, 0, 0],
      });
      g.json.materials[material].pbrMetallicRoughness.baseColorTexture = { index: texture };
      const plainOcclusion = g.texture(g.packed(await pngOf([0.5, 0.5, 0.5, 1])));
      const other = g.material([1, 1, 1], { lit: true, occlusionTexture: { index: plainOcclusion } });
      g.json.materials[other].pbrMetallicRoughness.baseColorTexture = { index: texture };
      g.show(g.square(material, 1), { translation: [-1, 0, 0] });
      g.show(g.square(other, 1), { translation: [1, 0, 0] });
    },
    check(_, at) {
      if (Math.abs(at(-1, 0)[0] - at(1, 0)[0]) > 2)
        throw new Error(`the same is drawn as ${at(-1, 0)[0]} and as ${at(1, 0)[0]}`);
    },
  },
  {
    name: 'the second texture coordinates',
    async build(g) {
      const texture = g.texture(g.packed(await makeRgbaPng(16, 16, quarters(16))));
      const material = g.material([1, 1, 1]);
      g.json.materials[material].pbrMetallicRoughness.baseColorTexture = { index: texture, texCoord: 1 };
      const square = g.square(material, 4);
      square.attributes.TEXCOORD_1 = g.floats([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 'VEC2');
      g.show(square);
    },
    shows: [
      [-1, -1, 'red'],
      [1, 1, 'red'],
    ],
  },
  {
    name: 'texture coordinates that the mesh does not have',
    async build(g) {
      textured(g, g.texture(g.packed(await pngOf(GREEN))), { texCoord: 1 });
    },
    shows: [[0, 0, 'green']],
    warns: /material of the mesh 0 has a texture by TEXCOORD_1, which the mesh does not have/,
  },
  {
    name: 'texture coordinates that cannot be had',
    async build(g) {
      textured(g, g.texture(g.packed(await pngOf(GREEN))), { texCoord: 9 });
    },
    fails: /material 0 uses texture coordinates 9; 0 to 3 can be rendered/,
  },
  {
    name: 'KHR_texture_transform: moved, turned and scaled in its own order, and not declared',
    async build(g) {
      const texture = g.texture(g.packed(await makeRgbaPng(16, 16, quarters(16))), { sampler: 0 });
      g.json.samplers = [{ magFilter: 9728, minFilter: 9728 }];
      // A quarter turn of the coordinates against the clock is one of the picture with it.
      textured(g, texture, {
        extensions: { KHR_texture_transform: { offset: [0, 1], rotation: Math.PI / 2, scale: [1, 1] } },
      });
    },
    shows: [
      [-1, 1, 'blue'],
      [1, 1, 'red'],
      [-1, -1, 'yellow'],
      [1, -1, 'green'],
    ],
  },
  {
    name: 'samplers: repeated, mirrored and clamped',
    async build(g) {
      const image = g.packed(await makeRgbaPng(16, 16, (x) => (x < 8 ? RED : GREEN)));
      g.json.samplers = [33_071, 33_648, 10_497].map((wrapS) => ({ wrapS, magFilter: 9728, minFilter: 9728 }));
      for (const [i, y] of [1.2, 0, -1.2].entries()) {
        const material = g.material([1, 1, 1]);
        g.json.materials[material].pbrMetallicRoughness.baseColorTexture = { index: g.texture(image, { sampler: i }) };
        const square = g.square(material, 1);
        square.attributes.TEXCOORD_0 = g.floats([0, 1, 2, 1, 2, 0, 0, 0], 'VEC2');
        g.show(square, { translation: [0, y, 0] });
      }
    },
    // At 1.25 and 1.75 of the texture's width.
    shows: [
      [0.12, 1.2, 'green'],
      [0.37, 1.2, 'green'],
      [0.12, 0, 'green'],
      [0.37, 0, 'red'],
      [0.12, -1.2, 'red'],
      [0.37, -1.2, 'green'],
    ],
  },
  {
    name: 'a sampler that does not exist',
    async build(g) {
      textured(g, g.texture(g.packed(await pngOf(GREEN)), { sampler: 3 }));
    },
    fails: /texture 0 names sampler 3, which does not exist/,
  },
  {
    name: 'images with names of every script, in folders, with percent signs',
    build(g) {
      for (const [i, uri] of ['wälder/%E6%9C%A8 1.png', 'holz%2525.png'].entries()) {
        const material = g.material([1, 1, 1]);
        g.json.materials[material].pbrMetallicRoughness.baseColorTexture = { index: g.texture({ uri }) };
        g.show(g.square(material), { translation: [i * 2 - 1, 0, 0] });
      }
    },
    beside: async () => ({ 'wälder/木 1.png': await pngOf(GREEN), 'holz%25.png': await pngOf(BLUE) }),
    shows: [
      [-1, 0, 'green'],
      [1, 0, 'blue'],
    ],
  },
  {
    name: 'holes by a mask, and half of a colour over another',
    async build(g) {
      const holes = g.texture(g.packed(await makeRgbaPng(16, 16, (x) => [0, 0.75, 0, x < 8 ? 1 : 0.2])));
      textured(g, holes, {}, { alphaMode: 'MASK' });
      g.show(g.square(g.material([...WHITE.map(() => 0), 0.5] as number[], { alphaMode: 'BLEND' }), 1), {
        translation: [-1, 1, 1],
      });
    },
    shows: [
      [-1, -1, 'green'],
      [1, -1, 'background'],
    ],
    check(_, at) {
      const [under, over] = [at(-1, -1)[1], at(-1, 1)[1]];
      if (!(over < under - 30 && over > 80)) throw new Error(`half of black over ${under} gives ${over}`);
    },
  },
];

/** A scene with this KTX 2 file beside it. */
function withBasis(name: string, bytes: () => Uint8Array, more: object, expected: Partial<CorpusCase>): CorpusCase {
  return {
    name: `KTX 2 by Basis Universal: ${name}`,
    build(g) {
      const texture = g.texture({ uri: 'wood.ktx2' });
      g.extension('KHR_texture_basisu', { required: true });
      g.json.textures[texture] = { extensions: { KHR_texture_basisu: { source: 0 } } };
      textured(g, texture, {}, more);
    },
    beside: () => ({ 'wood.ktx2': bytes() }),
    ...expected,
  };
}

/** BC7, as graphics cards read it, and no machine has to. */
function ofOneCard(): Buffer {
  const bytes = Buffer.from(BASIS_TEXTURES.uastc);
  bytes.writeUInt32LE(146, 12);
  return bytes;
}

/**
 * What faces up in the texture is lit from above: whether the mesh has tangents and normals or not, and with tangents
 * that do not count for lack of normals.
 */
const normals: CorpusCase[] = [
  ['normals and tangents', true, true],
  ['normals only', true, false],
  ['tangents only', false, true],
  ['neither normals nor tangents', false, false],
].flatMap(([name, hasNormals, hasTangents]) =>
  (['above', 'below'] as const).map((side): CorpusCase => ({
    name: `a normal texture on a mesh with ${String(name)}, lit from ${side}`,
    async build(g) {
      const up = g.texture(g.packed(await makeRgbaPng(4, 4, plain([0.5, 0.854, 0.854, 1]))));
      const square = g.square(g.material([1, 1, 1], { lit: true, normalTexture: { index: up } }), 3);
      if (!hasNormals) delete square.attributes.NORMAL;
      if (hasTangents) square.attributes.TANGENT = g.floats(each([1, 0, 0, 1]), 'VEC4');
      g.show(square);
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      const turn = Math.SQRT1_2 * (side === 'above' ? -1 : 1);
      g.light({ type: 'directional', intensity: 3 }, { rotation: [turn, 0, 0, Math.SQRT1_2] });
    },
    shows: [[0, 0, side === 'above' ? 'lit' : 'dark']],
  })),
);

const FROM_COORDINATES =
  /^Some tangents of the mesh 0 have no direction: they were made from its texture coordinates\.$/m;
const FROM_NORMALS =
  /^Some tangents of the mesh 0 have no direction: they were made from its normals, as it has no texture coordinates\.$/m;

/** As a mesh without tangents is lit: what faces up in the texture, by a light from above. */
const badTangents: CorpusCase[] = [
  ['of no length', [0, 0, 0, 1], FROM_COORDINATES],
  ['on no side', [1, 0, 0, 0], FROM_COORDINATES],
  ['along the normal', [0, 0, 1, 1], FROM_COORDINATES],
  ['that are not numbers', [Number.NaN, 0, 0, 1], FROM_COORDINATES],
  ['of no length, without texture coordinates', [0, 0, 0, 1], FROM_NORMALS],
  ['of three numbers', [1, 0, 0], FROM_COORDINATES],
].map(([name, tangent, warns]): CorpusCase => ({
  name: `tangents ${String(name)}`,
  async build(g) {
    const up = g.texture(g.packed(await makeRgbaPng(4, 4, plain([0.5, 0.854, 0.854, 1]))));
    const square = g.square(g.material([1, 1, 1], { lit: true, normalTexture: { index: up } }), 3);
    square.attributes.TANGENT = g.floats(each(tangent as number[]), `VEC${(tangent as number[]).length}`);
    if (warns === FROM_NORMALS) delete square.attributes.TEXCOORD_0;
    g.show(square);
    g.json.scenes[0].extras = { framegauge_environment: 0 };
    g.light({ type: 'directional', intensity: 3 }, { rotation: [-Math.SQRT1_2, 0, 0, Math.SQRT1_2] });
  },
  shows: [[0, 0, 'lit']],
  warns: warns as RegExp,
}));

/** Two materials on the same vertices. */
const sharedTangents: CorpusCase[] = [
  ['the second of two materials uses', true],
  ['no material uses', false],
].map(([name, isUsed]): CorpusCase => ({
  name: `tangents of no length that ${String(name)}`,
  async build(g) {
    const flat = { index: g.texture(g.packed(await makeRgbaPng(4, 4, plain([0.5, 0.5, 1, 1])))) };
    const square = g.square(g.material([1, 1, 1], { lit: true, occlusionTexture: flat }), 3);
    square.attributes.TANGENT = g.floats(each([0, 0, 0, 1]), 'VEC4');
    g.show([
      square,
      { ...square, material: g.material([1, 1, 1], { lit: true, ...(isUsed === true && { normalTexture: flat }) }) },
    ]);
  },
  shows: [[0, 0, 'lit']],
  ...(isUsed === true && { warns: FROM_COORDINATES }),
}));

const basis: CorpusCase[] = [
  withBasis('ETC1S', () => BASIS_TEXTURES.etc1s, {}, { shows: QUARTERS_SHOW }),
  withBasis('UASTC', () => BASIS_TEXTURES.uastc, {}, { shows: QUARTERS_SHOW }),
  withBasis('UASTC with Zstandard', () => BASIS_TEXTURES.uastcZstd, {}, { shows: QUARTERS_SHOW }),
  withBasis(
    'ETC1S with alpha',
    () => BASIS_TEXTURES.etc1sWithAlpha,
    { alphaMode: 'MASK' },
    {
      shows: [
        [-1, 1, 'background'],
        [1, 1, 'green'],
        [-1, -1, 'background'],
        [1, -1, 'yellow'],
      ],
    },
  ),
  withBasis(
    'sides that are no multiples of four',
    () => BASIS_TEXTURES.oddSides,
    {},
    {
      fails:
        /The image “wood\.ktx2” has 6 × 6 pixels; the sides of a Basis Universal texture are multiples of four: resize/,
    },
  ),
  withBasis('damaged', () => BASIS_TEXTURES.etc1s.subarray(0, 400), {}, { fails: /The image “wood\.ktx2” cannot be/ }),
  withBasis('the pixels of one kind of graphics card', ofOneCard, {}, { fails: /one kind of graphics card/ }),
  withBasis('after one that is damaged', () => BASIS_TEXTURES.etc1s, {}, { shows: QUARTERS_SHOW }),
];

export const TEXTURES: readonly CorpusCase[] = [
  ...kinds,
  ...basis,
  ...normals,
  ...badTangents,
  ...sharedTangents,
  ...others,
];
