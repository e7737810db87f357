import { makeRgbaPng } from '../../../helpers/image-files';
import type { RawGltf } from '../../../helpers/raw-gltf';
import { GREEN, RED, type CorpusCase } from './corpus-case';

const HALF = Math.SQRT1_2;
/** A wall that fills the picture, and a light without the room around it. */
function wall(g: RawGltf): void {
  g.show(g.square(g.material([0.8, 0.8, 0.8], { lit: true }), 4));
  g.json.scenes[0].extras = { framegauge_environment: 0 };
}
const bright = (at: (x: number, y: number) => number[], x: number, y: number): number => at(x, y)[0]!;
/** Linear light of a grey pixel, before tone mapping. */
function light(value: number): number {
  const developed = ((value / 255 + 0.055) / 1.055) ** 2.4;
  return developed < 0.04 ? Math.sqrt(developed / 6.25) : developed + 0.04;
}
function expectMore(more: number, less: number, by = 20): void {
  if (!(more > less + by)) throw new Error(`${more} is not more than ${less}`);
}

/** A square before a wall, whose shadow falls beside it, around −1, 0 or a little below for a lamp. */
function screen(g: RawGltf, type: string, material: number, attributes: Record<string, number> = {}): void {
  wall(g);
  const square = g.square(material, 0.7);
  Object.assign(square.attributes, attributes);
  g.show(square, { translation: [0, 0, 1] });
  if (type === 'directional')
    g.light({ type, intensity: 3 }, { rotation: [0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)] });
  else
    g.light(
      { type, intensity: 60 },
      { translation: [3, 0, 4], rotation: [0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)] },
    );
}
const half = (x: number): [number, number, number, number] => [1, 1, 1, x < 8 ? 1 : 0];
const halfOfGlass = (x: number): [number, number, number, number] => [x < 8 ? 0 : 1, 0, 0, 1];
const GLASS = { transmissionFactor: 1 };

/** Six walls around the middle, and a lamp. */
function room(g: RawGltf, place: readonly number[], type: string): void {
  g.json.cameras.push({ type: 'perspective', perspective: { yfov: 1, znear: 0.05 } });
  g.node({ camera: 0, translation: [0, 0, 1.9] });
  const material = g.material([0.8, 0.8, 0.8], { lit: true });
  for (const [translation, rotation] of [
    [
      [0, 0, -2],
      [0, 0, 0, 1],
    ],
    [
      [0, 0, 2],
      [0, 1, 0, 0],
    ],
    [
      [-2, 0, 0],
      [0, HALF, 0, HALF],
    ],
    [
      [2, 0, 0],
      [0, -HALF, 0, HALF],
    ],
    [
      [0, -2, 0],
      [-HALF, 0, 0, HALF],
    ],
    [
      [0, 2, 0],
      [HALF, 0, 0, HALF],
    ],
  ] as const) {
    g.show(g.square(material, 4), { translation, rotation });
  }
  g.light({ type, intensity: 20 }, { translation: place });
}

