import { showDracoSquare } from '../../../helpers/raw-draco';
import { CORNERS, TRIANGLES, type RawGltf } from '../../../helpers/raw-gltf';
import { BLUE, GREEN, RED, WHITE, type CorpusCase, type Shade } from './corpus-case';

const MIDDLE: readonly (readonly [number, number, Shade])[] = [
  [0, 0, 'green'],
  [1.5, 1.5, 'background'],
];
/** The same numbers for each corner of a square. */
const each = (values: readonly number[]): number[] => [0, 1, 2, 3].flatMap(() => values);
const bytes = (values: readonly number[]): Uint8Array => Uint8Array.from(values);

/**
 * A square whose corners are red, green, blue and white, as a list of colours in which each component is `full` or 0.
 */
const CORNER_COLORS = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1];
const withAlpha = (colors: readonly number[]): number[] =>
  colors.flatMap((value, i) => (i % 3 === 2 ? [value, 1] : [value]));
const CORNERS_SHOW: readonly (readonly [number, number, Shade])[] = [
  [-0.9, -0.9, 'red'],
  [0.9, -0.9, 'green'],
  [0.9, 0.9, 'blue'],
  [1.5, 1.5, 'background'],
];

const COLOR_TYPES = {
  'three floats': (g) => g.floats(CORNER_COLORS, 'VEC3'),
  'four floats': (g) => g.floats(withAlpha(CORNER_COLORS), 'VEC4'),
  'three normalized bytes': (g) =>
    g.accessor(bytes(CORNER_COLORS.map((value) => value * 255)), 'VEC3', { normalized: true }),
  'four normalized bytes': (g) =>
    g.accessor(bytes(withAlpha(CORNER_COLORS).map((value) => value * 255)), 'VEC4', { normalized: true }),
  'three normalized shorts': (g) =>
    g.accessor(Uint16Array.from(CORNER_COLORS.map((value) => value * 65_535)), 'VEC3', { normalized: true }),
  'four normalized shorts': (g) =>
    g.accessor(Uint16Array.from(withAlpha(CORNER_COLORS).map((value) => value * 65_535)), 'VEC4', { normalized: true }),
} satisfies Record<string, (g: Parameters<CorpusCase['build']>[0]) => number>;

const colors: CorpusCase[] = Object.entries(COLOR_TYPES).map(([name, accessor]) => ({
  name: `COLOR_0 of ${name}`,
  build(g) {
    const square = g.square(g.material(WHITE), 2);
    square.attributes.COLOR_0 = accessor(g);
    g.show(square);
  },
  shows: CORNERS_SHOW,
}));

const LINES = new Float32Array([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0]);

const modes: CorpusCase[] = [
  {
    name: 'points',
    // The middle of pixel 48, 16 of 64: a point is one pixel wide.
    build: (g) =>
      void g.show({
        attributes: { POSITION: g.floats([1.03125, 0.96875, 0], 'VEC3') },
        material: g.material(GREEN),
        mode: 0,
      }),
    shows: [
      [1.03, 0.97, 'green'],
      [1.2, 0.97, 'background'],
      [0, 0, 'background'],
    ],
  },
  ...(
    [
      [
        'lines',
        1,
        [
          [0, -1],
          [0, 1],
        ],
        [
          [1, 0],
          [-1, 0],
        ],
      ],
      [
        'a line loop',
        2,
        [
          [0, -1],
          [1, 0],
          [0, 1],
          [-1, 0],
        ],
        [],
      ],
      [
        'a line strip',
        3,
        [
          [0, -1],
          [1, 0],
          [0, 1],
        ],
        [[-1, 0]],
      ],
    ] as const
  ).map(([name, mode, drawn, free]): CorpusCase => ({
    name,
    build: (g) =>
      void g.show({ attributes: { POSITION: g.accessor(LINES, 'VEC3') }, material: g.material(GREEN), mode }),
    check(pixels) {
      const near = (x: number, y: number): boolean => {
        const [i, j] = [Math.round(((x + 2) / 4) * pixels.width), Math.round(((2 - y) / 4) * pixels.height)];
        return [-1, 0, 1].some((dx) => [-1, 0, 1].some((dy) => pixels.at(i + dx, j + dy)[1] > 150));
      };
      if (!drawn.every(([x, y]) => near(x, y))) throw new Error('a line is missing');
      if (free.some(([x, y]) => near(x, y))) throw new Error('there is a line too many');
    },
  })),
  {
    name: 'a triangle strip',
    build: (g) =>
      void g.show({
        attributes: { POSITION: g.floats([-1, -1, 0, 1, -1, 0, -1, 1, 0, 1, 1, 0], 'VEC3') },
        material: g.material(GREEN),
        mode: 5,
      }),
    shows: [
      [-0.8, -0.8, 'green'],
      [0.8, 0.8, 'green'],
      [1.5, 0, 'background'],
    ],
  },
  {
    name: 'a triangle strip with indices of one byte',
    build: (g) =>
      void g.show({
        attributes: { POSITION: g.accessor(CORNERS, 'VEC3') },
        indices: g.accessor(bytes([0, 1, 3, 2]), 'SCALAR'),
        material: g.material(GREEN),
        mode: 5,
      }),
    shows: [
      [-0.4, -0.4, 'green'],
      [0.4, 0.4, 'green'],
      [1, 0, 'background'],
    ],
  },
  {
    name: 'a triangle fan',
    build: (g) =>
      void g.show({ attributes: { POSITION: g.accessor(CORNERS, 'VEC3') }, material: g.material(GREEN), mode: 6 }),
    shows: [
      [-0.4, 0.4, 'green'],
      [0.4, -0.4, 'green'],
      [1, 0, 'background'],
    ],
  },
  ...(
    [
      ['triangles', 4],
      ['a triangle strip', 5],
    ] as const
  ).map(([name, mode]): CorpusCase => ({
    name: `${name} by Draco, with tangents and no normals`,
    build: (g) => showDracoSquare(g, g.material(GREEN), mode),
    shows: [
      [-0.4, -0.4, 'green'],
      [0.4, 0.4, 'green'],
      [-0.4, 0.4, 'green'],
      [0.4, -0.4, 'green'],
      [1, 0, 'background'],
    ],
  })),
  {
    name: 'a mode that there is not',
    build: (g) => void g.show({ attributes: { POSITION: g.accessor(CORNERS, 'VEC3') }, mode: 9 }),
    fails: /mode must be a whole number from 0 to 6/,
  },
];

