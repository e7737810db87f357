import { CORNERS, TRIANGLES } from '../../../helpers/raw-gltf';
import { makeRgbaPng } from '../../../helpers/image-files';
import { GREEN, RED, WHITE, type CorpusCase } from './corpus-case';

const pointer = (path: string): object => ({
  path: 'pointer',
  extensions: { KHR_animation_pointer: { pointer: path } },
});
/** The request shows the moment of half a second. */
const AT_HALF = { frame: 12, fps: 24 };

/** A pointer's animation of one second from one value to another, seen half-way. */
function pointing(
  path: string,
  values: readonly number[],
  type: string,
  build: NonNullable<CorpusCase['build']>,
  see: Pick<CorpusCase, 'shows' | 'check' | 'warns'>,
): CorpusCase {
  return {
    name: `KHR_animation_pointer: ${path}`,
    async build(g) {
      await build(g);
      g.extension('KHR_animation_pointer', { required: true });
      g.animate(pointer(path), [0, 1], values, type);
    },
    request: AT_HALF,
    ...see,
  };
}

/** Faces up in its normal texture, and is lit from above. */
const relief: CorpusCase['build'] = async (g) => {
  const up = g.texture(g.packed(await makeRgbaPng(4, 4, () => [0.5, 0.854, 0.854, 1])));
  g.show(g.square(g.material([1, 1, 1], { lit: true, normalTexture: { index: up } }), 3));
  g.json.scenes[0].extras = { framegauge_environment: 0 };
  g.light({ type: 'directional', intensity: 3 }, { rotation: [-Math.SQRT1_2, 0, 0, Math.SQRT1_2] });
};

const square = (g: Parameters<CorpusCase['build']>[0]): void => void g.show(g.square(g.material(GREEN)));