export const LIGHTS_AND_CAMERAS: readonly CorpusCase[] = [
  {
    name: 'a sun',
    build(g) {
      wall(g);
      g.light({ type: 'directional', intensity: 2 });
    },
    shows: [
      [0, 0, 'lit'],
      [1.8, 1.8, 'lit'],
    ],
  },
  {
    name: 'one sun on two nodes, each turned its own way',
    build(g) {
      wall(g);
      const first = g.light({ type: 'directional', intensity: 2, color: [1, 0, 0] }, { rotation: [0, 1, 0, 0] });
      // The first shines away from the wall.
      g.node({ extensions: g.json.nodes[first].extensions, translation: [3, 0, 0] });
    },
    shows: [[0, 0, 'red']],
  },
  {
    name: 'a point light before the left half',
    build(g) {
      wall(g);
      g.light({ type: 'point', intensity: 2, range: 5 }, { translation: [-1.5, 0, 1] });
    },
    check: (_, at) => expectMore(bright(at, -1.5, 0), bright(at, 1.5, 0), 40),
  },
  {
    name: 'a spot light, and one without a cone',
    build(g) {
      wall(g);
      g.light(
        { type: 'spot', intensity: 8, spot: { innerConeAngle: 0.2, outerConeAngle: 0.3 } },
        { translation: [0, 0, 3] },
      );
      g.light(
        { type: 'spot', intensity: 8, spot: { innerConeAngle: 0, outerConeAngle: 0 } },
        { translation: [1, 0, 3] },
      );
    },
    shows: [
      [0, 0, 'lit'],
      [1.7, 1.7, 'dark'],
      [-1.7, 0, 'dark'],
    ],
  },
  {
    name: 'the edge of a spot light’s cone, as KHR_lights_punctual recommends it',
    build(g) {
      wall(g);
      g.light(
        { type: 'spot', intensity: 8, spot: { innerConeAngle: 0.2, outerConeAngle: 0.6 } },
        { translation: [0, 0, 2] },
      );
    },
    check(_, at) {
      const cosine = Math.cos(Math.atan((0.7 + 1 / 32) / 2));
      const edge = (cosine - Math.cos(0.6)) / (Math.cos(0.2) - Math.cos(0.6));
      const share = light(at(0.7, 0.01)[0]) / light(at(0.01, 0.01)[0]);
      expectMore(share, edge ** 2 * cosine ** 3, -0.04);
      expectMore(edge ** 2 * cosine ** 3, share, -0.04);
    },
  },
  {
    name: 'sixty lights of all types, of which four have shadows, as bright as one',
    build(g) {
      wall(g);
      for (let i = 0; i < 20; i++) {
        g.light({ type: 'directional', intensity: 0.05 });
        g.light({ type: 'point', intensity: 0.2 }, { translation: [0, 0, 2] });
        g.light({ type: 'spot', intensity: 0.2, spot: { innerConeAngle: 1 } }, { translation: [0, 0, 2] });
      }
    },
    check(_, at) {
      // Of 3 lux, a matte surface of 0.8 sends back as much.
      expectMore(light(at(0, 0)[0]), (3 * 0.8) / Math.PI, -0.06);
      expectMore((3 * 0.8) / Math.PI, light(at(0, 0)[0]), -0.06);
    },
    warns: /^56 of 60 lights throw no shadow: at most four do\.$/,
  },
  ...(['directional', 'point', 'spot'] as const).map((type): CorpusCase => ({
    name: `a slanted square without normals beside its mirror image that has them, by a ${type} light`,
    build(g) {
      const material = g.material([0.8, 0.8, 0.8], { lit: true });
      const flat = g.square(material, 1.6);
      delete flat.attributes.NORMAL;
      const turned = Math.sin(Math.PI / 8);
      g.show(flat, { translation: [-1, 0, 0], rotation: [0, turned, 0, Math.cos(Math.PI / 8)] });
      g.show(g.square(material, 1.6), { translation: [1, 0, 0], rotation: [0, -turned, 0, Math.cos(Math.PI / 8)] });
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      g.light({ type, intensity: type === 'directional' ? 2 : 72 }, { translation: [0, 0, 6] });
    },
    check(_, at) {
      for (const x of [0.6, 0.8, 1, 1.2, 1.4])
        for (const y of [-0.6, -0.4, -0.2, 0.01, 0.2, 0.4, 0.6]) {
          expectMore(bright(at, -x, y), bright(at, x - 1 / 64, y), -8);
          expectMore(bright(at, x - 1 / 64, y), 100);
        }
    },
  })),
  {
    name: 'the shadow of a sun, ten thousand kilometres from the origin',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 2, ymag: 2, znear: 0.1, zfar: 20 } });
      const children = [
        g.node({ camera: 0, translation: [0, 0, 5] }, false),
        g.node({ mesh: g.mesh(g.square(g.material([0.8, 0.8, 0.8], { lit: true }), 4)) }, false),
        g.node({ mesh: g.mesh(g.square(g.material([0, 0.8, 0], { lit: true }), 1)), translation: [0, 0, 1] }, false),
      ];
      g.node({ children, translation: [1e7, 1e7, 1e7] });
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      g.light(
        { type: 'directional', intensity: 3 },
        { rotation: [0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)] },
      );
    },
    shows: [
      [-1.7, 0, 'lit'],
      [-1.3, 0, 'dark'],
      [-0.8, 0, 'dark'],
      [0, 0, 'green'],
      [0.8, 0, 'lit'],
      [1.5, 0, 'lit'],
    ],
  },
  ...(['point', 'spot'] as const).flatMap((type) =>
    (
      [
        ['in the middle of a room', [0, 0, 0]],
        ['a metre beside it', [0.9, 0.9, 0]],
      ] as const
    ).map(([where, place]): CorpusCase => ({
      name: `a ${type} light ${where}`,
      camera: false,
      build: (g) => room(g, place, type),
      // Lit by 20 candela, and not by a 683rd of them.
      check: (_, at) => expectMore(bright(at, 0, 0), 150, 0),
    })),
  ),
  ...(['directional', 'point', 'spot'] as const).map((type): CorpusCase => ({
    name: `the back of a two-sided square, as bright as the front, by a ${type} light`,
    build(g) {
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      const material = g.material([0.8, 0.8, 0.8], { lit: true, doubleSided: true });
      g.show(g.square(material), { translation: [-1, 0, 0] });
      g.show(g.square(material), { translation: [1, 0, 0], rotation: [0, 1, 0, 0] });
      g.light({ type, intensity: type === 'directional' ? 2 : 20 }, { translation: [0, 0, 3] });
    },
    shows: [
      [-1, 0, 'lit'],
      [1, 0, 'lit'],
    ],
    check(_, at) {
      if (Math.abs(bright(at, -1, 0) - bright(at, 1, 0)) > 8)
        throw new Error(`${at(-1, 0).join()}, ${at(1, 0).join()}`);
    },
  })),
  {
    name: 'a shadow on the back of a two-sided square',
    build(g) {
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      const material = g.material([0.8, 0.8, 0.8], { lit: true, doubleSided: true });
      g.show(g.square(material, 4), { rotation: [0, 1, 0, 0] });
      g.show(g.square(material, 0.7), { translation: [0, 0, 1] });
      g.light(
        { type: 'directional', intensity: 3 },
        { rotation: [0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)] },
      );
    },
    shows: [
      [-1, 0, 'dark'],
      [1, 0, 'lit'],
      [0, 0, 'lit'],
      [-1, 1, 'lit'],
    ],
  },
  ...(['directional', 'point', 'spot'] as const).map((type): CorpusCase => ({
    name: `the shadow of a single-sided square that faces a ${type} light`,
    build: (g) => screen(g, type, g.material([0.8, 0.8, 0.8], { lit: true })),
    shows: [
      [-1, 0, 'dark'],
      [0, 0, 'lit'],
    ],
  })),
  ...(['point', 'spot'] as const).map((type): CorpusCase => ({
    name: `a ${type} light in a scene of millimetres, as bright as it would be in one of metres`,
    build(g) {
      const scale = [0.001, 0.001, 0.001];
      const light = { type, intensity: 2, spot: { outerConeAngle: 1.5, innerConeAngle: 1.4 } };
      g.json.cameras[0].orthographic = { xmag: 0.002, ymag: 0.002, znear: 0.0001, zfar: 0.02 };
      g.json.nodes[0].translation = [0, 0, 0.005];
      g.show(g.square(g.material([0.8, 0.8, 0.8], { lit: true }), 4), { scale });
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      g.light({ ...light, intensity: 2e-6 }, { translation: [0, 0, 0.001] });
    },
    check(_, at) {
      if (Math.abs(bright(at, 0, 0) - 179) > 4) throw new Error(at(0, 0).join());
    },
  })),
  {
    name: 'the range of a lamp, as KHR_lights_punctual ends it',
    build(g) {
      wall(g);
      g.light({ type: 'point', intensity: 2, range: 1.2 }, { translation: [0, 0, 1] });
    },
    // 1 − (1 / 1.2)⁴ of the light; the square of that would be 88.
    check(_, at) {
      if (Math.abs(bright(at, 0, 0) - 128) > 4) throw new Error(at(0, 0).join());
    },
  },
  ...(['directional', 'point', 'spot'] as const).flatMap((type): CorpusCase[] => [
    ...(
      [
        ['opaque, whatever its alpha', [0.8, 0.8, 0.8, 0.1], {}, 'dark'],
        ['more seen through than not', [0.8, 0.8, 0.8, 0.3], { alphaMode: 'BLEND' }, 'lit'],
        ['less seen through than not', [0.8, 0.8, 0.8, 0.7], { alphaMode: 'BLEND' }, 'dark'],
        ['cut away by its own alpha', [0.8, 0.8, 0.8, 0.3], { alphaMode: 'MASK' }, 'lit'],
        ['of glass', [0.8, 0.8, 0.8], { extensions: { KHR_materials_transmission: GLASS } }, 'lit'],
        ['of dark glass', [0.2, 0.3, 0.4], { extensions: { KHR_materials_transmission: GLASS } }, 'dark'],
      ] as const
    ).map(([name, color, more, shade]): CorpusCase => ({
      name: `the shadow of a square ${name}, by a ${type} light`,
      build: (g) => screen(g, type, g.material(color, { lit: true, doubleSided: true, ...more })),
      shows: [[-1, 0, shade]],
    })),
    ...(['BLEND', 'MASK'] as const).map((alphaMode): CorpusCase => ({
      name: `the shadow of a square of which an image shows half, ${alphaMode}, by a ${type} light`,
      async build(g) {
        const material = g.material([1, 1, 1, 0.8], { lit: true, doubleSided: true, alphaMode });
        const image = g.packed(await makeRgbaPng(16, 16, half));
        g.json.materials[material].pbrMetallicRoughness.baseColorTexture = { index: g.texture(image) };
        screen(g, type, material);
      },
      shows: [
        [-1.2, 0, 'dark'],
        [-0.8, 0, 'lit'],
      ],
    })),
    {
      name: `the shadow of a square of which an image makes half of glass, by a ${type} light`,
      async build(g) {
        const transmissionTexture = { index: g.texture(g.packed(await makeRgbaPng(16, 16, halfOfGlass))) };
        const extensions = { KHR_materials_transmission: { ...GLASS, transmissionTexture } };
        screen(g, type, g.material([0.8, 0.8, 0.8], { lit: true, doubleSided: true, extensions }));
      },
      shows: [
        [-1.2, 0, 'dark'],
        [-0.8, 0, 'lit'],
      ],
    },
    {
      name: `the shadow of a square that its vertices blend out to one side, by a ${type} light`,
      build(g) {
        const colors = [1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1];
        const material = g.material([0.8, 0.8, 0.8], { lit: true, doubleSided: true, alphaMode: 'BLEND' });
        screen(g, type, material, { COLOR_0: g.floats(colors, 'VEC4') });
      },
      shows: [
        [-1.2, 0, 'dark'],
        [-0.8, 0, 'lit'],
      ],
    },
  ]),
  {
    name: 'shadows of the four strongest lights, of those that are ever seen',
    build(g) {
      wall(g);
      const material = g.material([0.8, 0.8, 0.8], { lit: true, doubleSided: true });
      g.show(g.square(material, 0.7), { translation: [0, 0, 1] });
      const rotation = [0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)];
      for (let i = 0; i < 4; i++) {
        const node = g.light({ type: 'directional', intensity: 10 });
        Object.assign(g.json.nodes[node].extensions, { KHR_node_visibility: { visible: false } });
      }
      g.extension('KHR_node_visibility');
      g.light({ type: 'directional', intensity: 3 }, { rotation });
      for (let i = 0; i < 4; i++) g.light({ type: 'directional', intensity: 0.001 }, { rotation });
    },
    shows: [
      [-1, 0, 'dark'],
      [-1, 1, 'lit'],
    ],
    warns: /^1 of 5 lights throws no shadow: at most four do\.$/,
  },
  {
    name: 'the shadow of a lamp that is far from everything at first',
    build(g) {
      wall(g);
      g.show(g.square(g.material([0.8, 0.8, 0.8], { lit: true, doubleSided: true }), 0.7), { translation: [0, 0, 1] });
      const node = g.light({ type: 'point', intensity: 60 });
      g.animate({ node, path: 'translation' }, [0, 1], [300, 0, 400, 3, 0, 4], 'VEC3');
      for (let i = 0; i < 4; i++) g.light({ type: 'directional', intensity: 0.002 });
    },
    request: { frame: 24 },
    shows: [
      [-1, 0, 'dark'],
      [-1, 1, 'lit'],
    ],
    warns: /^1 of 5 lights throws no shadow: at most four do\.$/,
  },
  {
    name: 'a light that does not exist',
    build(g) {
      g.light({ type: 'point' });
      g.json.nodes.at(-1).extensions.KHR_lights_punctual.light = 4;
    },
    fails: /node 1 names light 4, which does not exist/,
  },
  {
    name: 'a kind of light that there is not',
    build: (g) => void g.light({ type: 'area' }),
    fails: /light 0 is of type "area"; lights are directional, point or spot/,
  },
  {
    name: 'a perspective camera without zfar and proportions',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'perspective', perspective: { yfov: Math.PI / 2, znear: 0.01 } });
      g.node({ camera: 0, translation: [0, 0, 2] });
      g.show(g.square(g.material(GREEN)));
      g.show(g.square(g.material(RED), 10_000), { translation: [0, 0, -50_000] });
    },
    request: { width: 128, height: 64 },
    // Twice as wide as high: x from −4 to 4 where the square is.
    shows: [
      [0, 0, 'green'],
      [0.2, 0.4, 'green'],
      [0.4, 0, 'background'],
      [0, 0.7, 'background'],
    ],
  },
  {
    name: 'a perspective camera without zfar, five thousand kilometres away',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'perspective', perspective: { yfov: 2 * Math.atan(2 / 5), znear: 0.1 } });
      g.node({ camera: 0, translation: [0, 0, 5e6] });
      g.show(g.square(g.material(GREEN), 2e6));
    },
    shows: [
      [0.9, 0.9, 'green'],
      [1.1, 1.1, 'background'],
    ],
  },
  ...([undefined, 20_000] as const).map((zfar): CorpusCase => ({
    name: `a surface two metres before another, five kilometres away, with a zfar of ${zfar}`,
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'perspective', perspective: { yfov: Math.PI / 2, znear: 0.1, zfar } });
      g.node({ camera: 0 });
      const rotation = [0, 0.1, 0, 0.995];
      g.show(g.square(g.material(GREEN), 20_000), { translation: [0, 0, -5000], rotation });
      g.show(g.square(g.material(RED), 20_000), { translation: [0, 0, -5002], rotation });
    },
    check(_, at) {
      for (let x = -1.9; x < 2; x += 0.1) for (let y = -1.9; y < 2; y += 0.1) expectMore(at(x, y)[1], at(x, y)[0], 100);
    },
  })),
  {
    name: 'a thousandth of a millimetre without a camera, beside something large that is never shown',
    camera: false,
    build(g) {
      g.extension('KHR_node_visibility');
      g.show(g.square(g.material(GREEN, { doubleSided: true }), 1e-6));
      g.show(g.square(g.material(RED), 1), { extensions: { KHR_node_visibility: { visible: false } } });
    },
    shows: [
      [0, 0, 'green'],
      [0.6, 0, 'green'],
    ],
  },
  {
    name: 'an orthographic camera that is wider than high',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 8, ymag: 2, znear: 0, zfar: 20 } });
      g.node({ camera: 0, translation: [0, 0, 5] });
      g.show(g.square(g.material(GREEN)));
    },
    shows: [
      [0.4, 0.4, 'green'],
      [0.7, 0, 'background'],
    ],
  },
  {
    name: 'a camera that hangs on something of no size',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 2, ymag: 2, znear: 0.1, zfar: 20 } });
      const child = g.node({ camera: 0, translation: [0, 0, 5] }, false);
      g.node({ children: [child], scale: [0, 0, 0] });
      g.show(g.square(g.material(GREEN)));
    },
    fails: /camera has no place to look from/,
  },
  {
    name: 'a camera that is tilted below something flat',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 2, ymag: 2, znear: 0.1, zfar: 20 } });
      const rotation = [Math.sin(-0.25), 0, 0, Math.cos(-0.25)];
      const child = g.node({ camera: 0, translation: [0, 0, 5], rotation }, false);
      g.node({ children: [child], scale: [1, 0, 1] });
      g.show(g.square(g.material(GREEN)));
    },
    fails: /camera has no place to look from/,
  },
  ...(
    [
      [
        'without a field of view',
        { type: 'perspective', perspective: { znear: 0.1 } },
        /camera 0 has no field of view/,
      ],
      [
        'of no width',
        { type: 'orthographic', orthographic: { xmag: 0, ymag: 0, znear: 0, zfar: 9 } },
        /camera 0 has an xmag or ymag of nothing/,
      ],
      [
        'that ends before it begins',
        { type: 'orthographic', orthographic: { xmag: 1, ymag: 1, znear: 9, zfar: 1 } },
        /zfar of camera 0 is not beyond its znear/,
      ],
      ['without anything', { type: 'perspective' }, /camera 0 has no field of view/],
    ] as const
  ).map(([name, definition, fails]): CorpusCase => ({
    name: `a camera ${name}`,
    camera: false,
    build(g) {
      g.json.cameras.push(definition);
      g.node({ camera: 0 });
    },
    fails,
  })),
  {
    name: 'a camera that does not exist',
    build: (g) => void g.node({ camera: 3 }),
    fails: /node 1 names camera 3, which does not exist/,
  },
  {
    name: 'a camera and a mesh and a light on one node, with a child',
    build(g) {
      const child = g.node({ mesh: g.mesh(g.square(g.material(GREEN))), translation: [1, 0, 0] }, false);
      g.light(
        { type: 'point', intensity: 1 },
        { mesh: g.mesh(g.square(g.material(RED))), camera: 0, children: [child] },
      );
    },
    request: { camera: 'Front' },
    shows: [
      [0, 0, 'red'],
      [1, 0, 'green'],
    ],
  },
];