/** A square that hangs on joints by weights, the same for each corner; the first four of both by default. */
function hanging(
  g: RawGltf,
  joints: readonly number[],
  weights: readonly number[],
  size = 1,
): ReturnType<RawGltf['square']> {
  const square = g.square(g.material(GREEN), size);
  for (let set = 0; set * 4 < joints.length; set++) {
    square.attributes[`JOINTS_${set}`] = g.accessor(bytes(each(joints.slice(set * 4, set * 4 + 4))), 'VEC4');
    square.attributes[`WEIGHTS_${set}`] = g.floats(each(weights.slice(set * 4, set * 4 + 4)), 'VEC4');
  }
  return square;
}

/** Transforms of a node whose mesh has a skin, which do not count. */
const SKINNED_NODES: readonly (readonly [string, object])[] = [
  ['mirrors', { scale: [-1, 1, 1], translation: [0, 1, 0] }],
  ['scales to 0', { scale: [0, 0, 0] }],
  ['scales to a line', { scale: [1, 0, 0] }],
  ['is far away', { translation: [1e7, 0, 0] }],
  ['mirrors by a matrix', { matrix: [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1] }],
];

const skins: CorpusCase[] = [
  ...SKINNED_NODES.map(([name, node]): CorpusCase => ({
    name: `a skin whose mesh is on a node that ${name}, and has a child`,
    build(g) {
      g.json.skins = [{ joints: [g.node({ translation: [1, 0, 0] })] }];
      const child = g.node({ mesh: g.mesh(g.square(g.material(RED), 0.5)), translation: [0.5, -1, 0] }, false);
      g.show(hanging(g, [0, 0, 0, 0], [1, 0, 0, 0]), { skin: 0, ...node, children: [child] });
    },
    shows: [
      [1, 0, 'green'],
      [0.6, 0.4, 'green'],
      [1.4, -0.4, 'green'],
      [0.4, 0, 'background'],
      [1, 1, 'background'],
      name.startsWith('mirrors') ? [-0.5, 0, 'red'] : [-0.5, 0, 'background'],
    ],
  })),
  {
    name: 'a skin far away, mirrored, and a camera there',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 2, ymag: 2, znear: 0.1, zfar: 20 } });
      g.node({ camera: 0, translation: [1e7, -1e7, 1e7 + 5] });
      g.json.skins = [{ joints: [g.node({ translation: [1e7 + 1, -1e7, 1e7], scale: [-1, 1, 1] })] }];
      g.show(hanging(g, [0, 0, 0, 0], [1, 0, 0, 0]), { skin: 0 });
    },
    shows: [
      [0.6, 0.4, 'green'],
      [1.4, -0.4, 'green'],
      [0.4, 0, 'background'],
      [1, 0.6, 'background'],
    ],
  },
  ...(['and its mesh is not', 'and its mesh with them', 'one of them hidden by a scale of 0'] as const).map(
    (how): CorpusCase => ({
      name: `a skin whose joints are mirrored, ${how}`,
      build(g) {
        const whole = how === 'and its mesh with them';
        const joint = g.node({ translation: [1, 0, 0] }, false);
        const hidden = how.startsWith('one') ? [g.node({ scale: [0, 0, 0] }, false)] : [];
        g.json.skins = [{ joints: [joint, ...hidden] }];
        const mesh = g.node({ mesh: g.mesh(hanging(g, [0, 0, 0, 0], [1, 0, 0, 0])), skin: 0 }, !whole);
        g.node({ children: [joint, ...hidden, ...(whole ? [mesh] : [])], scale: [-1, 1, 1] });
      },
      shows: [
        [-1, 0, 'green'],
        [0, 0, 'background'],
        [1, 0, 'background'],
      ],
    }),
  ),
  {
    name: 'eight joints a vertex, of which two in the second set count',
    build(g) {
      g.json.skins = [{ joints: [g.node({}), g.node({ translation: [1, 0, 0] })] }];
      g.show(hanging(g, [0, 0, 0, 0, 1, 1, 0, 0], [0.1, 0, 0, 0, 0.5, 0.4, 0, 0], 0.5), { skin: 0 });
    },
    shows: [
      [0.9, 0, 'green'],
      [0.7, 0, 'green'],
      [0.55, 0, 'background'],
    ],
  },
  {
    name: 'a strip of more than four joints a vertex, whose strongest are in the second set',
    build(g) {
      g.json.skins = [{ joints: [g.node({}), g.node({ translation: [1, 0, 0] })] }];
      const strip = hanging(g, [0, 0, 0, 0, 1, 0, 0, 0], [0.05, 0.05, 0.05, 0.05, 0.8, 0, 0, 0]);
      strip.attributes.POSITION = g.floats([-0.5, -0.5, 0, 0.5, -0.5, 0, -0.5, 0.5, 0, 0.5, 0.5, 0], 'VEC3');
      delete strip.indices;
      g.show({ ...strip, mode: 5 }, { skin: 0 });
    },
    shows: [
      [1.3, 0, 'green'],
      [0.5, 0, 'green'],
      [0.2, 0, 'background'],
    ],
    warns: /hang on more than four joints: only the four strongest of each count/,
  },
  ...([0, 1] as const).map((mode): CorpusCase => ({
    name: `${['points', 'lines'][mode]} that hang on joints`,
    build(g) {
      g.json.skins = [{ joints: [g.node({ translation: [0, 1, 0] })] }];
      g.show(
        {
          attributes: {
            POSITION: g.floats([0.03125, 0.03125, 0, 1.03125, 0.03125, 0], 'VEC3'),
            JOINTS_0: g.accessor(new Uint8Array(8), 'VEC4'),
            WEIGHTS_0: g.floats([1, 0, 0, 0, 1, 0, 0, 0], 'VEC4'),
          },
          material: g.material(GREEN),
          mode,
        },
        { skin: 0, name: 'Hair' },
      );
    },
    shows: [[0.03, 0.03, 'green']],
    warns: /The node “Hair” has lines or points that hang on joints, which cannot be done here/,
  })),
];