export const ANIMATIONS: readonly CorpusCase[] = [
  {
    name: 'STEP keys hold on their own frame',
    build(g) {
      square(g);
      g.animate(
        { node: 1, path: 'translation' },
        Array.from({ length: 25 }, (_, k) => k / 24),
        Array.from({ length: 25 }, (_, k) => [k === 7 ? 1 : -1, 0, 0]).flat(),
        'VEC3',
        'STEP',
      );
    },
    request: { frame: 7, fps: 24 },
    shows: [
      [1, 0, 'green'],
      [-1, 0, 'background'],
    ],
  },
  {
    name: 'LINEAR, in normalized bytes',
    build(g) {
      square(g);
      g.animate({ node: 1, path: 'rotation' }, [0, 1], [0, 0, 0, 1, 0, 1, 0, 0], 'VEC4');
      const animation = g.json.animations[0];
      animation.samplers[0].output = g.accessor(Int8Array.from([0, 0, 0, 127, 0, 127, 0, 0]), 'VEC4', {
        normalized: true,
      });
      g.json.nodes[1].translation = [1, 0, 0];
    },
    // Half-way it is turned by a quarter, edge on.
    request: { frame: 12, fps: 24 },
    shows: [[1, 0, 'background']],
  },
  ...(['LINEAR', 'CUBICSPLINE'] as const).map((interpolation): CorpusCase => ({
    name: `${interpolation}, rotations that are not of length 1`,
    build(g) {
      const [from, to] = [
        [0, 0, 0, 3],
        [0, 0, 2, 2],
      ] as const;
      const flat = [0, 0, 0, 0];
      g.animate(
        { node: g.show(g.square(g.material(GREEN), 2)), path: 'rotation' },
        [0, 1],
        interpolation === 'LINEAR' ? [...from, ...to] : [...flat, ...from, ...flat, ...flat, ...to, ...flat],
        'VEC4',
        interpolation,
      );
    },
    request: AT_HALF,
    // A square on its corner.
    shows: [
      [0, 1.3, 'green'],
      [1.3, 0, 'green'],
      [0.9, 0.9, 'background'],
      [0, 1.6, 'background'],
    ],
  })),
  {
    name: 'CUBICSPLINE',
    build(g) {
      square(g);
      g.animate(
        { node: 1, path: 'translation' },
        [0, 1],
        [0, 0, 0, -1, 0, 0, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        'VEC3',
        'CUBICSPLINE',
      );
    },
    // Without its tangent it would be at 0, with it at 1.
    request: AT_HALF,
    shows: [
      [1, 0, 'green'],
      [0, 0, 'background'],
    ],
  },
  {
    name: 'two nodes of one name, of which one moves',
    build(g) {
      g.show(g.square(g.material(GREEN), 0.5), { name: 'Twin', translation: [-1, 0, 0] });
      g.show(g.square(g.material(RED), 0.5), { name: 'Twin', translation: [1, 0, 0] });
      g.animate({ node: 2, path: 'translation' }, [0, 1], [1, 1, 0, 1, 1, 0], 'VEC3');
    },
    request: AT_HALF,
    shows: [
      [-1, 0, 'green'],
      [1, 1, 'red'],
    ],
  },
  {
    name: 'two nodes whose names are words of the language, one of them moved',
    build(g) {
      g.show(g.square(g.material(GREEN), 0.5), { name: 'constructor', translation: [-1, 0, 0] });
      g.show(g.square(g.material(RED), 0.5), { name: 'constructor', translation: [1, 0, 0] });
      g.node({ name: '__proto__' });
      g.animate({ node: 2, path: 'translation' }, [0, 1], [1, 1, 0, 1, 1, 0], 'VEC3');
    },
    request: AT_HALF,
    shows: [
      [-1, 0, 'green'],
      [1, 1, 'red'],
    ],
  },
  {
    name: 'the weights of one of two nodes with a mesh of two parts',
    build(g) {
      const up = g.floats([0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0], 'VEC3');
      const part = (color: readonly number[]): object =>
        g.square(g.material(color), 0.5, { targets: [{ POSITION: up }] });
      const mesh = g.mesh(part(GREEN), {
        ...part(RED),
        attributes: {
          POSITION: g.accessor(
            CORNERS.map((value, i) => value * 0.5 + (i % 3 === 1 ? -0.7 : 0)),
            'VEC3',
          ),
        },
        indices: g.accessor(TRIANGLES, 'SCALAR'),
      });
      g.node({ mesh, translation: [-1, 0, 0] });
      g.node({ mesh, translation: [1, 0, 0] });
      g.animate({ node: 2, path: 'weights' }, [0, 1], [1, 1], 'SCALAR');
    },
    request: AT_HALF,
    shows: [
      [-1, 0, 'green'],
      [-1, -0.7, 'red'],
      [1, 1, 'green'],
      [1, 0.3, 'red'],
      [1, -0.7, 'background'],
    ],
  },
  {
    name: 'the animations that are asked for, together, and no other',
    build(g) {
      square(g);
      g.animate({ node: 1, path: 'translation' }, [0, 1], [-1, 0, 0, -1, 0, 0], 'VEC3', 'LINEAR', 'Walk');
      g.animate({ node: 1, path: 'translation' }, [0, 1], [1, 0, 0, 1, 0, 0], 'VEC3', 'LINEAR', 'Run');
      g.animate({ node: 1, path: 'scale' }, [0, 1], [0.4, 0.4, 1, 0.4, 0.4, 1], 'VEC3', 'LINEAR', 'Shrink');
    },
    request: { animations: ['Run', 'Shrink'] },
    shows: [
      [1, 0, 'green'],
      [-1, 0, 'background'],
      [1.4, 0, 'background'],
    ],
  },
  {
    name: 'an animation that there is not',
    build(g) {
      square(g);
      g.animate({ node: 1, path: 'translation' }, [0, 1], [0, 0, 0, 0, 0, 0], 'VEC3', 'LINEAR', 'Walk');
    },
    request: { animations: ['Fly'] },
    fails: /no animation “Fly”.*“Walk”/,
  },
  {
    name: 'keys that are not in order',
    build(g) {
      square(g);
      g.animate({ node: 1, path: 'translation' }, [1, 0], [0, 0, 0, 0, 0, 0], 'VEC3');
    },
    fails: /keys of the animation “Clip” are not in the order of their times/,
  },
  {
    name: 'a key that is not a number',
    build(g) {
      square(g);
      g.animate({ node: 1, path: 'translation' }, [0, 1], [0, 0, 0, Number.NaN, 0, 0], 'VEC3');
      for (const accessor of g.json.accessors) delete accessor.min;
      g.json.accessors.at(-1).max = undefined;
    },
    fails: /key of the animation “Clip” has values that are not numbers/,
  },
  {
    name: 'fewer values than keys',
    build(g) {
      square(g);
      g.animate({ node: 1, path: 'translation' }, [0, 1, 2], [0, 0, 0, 1, 0, 0], 'VEC3');
    },
    fails: /the animation “Clip” has 6 numbers for 3 keys of 3/,
  },
  pointing('/nodes/1/translation', [0, 0, 0, 2, 0, 0], 'VEC3', square, {
    shows: [
      [1, 0, 'green'],
      [0, 0, 'background'],
    ],
  }),
  pointing('/nodes/1/extensions/KHR_node_visibility/visible', [0, 0], 'SCALAR', square, {
    shows: [[0, 0, 'background']],
  }),
  pointing('/materials/0/pbrMetallicRoughness/baseColorFactor', [1, 0, 0, 1, 0, 0, 0, 1], 'VEC4', square, {
    shows: [[0, 0, 'red']],
  }),
  pointing(
    '/materials/0/emissiveFactor',
    [0, 0, 0, 2, 0, 0],
    'VEC3',
    (g) => void g.show(g.square(g.material([0, 0, 0], { lit: true }))),
    {
      check(_, at) {
        if (!(at(0, 0)[0] > 150)) throw new Error(`it glows ${at(0, 0).join()}`);
      },
    },
  ),
  pointing(
    '/meshes/0/weights',
    [0, 2],
    'SCALAR',
    (g) =>
      void g.show(
        g.square(g.material(GREEN), 0.5, {
          targets: [{ POSITION: g.floats([0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0], 'VEC3') }],
        }),
      ),
    {
      shows: [
        [0, 1, 'green'],
        [0, 0, 'background'],
      ],
    },
  ),
  pointing(
    '/materials/0/alphaCutoff',
    [0.5, 0.5],
    'SCALAR',
    (g) => {
      g.show(g.square(g.material([...GREEN, 0.2], { alphaMode: 'MASK', alphaCutoff: 0.1 })), {
        translation: [-1, 0, 0],
      });
      // Of what is opaque, it says nothing.
      g.json.materials.push({ ...g.json.materials[0], alphaMode: 'OPAQUE' });
      g.extension('KHR_animation_pointer');
      g.animate(pointer('/materials/1/alphaCutoff'), [0, 1], [0.5, 0.5], 'SCALAR');
      g.show(g.square(1), { translation: [1, 0, 0] });
    },
    {
      shows: [
        [-1, 0, 'background'],
        [1, 0, 'green'],
      ],
    },
  ),
  pointing('/materials/0/normalTexture/scale', [0, 2], 'SCALAR', relief, { shows: [[0, 0, 'lit']] }),
  {
    ...pointing('/materials/0/normalTexture/scale', [-2, 0], 'SCALAR', relief, { shows: [[0, 0, 'dark']] }),
    name: 'KHR_animation_pointer: a normal scale below 0',
  },
  pointing('/cameras/0/orthographic/ymag', [1, 1], 'SCALAR', square, {
    shows: [
      [0.9, 0.9, 'green'],
      [1.2, 0, 'background'],
    ],
  }),
  pointing(
    '/extensions/KHR_lights_punctual/lights/0/intensity',
    [0, 6],
    'SCALAR',
    (g) => {
      g.show(g.square(g.material(WHITE, { lit: true }), 4));
      g.light({ type: 'directional', intensity: 0 });
      g.json.scenes[0].extras = { framegauge_environment: 0 };
    },
    { shows: [[0, 0, 'lit']] },
  ),
  {
    ...pointing('/materials/0/extensions/ACME_paint/gloss', [0, 1], 'SCALAR', square, { shows: [[0, 0, 'green']] }),
    warns: /“\/materials\/0\/extensions\/ACME_paint\/gloss” points to is animated in the file/,
  },
  {
    name: 'a flash in lux that lasts a moment, beside a lamp that is never lit',
    build(g) {
      g.show(g.square(g.material(WHITE, { lit: true }), 4));
      g.light({ type: 'directional', intensity: 0 });
      g.light({ type: 'directional', intensity: 0 });
      g.json.scenes[0].extras = { framegauge_environment: 0 };
      g.extension('KHR_animation_pointer');
      g.animate(
        pointer('/extensions/KHR_lights_punctual/lights/0/intensity'),
        [0, 0.5, 0.6, 8],
        [0, 1366, 0, 0],
        'SCALAR',
        'STEP',
      );
    },
    request: { frame: 55, fps: 100 },
    // Half of 2 / π, and not of 1366 / π.
    check(_, at) {
      if (!(at(0, 0)[0] > 130 && at(0, 0)[0] < 170)) throw new Error(`it is ${at(0, 0).join()}`);
    },
  },
  {
    name: 'a swing whose turns fall between even steps, in the picture without a camera',
    camera: false,
    build(g) {
      g.show(g.square(g.material(GREEN)));
      const times = Array.from({ length: 33 }, (_, i) => i / 4);
      g.animate(
        { node: 0, path: 'translation' },
        times,
        times.flatMap((_, i) => [[0, 20, 0, -20][i % 4]!, 0, 0]),
        'VEC3',
      );
    },
    request: { frame: 1, fps: 5, width: 128 },
    check(pixels) {
      let green = 0;
      for (let y = 0; y < pixels.height; y++)
        for (let x = 0; x < pixels.width; x++) if (pixels.at(x, y)[1] > pixels.at(x, y)[0] + 60) green += 1;
      if (green === 0) throw new Error('it is out of the picture');
    },
  },
  ...(['/meshes/0/weights/1', '/nodes/1/weights/1'] as const).map((path) =>
    pointing(
      path,
      [0, 2],
      'SCALAR',
      (g) => {
        const move = (...by: number[]): number => g.floats([by, by, by, by].flat(), 'VEC3');
        const mesh = g.mesh(
          g.square(g.material(GREEN), 0.5, { targets: [{ POSITION: move(0, 1, 0) }, { POSITION: move(1, 0, 0) }] }),
        );
        g.json.meshes[mesh].weights = [1, 0];
        g.node({ mesh, ...(path.startsWith('/nodes') ? { weights: [1, 0] } : {}) });
      },
      {
        shows: [
          [1, 1, 'green'],
          [0, 1, 'background'],
        ],
      },
    ),
  ),
  pointing(
    '/meshes/0/weights',
    [0, 2],
    'SCALAR',
    (g) => {
      const up = g.floats([0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0], 'VEC3');
      const mesh = g.mesh(g.square(g.material(GREEN), 0.5, { targets: [{ POSITION: up }] }));
      g.node({ mesh, translation: [-1, 0, 0] });
      // Weights of its own stand above the mesh's.
      g.node({ mesh, translation: [1, 0, 0], weights: [-1] });
    },
    {
      shows: [
        [-1, 1, 'green'],
        [1, -1, 'green'],
        [1, 1, 'background'],
      ],
    },
  ),
  pointing(
    '/materials/0/emissiveFactor',
    [0, 0, 0, 0, 1, 0],
    'VEC3',
    (g) =>
      void g.show({
        attributes: { POSITION: g.floats([-1, 0.03, 0, 1, 0.03, 0], 'VEC3') },
        material: g.material([0, 0, 0], { lit: true }),
        mode: 1,
      }),
    { shows: [[0, 0.03, 'green']] },
  ),
  {
    name: 'KHR_node_visibility: a node that is not shown, with its children',
    build(g) {
      g.extension('KHR_node_visibility', { required: true });
      const child = g.node({ mesh: g.mesh(g.square(g.material(RED))), translation: [1, 0, 0] }, false);
      g.show(g.square(g.material(GREEN)), {
        translation: [-1, 0, 0],
        children: [child],
        extensions: { KHR_node_visibility: { visible: false } },
      });
    },
    shows: [
      [-1, 0, 'background'],
      [0, 0, 'background'],
    ],
  },
];
