import type { RawGltf } from '../../../helpers/raw-gltf';
import { BLUE, GREEN, RED, type CorpusCase, type Shade } from './corpus-case';

const MIDDLE: readonly (readonly [number, number, Shade])[] = [
  [0, 0, 'green'],
  [1.5, 1.5, 'background'],
];
const square: CorpusCase['build'] = (g) => void g.show(g.square(g.material(GREEN)));

function twoScenes(g: Parameters<CorpusCase['build']>[0]): void {
  const [green, red] = [g.show(g.square(g.material(GREEN))), g.show(g.square(g.material(RED)))];
  g.json.scenes = [
    { name: 'Day', nodes: [0, green] },
    { name: 'Night', nodes: [0, red] },
  ];
}

/** Containers, scenes, and files that nobody should have written. */
export const FILES: readonly CorpusCase[] = [
  { name: 'a .gltf with its data inside', build: square, shows: MIDDLE },
  { name: 'a .glb', file: 'glb', build: square, shows: MIDDLE },
  { name: 'a .glb without a binary chunk', file: 'glb', build: (g) => void g.node({}), shows: [[0, 0, 'background']] },
  {
    name: 'a .glb that is filled up with zeros',
    file: 'glb',
    build: (g) => {
      square(g);
      g.json.asset.generator = 'x';
    },
    write: (g) => g.glb({ fill: '\0' }),
    shows: MIDDLE,
  },
  {
    name: 'a .glb with a chunk that nobody knows',
    file: 'glb',
    build: square,
    write: (g) => g.glb({ more: Buffer.from('\x04\0\0\0ACMEabcd', 'latin1') }),
    shows: MIDDLE,
  },
  { name: 'a .glb under the name of a .gltf', build: square, write: (g) => g.glb(), shows: MIDDLE },
  {
    name: 'a .gltf with a byte order mark',
    build: square,
    write: (g) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), g.gltf()]),
    shows: MIDDLE,
  },
  {
    name: 'names of every script, of nothing, and of another type',
    build(g) {
      g.json.nodes[0].name = '正面';
      const node = g.show(g.square(g.material(GREEN, { name: '\u202eevil' })), { name: '' });
      g.node({ name: '🦊' });
      g.json.cameras[0].name = ['Lens'];
      g.node({ name: 5, camera: 0, translation: [0, 0, 5] });
      g.animate({ node, path: 'translation' }, [0, 1], [0, 0, 0, 1, 0, 0], 'VEC3');
      g.json.animations[0].name = 5;
      g.json.scenes[0].name = {};
    },
    request: { camera: 'Camera', animations: ['Animation 1'], sceneName: 'Scene 1' },
    shows: MIDDLE,
  },
  {
    name: 'no nodes',
    build: (g) => {
      g.json.nodes = [];
      g.json.scenes = [{}];
      g.json.cameras = [];
    },
    shows: [[0, 0, 'background']],
  },
  {
    name: 'an empty mesh',
    build: (g) => {
      g.json.meshes.push({ primitives: [] });
      g.node({ mesh: 0 });
    },
    fails: /meshes\.0\.primitives|mesh 0/,
  },
  {
    name: 'a file without scenes: all that is nobody’s child',
    build: (g) => {
      square(g);
      delete g.json.scenes;
      delete g.json.scene;
    },
    shows: MIDDLE,
  },
  {
    name: 'the scene that the file chooses',
    build: (g) => {
      twoScenes(g);
      g.json.scene = 1;
    },
    shows: [[0, 0, 'red']],
  },
  { name: 'the scene that is asked for', build: twoScenes, request: { sceneName: 'Night' }, shows: [[0, 0, 'red']] },
  {
    name: 'a file that needs a later glTF',
    build: (g) => void (g.json.asset.minVersion = '2.1'),
    fails: /needs glTF version 2\.1, but only 2\.0 can be rendered/,
  },
  {
    name: 'a scene that there is not',
    build: twoScenes,
    request: { sceneName: 'Dusk' },
    fails: /no scene “Dusk”.*“Day”, “Night”/,
  },
  {
    name: 'a node twice in the scene, and a child beside its parent',
    build: (g) => {
      const child = g.node({ mesh: g.mesh(g.square(g.material(GREEN))), translation: [1, 0, 0] });
      const parent = g.node({ children: [child], translation: [0, 1, 0] });
      g.json.scenes[0].nodes.push(parent);
    },
    shows: [
      [1, 1, 'green'],
      [1, 0, 'background'],
    ],
  },
  {
    name: 'nodes in a circle',
    build: (g) => {
      const child = g.node({}, false);
      g.json.nodes[child].children = [g.node({ children: [child] })];
    },
    fails: /circle|is below itself/,
  },
  {
    name: 'a node with two parents',
    build: (g) => {
      const child = g.node({}, false);
      g.node({ children: [child] });
      g.node({ children: [child] });
    },
    fails: /node 1 is a child of both node 2 and node 3/,
  },
  {
    name: 'two thousand nodes below each other',
    build: (g) => {
      const leaf = g.node({ mesh: g.mesh(g.square(g.material(GREEN))), translation: [1, 0, 0] }, false);
      let top = leaf;
      for (let i = 0; i < 1_900; i++) top = g.node({ children: [top] }, i === 1_899);
    },
    shows: [[1, 0, 'green']],
  },
  {
    name: 'more nodes below each other than can be followed',
    build: (g) => {
      let top = g.node({}, false);
      for (let i = 0; i < 20_000; i++) top = g.node({ children: [top] }, i === 19_999);
    },
    fails: /below each other/,
  },
  {
    name: 'a place that is not a number',
    build: (g) => void g.show(g.square(g.material(GREEN)), { translation: [0, 'a', 0] }),
    fails: /translation/,
  },
  {
    name: 'a place beyond all numbers',
    build: (g) => void g.show(g.square(g.material(GREEN)), { translation: [0, 7.7, 0] }),
    write: (g) => Buffer.from(g.gltf().toString().replace('[0,7.7,0]', '[0,1e999,0]')),
    fails: /translation/,
  },
  { name: 'null in place of a node', build: (g) => void g.node(null), fails: /nodes/ },
  {
    name: 'an accessor that does not exist',
    build: (g) => void g.show({ attributes: { POSITION: 99 } }),
    fails: /names accessor 99, which does not exist/,
  },
  {
    name: 'an accessor of more elements than there is memory',
    build: (g) =>
      void g.show({
        attributes: {
          POSITION: g.json.accessors.push({ componentType: 5126, type: 'VEC3', count: 2_000_000_000 }) - 1,
        },
      }),
    fails: /accessor 0/,
  },
  {
    name: 'a buffer that breaks off',
    build: square,
    write: (g) =>
      Buffer.from(
        g
          .gltf()
          .toString()
          .replace(/base64,.{40}/, 'base64,'),
      ),
    fails: /buffer 0 has \d+ of \d+ bytes/,
  },
  {
    name: 'a buffer that is not there',
    build: square,
    write: (g) => g.gltf({ uri: 'data.bin' }),
    fails: /“data\.bin”/,
  },
  {
    name: 'JSON that breaks off',
    build: square,
    write: (g) => g.gltf().subarray(0, 200),
    fails: /JSON cannot be read/,
  },
  {
    name: 'a file of nothing but zeros',
    file: 'glb',
    build: square,
    write: () => Buffer.alloc(64),
    fails: /not a glTF file/,
  },
  {
    name: 'meshopt data that are damaged',
    build(g) {
      g.extension('EXT_meshopt_compression', { required: true });
      const view = g.view(new Uint8Array(64).fill(0x55));
      const packed =
        g.json.bufferViews.push({
          buffer: 0,
          byteLength: 48,
          byteStride: 12,
          extensions: {
            EXT_meshopt_compression: { ...g.json.bufferViews[view], byteStride: 12, count: 4, mode: 'ATTRIBUTES' },
          },
        }) - 1;
      g.show({
        attributes: {
          POSITION: g.json.accessors.push({ bufferView: packed, componentType: 5126, type: 'VEC3', count: 4 }) - 1,
        },
        material: g.material(BLUE),
      });
    },
    fails: /Buffer view 1 cannot be loaded/,
  },
  {
    name: 'Draco data that are damaged',
    build(g) {
      g.extension('KHR_draco_mesh_compression', { required: true });
      const view = g.view(new Uint8Array(64).fill(0x55));
      g.json.meshes.push({
        name: 'Rock',
        primitives: [
          {
            attributes: { POSITION: g.json.accessors.push({ componentType: 5126, type: 'VEC3', count: 4 }) - 1 },
            extensions: { KHR_draco_mesh_compression: { bufferView: view, attributes: { POSITION: 0 } } },
          },
        ],
      });
      g.node({ mesh: 0 });
    },
    fails: /The mesh “Rock” cannot be loaded/,
  },
  ...(
    [
      [
        'a colour that is a number',
        (material) => (material.emissiveFactor = 1),
        /emissiveFactor of material 0 is not a list of 3 numbers/,
      ],
      [
        'an alpha mode of small letters',
        (material) => (material.alphaMode = 'blend'),
        /alphaMode of material 0 is "blend", and not one of OPAQUE/,
      ],
      [
        'nothing in place of a clearcoat',
        (material) => (material.extensions.KHR_materials_clearcoat = null),
        /KHR_materials_clearcoat of material 0 is not an object/,
      ],
    ] satisfies [string, (material: RawGltf['json']) => unknown, RegExp][]
  ).map(([name, spoil, fails]): CorpusCase => ({
    name,
    build(g) {
      square(g);
      spoil(g.json.materials[0]);
    },
    fails,
  })),
  {
    name: 'positions in a plane',
    build: (g) => void g.show({ attributes: { POSITION: g.floats([-1, -1, 1, -1, 0, 1], 'VEC2') } }),
    fails: /POSITION of mesh 0 is of type "VEC2", and not VEC3/,
  },
];