/** Ways to flatten a square at (1, 0) along its normals, which have no direction then. */
const FLAT: readonly (readonly [string, (g: RawGltf, square: ReturnType<RawGltf['square']>) => void])[] = [
  ['a node scales to 0', (g, square) => g.show(square, { translation: [1, 0, 0], scale: [1, 1, 0] })],
  ['a matrix scales to 0', (g, square) => g.show(square, { matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1] })],
  [
    'a matrix turns, shears and scales to 0',
    (g, square) => g.show(square, { matrix: [0, 2, 0, 0, -1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1] }),
  ],
  [
    'lies below a node that is scaled to 0, and is turned',
    (g, square) => {
      const turned = g.node(
        { mesh: g.mesh(square), rotation: [0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)] },
        false,
      );
      g.node({ children: [turned], translation: [1, 0, 0], scale: [1, 1, 0] });
    },
  ],
  [
    'an animation scales to 0',
    (g, square) =>
      g.animate(
        { node: g.show(square, { translation: [1, 0, 0] }), path: 'scale' },
        [0, 1],
        [1, 1, 0, 1, 1, 1],
        'VEC3',
      ),
  ],
  [
    'a joint scales to 0',
    (g, square) => {
      const joint = g.node({ translation: [1, 0, 0], scale: [1, 1, 0] });
      g.json.skins = [{ joints: [joint] }];
      const skin = {
        JOINTS_0: g.accessor(new Uint8Array(16), 'VEC4'),
        WEIGHTS_0: g.floats(each([1, 0, 0, 0]), 'VEC4'),
      };
      g.show({ ...square, attributes: { ...square.attributes, ...skin } }, { skin: 0 });
    },
  ],
  [
    'an instance scales to 0',
    (g, square) => {
      g.extension('EXT_mesh_gpu_instancing');
      const attributes = { TRANSLATION: g.floats([1, 0, 0], 'VEC3'), SCALE: g.floats([1, 1, 0], 'VEC3') };
      g.show(square, { extensions: { EXT_mesh_gpu_instancing: { attributes } } });
    },
  ],
];

/** Beside each other: a slanted square whose joint flattens it, and one that is as slanted as that comes to. */
const unevenJoint: CorpusCase = {
  name: 'a joint that flattens a slanted square, as bright as one of that slant',
  build(g) {
    const slant = Math.PI / 3;
    const turn = ([x = 0, y = 0, z = 0]: readonly number[]): number[] => [
      x * Math.cos(slant) + z * Math.sin(slant),
      y,
      z * Math.cos(slant) - x * Math.sin(slant),
    ];
    const material = g.material([0.8, 0.8, 0.8], { lit: true });
    const square = g.square(material);
    Object.assign(square.attributes, {
      POSITION: g.floats(
        [0, 3, 6, 9].flatMap((i) => turn([...CORNERS.subarray(i, i + 3)])),
        'VEC3',
      ),
      NORMAL: g.floats(each(turn([0, 0, 1])), 'VEC3'),
      JOINTS_0: g.accessor(bytes(each([0, 0, 0, 0])), 'VEC4'),
      WEIGHTS_0: g.floats(each([1, 0, 0, 0]), 'VEC4'),
    });
    g.json.skins = [{ joints: [g.node({ scale: [1, 1, 0.2], translation: [-1, 0, 0] })] }];
    g.show(square, { skin: 0 });
    const flat = Math.atan(0.2 * Math.tan(slant)) / 2;
    g.show(g.square(material), { translation: [1, 0, 0], rotation: [0, Math.sin(flat), 0, Math.cos(flat)] });
    g.json.scenes[0].extras = { framegauge_environment: 0 };
    g.light({ type: 'directional', intensity: 2 });
  },
  check(_, at) {
    const [uneven, plain] = [at(-1, 0)[0], at(1, 0)[0]];
    if (!(plain > 120 && Math.abs(uneven - plain) <= 3)) throw new Error(`${uneven} is not ${plain}`);
  },
};

const accessors: CorpusCase[] = [
  ...[Uint8Array, Uint16Array, Uint32Array, Int16Array, Float32Array].map((type): CorpusCase => ({
    name: `indices as ${type.name}`,
    build(g) {
      const square = g.square(g.material(GREEN));
      square.indices = g.accessor(type.from(TRIANGLES), 'SCALAR');
      g.show(square);
    },
    shows: MIDDLE,
  })),
  ...[Uint8Array, Uint16Array].map((type): CorpusCase => ({
    name: `the greatest index of ${type.name}`,
    build(g) {
      const last = 256 ** type.BYTES_PER_ELEMENT - 1;
      const position = new Float32Array((last + 1) * 3);
      position.set(CORNERS.subarray(0, 9));
      position.set(CORNERS.subarray(9), last * 3);
      g.show({
        attributes: { POSITION: g.accessor(position, 'VEC3') },
        indices: g.accessor(type.from([0, 1, 2, 0, 2, last]), 'SCALAR'),
        material: g.material(GREEN),
      });
    },
    shows: [
      [0.3, -0.3, 'green'],
      [-0.3, 0.3, 'green'],
      [1, 1, 'background'],
    ],
  })),
  {
    name: 'colours above 1 and below 0',
    build(g) {
      const square = g.square(g.material(WHITE));
      square.attributes.COLOR_0 = g.floats([-1, 4, 0, -1, 4, 0, -1, 4, 0, -1, 4, 0], 'VEC3');
      g.show(square);
    },
    check(_, at) {
      if (Math.abs(at(0, 0)[1] - 188) > 3) throw new Error(at(0, 0).join());
    },
    warns: /^Some colours of the vertices of the mesh 0 are above 1 or below 0: they count as 1 or 0\.$/,
  },
  {
    name: 'colours that are the positions, too',
    build(g) {
      const square = g.square(g.material(WHITE), 2);
      square.attributes.COLOR_0 = square.attributes.POSITION;
      g.show(square);
    },
    shows: [
      [0.9, -0.9, 'red'],
      [-0.9, 0.9, 'green'],
      [1.5, 1.5, 'background'],
    ],
    warns: /^Some colours of the vertices of the mesh 0 are above 1 or below 0: they count as 1 or 0\.$/,
  },
  ...([Uint8Array, Uint16Array] as const).map((Kind): CorpusCase => ({
    name: `colours in a ${Kind.name} that are not normalized`,
    build(g) {
      const square = g.square(g.material([1, 1, 1]));
      const half = Kind === Uint8Array ? 128 : 32_768;
      square.attributes.COLOR_0 = g.accessor(new Kind([0, 1, 2, 3].flatMap(() => [0, half, 0, half])), 'VEC4');
      g.show(square);
    },
    shows: [[0, 0, 'green']],
    warns:
      /^The colours of the vertices of the mesh 0 are whole numbers, and not normalized: they count as if they were\.$/,
  })),
  {
    name: 'colours that two morph targets push above 1',
    build(g) {
      const square = g.square(g.material(WHITE));
      const green = (value: number): number =>
        g.floats(
          [0, 1, 2, 3].flatMap(() => [0, value, 0]),
          'VEC3',
        );
      square.attributes.COLOR_0 = green(0.5);
      square.targets = [{ COLOR_0: green(2) }, { COLOR_0: green(1) }];
      g.show(square, { weights: [1, 1] });
    },
    check(_, at) {
      if (Math.abs(at(0, 0)[1] - 188) > 3) throw new Error(at(0, 0).join());
    },
  },
  {
    name: 'colours of sixteen numbers',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.attributes.COLOR_0 = g.floats(Array(64).fill(1), 'MAT4');
      g.show(square);
    },
    fails: /COLOR_0 of mesh 0 is of type "MAT4", and not VEC3 or VEC4/,
  },
  {
    name: 'attributes as Uint32Array',
    build(g) {
      const square = g.square(g.material(GREEN), 1);
      square.attributes.POSITION = g.accessor(
        Uint32Array.from(CORNERS, (value, i) => (i % 3 === 2 ? 0 : value + 0.5)),
        'VEC3',
      );
      square.attributes.NORMAL = g.accessor(Uint32Array.from(each([0, 0, 1])), 'VEC3');
      square.attributes.COLOR_0 = g.accessor(Uint32Array.from(each([1, 1, 1])), 'VEC3');
      g.show(square, { translation: [-0.5, -0.5, 0] });
    },
    shows: MIDDLE,
  },
  {
    name: 'attributes that lie between each other, the last element without its filling',
    build(g) {
      const data = new Float32Array(4 * 8 - 2);
      for (let i = 0; i < 4; i++) data.set([...CORNERS.subarray(i * 3, i * 3 + 3), 0, 0, 1], i * 8);
      const view = g.view(new Uint8Array(data.buffer), { byteStride: 32 });
      const [position, normal] = [0, 12].map(
        (byteOffset) =>
          g.json.accessors.push({ bufferView: view, byteOffset, componentType: 5126, type: 'VEC3', count: 4 }) - 1,
      );
      g.show({
        attributes: { POSITION: position, NORMAL: normal },
        indices: g.accessor(TRIANGLES, 'SCALAR'),
        material: g.material(GREEN),
      });
    },
    shows: MIDDLE,
  },
  {
    name: 'sparse values over data with a stride',
    build(g) {
      const data = new Float32Array(4 * 4);
      for (let i = 0; i < 4; i++) data.set([...CORNERS.subarray(i * 3, i * 3 + 3), 9], i * 4);
      const view = g.view(new Uint8Array(data.buffer), { byteStride: 16 });
      const sparse = {
        count: 2,
        indices: { bufferView: g.view(bytes([1, 2])), componentType: 5121 },
        values: { bufferView: g.view(new Uint8Array(new Float32Array([1.5, -0.5, 0, 1.5, 0.5, 0]).buffer)) },
      };
      const position =
        g.json.accessors.push({ bufferView: view, componentType: 5126, type: 'VEC3', count: 4, sparse }) - 1;
      g.show({
        attributes: { POSITION: position },
        indices: g.accessor(TRIANGLES, 'SCALAR'),
        material: g.material(GREEN),
      });
    },
    shows: [
      [0, 0, 'green'],
      [1.3, 0.3, 'green'],
      [-1, 0, 'background'],
    ],
  },
  {
    name: 'sparse values over nothing',
    build(g) {
      const sparse = {
        count: 4,
        indices: { bufferView: g.view(bytes([0, 1, 2, 3])), componentType: 5121 },
        values: { bufferView: g.view(new Uint8Array(CORNERS.slice().buffer)) },
      };
      const position = g.json.accessors.push({ componentType: 5126, type: 'VEC3', count: 4, sparse }) - 1;
      g.show({
        attributes: { POSITION: position },
        indices: g.accessor(TRIANGLES, 'SCALAR'),
        material: g.material(GREEN),
      });
    },
    shows: MIDDLE,
  },
  {
    name: 'a sparse value beyond the end',
    build(g) {
      const sparse = {
        count: 1,
        indices: { bufferView: g.view(bytes([9])), componentType: 5121 },
        values: { bufferView: g.view(new Uint8Array(12)) },
      };
      g.show({
        attributes: { POSITION: g.accessor(CORNERS, 'VEC3', { sparse }) },
        indices: g.accessor(TRIANGLES, 'SCALAR'),
      });
    },
    fails: /accessor \d+ has a sparse value beyond its end/,
  },
  {
    name: 'KHR_mesh_quantization: positions as shorts, normals as bytes, texture coordinates as normalized shorts',
    build(g) {
      g.extension('KHR_mesh_quantization', { required: true });
      const position = Int16Array.from({ length: 16 }, (_, i) =>
        i % 4 === 3 ? 0 : CORNERS[Math.floor(i / 4) * 3 + (i % 4)]! * 2,
      );
      const normal = Int8Array.from({ length: 16 }, (_, i) => (i % 4 === 2 ? 127 : 0));
      const strided = (values: Int16Array | Int8Array, stride: number): number =>
        g.view(new Uint8Array(values.buffer), { byteStride: stride });
      const attributes = {
        POSITION:
          g.json.accessors.push({ bufferView: strided(position, 8), componentType: 5122, type: 'VEC3', count: 4 }) - 1,
        NORMAL:
          g.json.accessors.push({
            bufferView: strided(normal, 4),
            componentType: 5120,
            type: 'VEC3',
            count: 4,
            normalized: true,
          }) - 1,
        TEXCOORD_0: g.accessor(Uint16Array.from([0, 65_535, 65_535, 65_535, 65_535, 0, 0, 0]), 'VEC2', {
          normalized: true,
        }),
      };
      g.show(
        { attributes, indices: g.accessor(TRIANGLES, 'SCALAR'), material: g.material(GREEN) },
        { scale: [0.5, 0.5, 0.5] },
      );
    },
    shows: MIDDLE,
  },
  {
    name: 'bounds that the exporter got wrong',
    build(g) {
      const square = g.square(g.material(GREEN));
      Object.assign(g.json.accessors[square.attributes.POSITION], { min: [100, 100, 100], max: [100, 100, 100] });
      g.show(square);
    },
    shows: MIDDLE,
  },
  ...[
    { min: {}, max: undefined },
    { min: null, max: [1, 1, 1] },
  ].map((bounds): CorpusCase => ({
    name: `bounds that are no lists (${JSON.stringify(bounds)}), and a camera to be fitted`,
    camera: false,
    build(g) {
      const square = g.square(g.material(GREEN, { doubleSided: true }), 40);
      Object.assign(g.json.accessors[square.attributes.POSITION], bounds);
      g.show(square);
    },
    shows: [[0, 0, 'green']],
  })),
  {
    name: 'fewer normals than vertices',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.attributes.NORMAL = g.floats([0, 0, 1], 'VEC3');
      g.show(square);
    },
    fails: /mesh 0 has 1 of 4 values of its normal/,
  },
  {
    name: 'an index beyond the vertices',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.indices = g.accessor(new Uint16Array([0, 1, 2, 0, 2, 77]), 'SCALAR');
      g.show(square);
    },
    fails: /mesh 0 names vertex 77, and has 4/,
  },
  ...(
    [
      ['below 0', Int16Array.from([0, 1, 2, 0, 2, -1]), 'SCALAR', /mesh 0 names vertex -1, and has 4/],
      ['between two vertices', Float32Array.from([0, 1, 2, 0, 2, 2.5]), 'SCALAR', /mesh 0 names vertex 2.5, and has 4/],
      ['of three numbers', TRIANGLES, 'VEC3', /indices of the mesh 0 are 3 numbers each, and must be one/],
    ] as const
  ).map(([name, values, type, fails]): CorpusCase => ({
    name: `an index ${name}`,
    build: (g) => void g.show({ ...g.square(g.material(GREEN)), indices: g.accessor(values, type) }),
    fails,
  })),
  {
    name: 'a position that is not a number',
    build(g) {
      g.json.meshes.push({
        name: 'Cube',
        primitives: [
          {
            attributes: {
              POSITION: g.floats([Number.NaN, ...CORNERS.subarray(1)], 'VEC3', { min: undefined, max: undefined }),
            },
            indices: g.accessor(TRIANGLES, 'SCALAR'),
            material: g.material(GREEN),
          },
        ],
      });
      g.node({ mesh: 0 });
    },
    fails: /position of a vertex of the mesh “Cube” has values that are not numbers/,
  },
  {
    name: 'normals that are not numbers or have no length',
    build(g) {
      const square = g.square(g.material(WHITE, { lit: true }), 2);
      square.attributes.NORMAL = g.floats([Number.NaN, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1], 'VEC3', {
        min: undefined,
        max: undefined,
      });
      g.show(square);
    },
    shows: [
      [-0.9, -0.9, 'lit'],
      [0.9, 0.9, 'lit'],
    ],
    warns: /Some normals of the mesh 0 have no direction/,
  },
  {
    name: 'a mesh without positions',
    build: (g) => void g.show({ attributes: { NORMAL: g.accessor(CORNERS, 'VEC3') } }),
    shows: [[0, 0, 'background']],
  },
  {
    name: 'no material: positions only',
    build: (g) =>
      void g.show({
        attributes: {
          POSITION: g.accessor(
            CORNERS.map((value) => value * 3),
            'VEC3',
          ),
        },
        indices: g.accessor(TRIANGLES, 'SCALAR'),
      }),
    shows: [
      [0, 0, 'lit'],
      [1.8, 1.8, 'background'],
    ],
  },
  {
    name: 'no material: normals and colours',
    build(g) {
      const square = g.square(undefined, 3);
      square.attributes.COLOR_0 = g.floats([0, 0.8, 0, 0, 0.8, 0, 0, 0.8, 0, 0, 0.8, 0], 'VEC3');
      g.show([square, g.square(g.material(BLUE), 0.5)], { translation: [0, 0, 0] });
    },
    check(_, at) {
      const [red, green, blue] = at(1, 1);
      if (!(green > red + 60 && green > blue + 60)) throw new Error(`not green: ${[red, green, blue].join()}`);
    },
  },
  {
    name: 'a scale that mirrors, from the front',
    build: (g) => void g.show(g.square(g.material(GREEN)), { scale: [-1, 1, 1] }),
    shows: MIDDLE,
  },
  {
    name: 'the back of a single-sided square',
    build: (g) => void g.show(g.square(g.material(GREEN)), { rotation: [0, 1, 0, 0] }),
    shows: [[0, 0, 'background']],
  },
  {
    name: 'a node scaled to nothing beside one that is there',
    build(g) {
      g.show(g.square(g.material(RED)), { scale: [0, 0, 0] });
      g.show(g.square(g.material(GREEN)), { translation: [1, 0, 0] });
    },
    shows: [
      [0, 0, 'background'],
      [1, 0, 'green'],
    ],
  },
  {
    name: 'a camera that lies as far out as what it shows',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 2, ymag: 2, znear: 0.1, zfar: 20 } });
      g.node({ camera: 0, translation: [1e7, -1e7, 1e7 + 5] });
      g.show(g.square(g.material(GREEN)), { translation: [1e7, -1e7, 1e7] });
    },
    shows: MIDDLE,
  },
  {
    name: 'a node with a matrix, below another',
    build(g) {
      const child = g.node(
        { mesh: g.mesh(g.square(g.material(GREEN))), matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1] },
        false,
      );
      g.node({ children: [child], translation: [0, 1, 0] });
    },
    shows: [
      [1, 1, 'green'],
      [0, 0, 'background'],
    ],
  },
  {
    name: 'nodes with a matrix of no volume: one of no size, one that is flat, long and turned',
    build(g) {
      const mesh = g.mesh(g.square(g.material(GREEN, { doubleSided: true })));
      g.node({ mesh, matrix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1.5, 0, 0, 1] });
      g.node({ mesh, matrix: [0, 3, 0, 0, -0.5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1] });
    },
    shows: [
      [-1.5, 0, 'background'],
      [1, 0, 'green'],
      [1, 1.3, 'green'],
      [1.4, 0, 'background'],
    ],
  },
  {
    name: 'a rotation that is not of length 1',
    build: (g) => void g.show(g.square(g.material(GREEN)), { rotation: [0, 0, 1, 1] }),
    shows: [
      [0.4, 0.4, 'green'],
      [-0.4, -0.4, 'green'],
      [0.7, 0, 'background'],
      [0, 0.7, 'background'],
    ],
  },
  {
    name: 'a node with a matrix that is sheared',
    build: (g) =>
      void g.show(g.square(g.material(GREEN), 1), {
        matrix: [1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      }),
    shows: [
      [0, 0, 'green'],
      [1.1, 0.4, 'green'],
      [-1.1, -0.4, 'green'],
      [0, 0.4, 'background'],
    ],
  },
  ...FLAT.map(([name, show]): CorpusCase => ({
    name: `a lit square that ${name}, as bright as one that is not flattened`,
    build(g) {
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      g.light({ type: 'directional', intensity: 2 });
      const square = g.square(g.material([0.8, 0.8, 0.8], { lit: true }));
      g.show(square, { translation: [-1, 0, 0] });
      show(g, square);
    },
    shows: [
      [1, 0, 'lit'],
      [1, 1.5, 'background'],
    ],
    check(_, at) {
      if (Math.abs(at(-1, 0)[0] - at(1, 0)[0]) > 3) throw new Error(`${at(-1, 0).join()}, ${at(1, 0).join()}`);
    },
  })),
  {
    name: 'custom properties that three.js’s own exporter would write',
    build(g) {
      const child = g.node({ mesh: g.mesh(g.square(g.material(GREEN))) }, false);
      g.node({ children: [child], extras: { pivot: 'centre', name: 5 } });
    },
    shows: MIDDLE,
  },
];

const deformation: CorpusCase[] = [
  {
    name: 'morph targets with the weights of the mesh and of the node',
    build(g) {
      const up = g.floats([0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0], 'VEC3');
      const mesh = g.mesh(g.square(g.material(GREEN), 0.5, { targets: [{ POSITION: up }] }));
      g.json.meshes[mesh].weights = [1];
      g.node({ mesh, translation: [-1, 0, 0] });
      g.node({ mesh, translation: [1, 0, 0], weights: [-1] });
    },
    shows: [
      [-1, 1, 'green'],
      [1, -1, 'green'],
      [-1, 0, 'background'],
      [1, 0, 'background'],
    ],
  },
  {
    name: 'morph targets of different attributes',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.attributes.POSITION = g.accessor(
        CORNERS.map((value, i) => value + (i % 3 === 0 ? 0.75 : 0)),
        'VEC3',
      );
      square.targets = [
        { POSITION: g.floats(Array(12).fill(0), 'VEC3') },
        { NORMAL: g.floats(Array(12).fill(0), 'VEC3') },
      ];
      g.show(square, { weights: [0, 1] });
    },
    shows: [
      [0.35, 0, 'green'],
      [1.15, 0.4, 'green'],
      [1.4, 0, 'background'],
      [0.75, 0.6, 'background'],
    ],
  },
  {
    name: 'morph targets of which one has positions and one has nothing',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.targets = [{}, { POSITION: g.floats(each([1, 0, 0]), 'VEC3') }];
      g.show(square, { weights: [1, 1] });
    },
    shows: [
      [1, 0.4, 'green'],
      [0, 0, 'background'],
      [1.7, 0, 'background'],
      [1, 0.6, 'background'],
    ],
  },
  {
    name: 'morph targets of quantized positions, one with positions only',
    build(g) {
      g.extension('KHR_mesh_quantization', { required: true });
      const square = g.square(g.material(GREEN));
      square.attributes.POSITION = g.accessor(
        Int8Array.from(CORNERS, (value) => Math.round(value * 127)),
        'VEC3',
        { normalized: true },
      );
      square.targets = [
        {
          POSITION: g.accessor(Int8Array.from([127, 0, 0, 127, 0, 0, 127, 0, 0, 127, 0, 0]), 'VEC3', {
            normalized: true,
          }),
        },
        { NORMAL: g.floats(Array(12).fill(0), 'VEC3') },
      ];
      g.show(square, { weights: [1, 1] });
    },
    shows: [
      [1, 0.4, 'green'],
      [0, 0, 'background'],
      [1.7, 0, 'background'],
    ],
  },
  {
    name: 'morph targets of normals only',
    build(g) {
      // Away from the sun, and back to it.
      const square = g.square(g.material([1, 1, 1], { lit: true }), 2);
      square.attributes.NORMAL = g.floats(each([0, 0, -1]), 'VEC3');
      square.targets = [{ NORMAL: g.floats(each([0, 0, 2]), 'VEC3') }];
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      g.light({ type: 'directional', intensity: 3 });
      g.show(square, { weights: [1], translation: [-1, 0, 0] });
      g.show({ ...square }, { weights: [0], translation: [1, 0, 0] });
    },
    shows: [
      [-1, 0.5, 'lit'],
      [1, 0.5, 'dark'],
      [-1, 1.5, 'background'],
    ],
  },
  ...(['VEC3', 'VEC4'] as const).map((type): CorpusCase => ({
    name: `morph targets of colours only, ${type}`,
    build(g) {
      const color = (...rgb: number[]): number =>
        g.floats(
          Array(4)
            .fill(type === 'VEC4' ? [...rgb, 0] : rgb)
            .flat(),
          type,
        );
      const square = g.square(g.material(WHITE), 2);
      square.attributes.COLOR_0 = color(1, 0, 0);
      square.targets = [{ COLOR_0: color(-1, 1, 0) }, {}];
      g.show(square, { weights: [1, 1] });
    },
    shows: [
      [0, 0, 'green'],
      [0.9, 0.9, 'green'],
      [1.5, 0, 'background'],
    ],
  })),
  {
    name: 'morph targets of colours without alpha, on colours that have it',
    build(g) {
      const square = g.square(g.material(WHITE, { alphaMode: 'BLEND' }), 2);
      square.attributes.COLOR_0 = g.floats(each([1, 0, 0, 0.25]), 'VEC4');
      square.targets = [{ COLOR_0: g.floats(each([-1, 1, 0]), 'VEC3') }];
      g.show(square, { weights: [1] });
    },
    request: { transparent: true },
    check(_, at) {
      const [red, green, , alpha] = at(0, 0);
      if (red > 10 || green < 170 || Math.abs(alpha - 64) > 3) throw new Error(at(0, 0).join());
    },
  },
  {
    name: 'morph targets of texture coordinates',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.targets = [{ TEXCOORD_0: g.floats(each([0.5, 0]), 'VEC2') }];
      g.show(square, { weights: [1] });
    },
    shows: MIDDLE,
    warns: /Morph targets of the mesh 0 move texture coordinates, which cannot be done here/,
  },
  {
    name: 'morph targets of what the mesh has not',
    build(g) {
      const square = g.square(g.material(GREEN));
      delete square.attributes.NORMAL;
      square.targets = [
        { NORMAL: g.floats(Array(12).fill(1), 'VEC3'), COLOR_0: g.floats(Array(12).fill(1), 'VEC3') },
        { POSITION: g.floats(each([1, 0, 0]), 'VEC3') },
      ];
      g.show(square, { weights: [1, 1] });
    },
    shows: [
      [1, 0.4, 'green'],
      [0, 0, 'background'],
    ],
  },
  {
    name: 'weights of morph targets that there are not',
    build: (g) => void g.show([g.square(g.material(GREEN)), g.square(g.material(GREEN))], { weights: [1, 2, 3] }),
    shows: MIDDLE,
  },
  {
    name: 'two morph targets that add up beyond the picture’s edge and back',
    build(g) {
      const move = (x: number): number => g.floats([x, 0, 0, x, 0, 0, x, 0, 0, x, 0, 0], 'VEC3');
      g.show(g.square(g.material(GREEN), 1, { targets: [{ POSITION: move(-3) }, { POSITION: move(-3) }] }), {
        translation: [6, 0, 0],
        weights: [1, 1],
      });
    },
    shows: MIDDLE,
  },
  ...(
    [
      ['bytes', Uint8Array, false],
      ['shorts and normalized weights', Uint16Array, true],
      ['integers of 32 bits', Uint32Array, false],
    ] as const
  ).map(([name, kind, normalized]): CorpusCase => ({
    name: `a skin with joints as ${name}`,
    build(g) {
      const square = g.square(g.material(GREEN));
      square.attributes.JOINTS_0 = g.accessor(kind.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]), 'VEC4');
      const weights = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
      square.attributes.WEIGHTS_0 = normalized
        ? g.accessor(
            Uint16Array.from(weights, (value) => value * 65_535),
            'VEC4',
            { normalized },
          )
        : g.floats(weights, 'VEC4');
      const [joint, root] = [g.node({ translation: [1, 0, 0] }, false), g.json.nodes.length];
      g.node({ children: [joint] });
      g.json.skins = [{ joints: [root, joint] }];
      // Where the mesh's own node stands says nothing.
      g.show(square, { skin: 0, translation: [0, 1, 0] });
    },
    shows: [
      [1, 0, 'green'],
      [0, 1, 'background'],
      [0, 0, 'background'],
    ],
  })),
  {
    name: 'one mesh with a skin and without',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.attributes.JOINTS_0 = g.accessor(new Uint8Array(16), 'VEC4');
      square.attributes.WEIGHTS_0 = g.floats([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 'VEC4');
      const joint = g.node({ translation: [1, 0, 0] });
      g.json.skins = [{ joints: [joint] }];
      const mesh = g.mesh(square);
      g.node({ mesh, skin: 0 });
      g.node({ mesh, translation: [-1, 0, 0] });
    },
    shows: [
      [1, 0, 'green'],
      [-1, 0, 'green'],
      [0, 0, 'background'],
    ],
  },
  {
    name: 'a joint that the skin does not have',
    build(g) {
      const square = g.square(g.material(GREEN));
      square.attributes.JOINTS_0 = g.accessor(new Uint8Array(16).fill(7), 'VEC4');
      square.attributes.WEIGHTS_0 = g.floats([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 'VEC4');
      g.json.skins = [{ joints: [g.node({})] }];
      g.show(square, { skin: 0, name: 'Arm' });
    },
    fails: /the node “Arm” names joint 7, and its skin has 1/,
  },
  {
    name: 'instances, plain and mirrored, turned and coloured',
    build(g) {
      g.extension('EXT_mesh_gpu_instancing', { required: true });
      const attributes = {
        TRANSLATION: g.floats([-1, 0, 0, 1, 0, 0, 0, 1, 0], 'VEC3'),
        SCALE: g.floats([1, 1, 1, -1, 1, 1, 0.5, 0.5, 0.5], 'VEC3'),
        ROTATION: g.accessor(Int16Array.from([0, 0, 0, 32_767, 0, 0, 0, 32_767, 0, 0, 32_767, 0]), 'VEC4', {
          normalized: true,
        }),
        _COLOR_0: g.floats([1, 0, 0, 0, 1, 0, 0, 0, 1], 'VEC3'),
      };
      g.show(g.square(g.material(WHITE)), { extensions: { EXT_mesh_gpu_instancing: { attributes } } });
    },
    shows: [
      [-1, 0, 'red'],
      [1, 0, 'green'],
      [0, 1, 'blue'],
      [0, 0, 'background'],
      [0, 1.4, 'background'],
    ],
  },
  {
    name: 'instances far from where their node is, one mirrored',
    camera: false,
    build(g) {
      g.json.cameras.push({ type: 'orthographic', orthographic: { xmag: 2, ymag: 2, znear: 0.1, zfar: 20 } });
      g.node({ camera: 0, translation: [1e7, 0, 5] });
      g.extension('EXT_mesh_gpu_instancing');
      const attributes = {
        TRANSLATION: g.floats([1e7 + 1, 0, 0, 1e7 - 1, 0, 0, 1e7, 1, 0], 'VEC3'),
        SCALE: g.floats([1, 1, 1, 1, 1, 1, -1, 1, 1], 'VEC3'),
      };
      g.show(g.square(g.material(GREEN), 0.5), { extensions: { EXT_mesh_gpu_instancing: { attributes } } });
    },
    shows: [
      [1, 0, 'green'],
      [-1, 0, 'green'],
      [0, 1, 'green'],
      [1.15, 0.15, 'green'],
      [0.15, 1.15, 'green'],
      [1.35, 0, 'background'],
      [0, 0, 'background'],
    ],
  },
  {
    name: 'instances of lines and of morphed squares',
    build(g) {
      g.extension('EXT_mesh_gpu_instancing');
      const attributes = { TRANSLATION: g.floats([-1, 0, 0, 1, 0, 0], 'VEC3') };
      g.show(
        {
          attributes: { POSITION: g.floats([-0.5, 1.03, 0, 0.5, 1.03, 0], 'VEC3') },
          material: g.material(RED),
          mode: 1,
        },
        { extensions: { EXT_mesh_gpu_instancing: { attributes } } },
      );
      const down = g.floats([0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0], 'VEC3');
      g.show(g.square(g.material(GREEN), 0.5, { targets: [{ POSITION: down }] }), {
        weights: [1],
        extensions: { EXT_mesh_gpu_instancing: { attributes } },
      });
    },
    shows: [
      [-1, -1, 'green'],
      [1, -1, 'green'],
      [-1, 1.03, 'red'],
      [1, 1.03, 'red'],
      [0, -1, 'background'],
    ],
  },
  {
    name: 'instances of a blended square, the nearest first',
    build(g) {
      g.extension('EXT_mesh_gpu_instancing');
      const attributes = {
        TRANSLATION: g.floats([0, 0, 1, 0, 0, 0], 'VEC3'),
        _COLOR_0: g.floats([1, 1, 1, 0, 0, 0], 'VEC3'),
      };
      g.show(g.square(g.material([0, 1, 0, 0.5], { alphaMode: 'BLEND' })), {
        extensions: { EXT_mesh_gpu_instancing: { attributes } },
      });
    },
    shows: [[0, 0, 'green']],
    // Half of green before black, not a quarter.
    check(_, at) {
      if (!(at(0, 0)[1] > 170)) throw new Error(`${at(0, 0).join()} is the farthest over the nearest`);
    },
  },
  {
    name: 'instances of no size, of squares that are morphed and that are not',
    build(g) {
      g.extension('EXT_mesh_gpu_instancing');
      const attributes = {
        TRANSLATION: g.floats([-1, 0, 0, 1, 0, 0], 'VEC3'),
        SCALE: g.floats([1, 1, 1, 0, 0, 0], 'VEC3'),
      };
      const down = g.floats([0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0], 'VEC3');
      g.show(g.square(g.material(GREEN), 0.5, { targets: [{ POSITION: down }] }), {
        weights: [1],
        extensions: { EXT_mesh_gpu_instancing: { attributes } },
      });
      g.show(g.square(g.material(RED), 0.5), { extensions: { EXT_mesh_gpu_instancing: { attributes } } });
    },
    shows: [
      [-1, -1, 'green'],
      [1, -1, 'background'],
      [-1, 0, 'red'],
      [1, 0, 'background'],
    ],
  },
  {
    name: 'instances of which there are several numbers',
    build(g) {
      g.extension('EXT_mesh_gpu_instancing');
      g.show(g.square(g.material(GREEN)), {
        extensions: {
          EXT_mesh_gpu_instancing: {
            attributes: { TRANSLATION: g.floats([0, 0, 0], 'VEC3'), SCALE: g.floats([1, 1, 1, 2, 2, 2], 'VEC3') },
          },
        },
      });
    },
    fails: /the attributes of the instances of .+ differ in their number/,
  },
];

export const GEOMETRY: readonly CorpusCase[] = [
  ...colors,
  ...modes,
  ...accessors,
  ...skins,
  unevenJoint,
  ...deformation,
];
