import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GltfFacts } from '../../../../src/main/engines/gltf/gltf-facts';
import { readGltf } from '../../../../src/main/engines/gltf/read-gltf';
import type { SceneAccess } from '../../../../src/main/scenes/scene-access';
import { UserError } from '../../../../src/shared/user-error';
import { movingSquare } from '../../../helpers/gltf-scenes';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const NOTHING_ELSE: SceneAccess = { folders: [], dataFolder: null, uploads: null };
const CAMERA = { type: 'perspective', perspective: { yfov: 1, znear: 0.1 } };
const ASSET = { asset: { version: '2.0' } };
const unix = process.platform !== 'win32';
const apart = process.platform === 'linux';

async function put(path: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** A scene of this content, read. */
async function read(
  content: object | string,
  { folder = temporaryFolder(), access = NOTHING_ELSE } = {},
): Promise<GltfFacts> {
  return readGltf(
    await put(
      join(folder, 'scene.gltf'),
      typeof content === 'string' ? content : JSON.stringify({ ...ASSET, ...content }),
    ),
    access,
  );
}

/** A scene with one texture. */
const textured = (uri: string): object => ({ nodes: [{}], images: [{ uri }] });

async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as Error;
  expect(message).not.toMatch(/undefined|null|\[object|is not a function|call stack|Invalid|\n/);
  expect(message.length).toBeLessThan(500);
  return message;
}

describe('a document without sense', () => {
  it.each<[string, object, string]>([
    [
      'nodes in a circle',
      { nodes: [{}, { name: 'B', children: [2] }, { name: 'C', children: [1] }] },
      '“B”) is below itself',
    ],
    ['a node that is its own child', { nodes: [{ name: 'Self', children: [0] }] }, 'node 0 (“Self”) is below itself'],
    [
      'nodes that are too deep',
      { nodes: Array.from({ length: 3_000 }, (_, i) => (i < 2_999 ? { children: [i + 1] } : {})) },
      'more than 2000 of its nodes are below each other',
    ],
    [
      'a camera that is not there',
      { nodes: [{ camera: 4 }], cameras: [CAMERA] },
      'node 0 names camera 4, which does not exist',
    ],
    ['a mesh that is not there', { nodes: [{ mesh: 0 }] }, 'node 0 names mesh 0'],
    ['a skin that is not there', { nodes: [{ skin: 7 }] }, 'node 0 names skin 7'],
    [
      'a light that is not there',
      {
        nodes: [{ extensions: { KHR_lights_punctual: { light: 2 } } }],
        extensions: { KHR_lights_punctual: { lights: [{ type: 'point' }] } },
      },
      'node 0 names light 2',
    ],
    [
      'an accessor that is not there',
      { nodes: [{}], meshes: [{ primitives: [{ attributes: { POSITION: 3 } }] }] },
      'mesh 0 names accessor 3',
    ],
    [
      'a target that is not there',
      {
        nodes: [{}],
        accessors: [{ componentType: 5126, type: 'VEC3', count: 1 }],
        meshes: [{ primitives: [{ attributes: { POSITION: 0 }, targets: [{ POSITION: 3 }] }] }],
      },
      'mesh 0 names accessor 3',
    ],
    [
      'a material that is not there',
      { nodes: [{}], meshes: [{ primitives: [{ attributes: {}, material: 1 }] }] },
      'mesh 0 names material 1',
    ],
    [
      'a texture that is not there',
      { nodes: [{}], materials: [{ normalTexture: { index: 1 } }] },
      'material 0 names texture 1',
    ],
    [
      'a texture of an extension that is not there',
      { nodes: [{}], materials: [{ extensions: { KHR_materials_sheen: { sheenColorTexture: { index: 9 } } } }] },
      'material 0 names texture 9',
    ],
    ['an image that is not there', { nodes: [{}], textures: [{ source: 0 }] }, 'texture 0 names image 0'],
    ['a joint that is not there', { nodes: [{}], skins: [{ joints: [5] }] }, 'skin 0 names node 5'],
    [
      'a sampler that is not there',
      { nodes: [{}], animations: [{ channels: [{ sampler: 1, target: { path: 'scale' } }], samplers: [] }] },
      'animation 0 names sampler 1',
    ],
    [
      'a matrix of three numbers',
      { nodes: [{ matrix: [1, 2, 3] }] },
      'the matrix of node 0 is not a list of 16 numbers',
    ],
    [
      'a camera of an unknown kind',
      { nodes: [{}], cameras: [{ type: 'fisheye' }] },
      'cameras.0.type must be one of perspective, orthographic',
    ],
    ['an index that is no number', { nodes: [{ mesh: 'cube' }] }, 'nodes.0.mesh must be a whole number'],
    ['an index below 0', { nodes: [{ mesh: -1 }] }, 'nodes.0.mesh must be a whole number from 0'],
    [
      'a count that is missing',
      { nodes: [{}], accessors: [{ componentType: 5126, type: 'VEC3' }] },
      'accessors.0.count must be a whole number above 0',
    ],
    [
      'a component of an unknown kind',
      { nodes: [{}], accessors: [{ componentType: 1, type: 'VEC3', count: 1 }] },
      'accessors.0.componentType must be one of 5120',
    ],
    [
      'a mesh without primitives',
      { nodes: [{}], meshes: [{ primitives: [] }] },
      'meshes.0.primitives must be a list with something in it',
    ],
    [
      'children that are texts',
      { nodes: [{ children: Array.from({ length: 300_000 }, () => 'a') }] },
      'nodes.0.children must be a list of whole numbers',
    ],
    [
      'a million nodes that are texts',
      { nodes: Array.from({ length: 1_000_000 }, () => 'a') },
      'nodes.0 must be an object',
    ],
    [
      'attributes that are texts',
      {
        nodes: [{}],
        meshes: [
          {
            primitives: [{ attributes: Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`A${i}`, 'a'])) }],
          },
        ],
      },
      'attributes must be an object of whole numbers',
    ],
    [
      'zeros without end',
      { nodes: [{}], accessors: [{ componentType: 5126, type: 'MAT4', count: 4_000_000_000 }] },
      'accessor 0 has 4000000000 elements and no data',
    ],
    [
      'an extension with a name like a book',
      { nodes: [{}], extensionsRequired: ['\u001b[31m'.repeat(1_000)] },
      'requires the glTF extension \uFFFD[31m',
    ],
  ])('is refused for %s', async (_name, content, sentence) => expect(await refusal(read(content))).toContain(sentence));

  it('is refused where its JSON is wrong, and not quoted', async () => {
    const sentence = await refusal(read('secret-token-of-somebody'));
    expect(sentence).toContain('its JSON cannot be read');
    expect(sentence).not.toContain('secret');
  });
});

describe('a document without measure', () => {
  it.each<[string, () => object | string, string]>([
    [
      '64 MB of nothing in extras',
      () => `{"asset":{"version":"2.0"},"nodes":[{}],"extras":[${'{},'.repeat(21_000_000)}{}]}`,
      'has more than 5,000,000 values in its JSON',
    ],
    [
      'lists in lists',
      () => `{"asset":{"version":"2.0"},"nodes":[{}],"extras":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`,
      'more than 512 lists and objects inside of each other',
    ],
    [
      'a name of a million characters',
      () => ({ nodes: [{ name: 'x'.repeat(1_000_000), camera: 0 }], cameras: [CAMERA] }),
      'has a name of 1,000,000 characters (“xxx',
    ],
    [
      'more cameras than anybody can choose from',
      () => ({ nodes: Array.from({ length: 50_001 }, () => ({ camera: 0 })), cameras: [CAMERA] }),
      'has more cameras, animations and scenes than can be shown',
    ],
    [
      'scenes that all show everything',
      () => ({
        scenes: Array.from({ length: 400 }, () => ({ nodes: [0] })),
        nodes: [
          { children: Array.from({ length: 400 }, (_, i) => i + 1) },
          ...Array.from({ length: 400 }, () => ({ camera: 0 })),
        ],
        cameras: [CAMERA],
      }),
      'has more cameras, animations and scenes than can be shown',
    ],
    [
      'ten thousand and one files',
      () => ({ nodes: [{}], images: Array.from({ length: 10_001 }, (_, i) => ({ uri: `${i}.png` })) }),
      'refers to 10,001 files',
    ],
  ])(
    'is refused for %s',
    async (_name, content, sentence) => expect(await refusal(read(content()))).toContain(sentence),
    60_000,
  );

  it('is refused at once where a million zeros stand in it', async () => {
    expect(await refusal(read(`{"asset":{"version":"2.0"}${'\0'.repeat(1_000_000)}}`))).toContain(
      'there is a mistake at character 26',
    );
    await read(`{"asset":{"version":"2.0"},"nodes":[{}]}${'\0'.repeat(1_000_000)}`);
  });

  it('is read with thirty thousand cameras of one name', async () => {
    const { scenes } = await read({
      scenes: [{ nodes: Array.from({ length: 30_000 }, (_, i) => i) }],
      nodes: Array.from({ length: 30_000 }, () => ({ name: 'Camera', camera: 0 })),
      cameras: [CAMERA],
    });
    expect(scenes[0]!.cameras.at(-1)).toBe('Camera.29999');
  });

  it('is read with two hundred thousand children', async () => {
    const { scenes } = await read({
      scenes: [{ nodes: [0] }],
      nodes: [
        { children: Array.from({ length: 200_000 }, (_, i) => i + 1) },
        ...Array.from({ length: 200_000 }, () => ({})),
      ],
    });
    expect(scenes).toEqual([{ name: 'Scene 1', cameras: [], animations: [] }]);
  });

  it('warns in few words', async () => {
    const { warnings } = await read({
      nodes: [{}],
      extensionsUsed: Array.from({ length: 100_000 }, (_, i) => `ACME_${i}`),
    });
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)).toBe('There are 99,980 more such warnings.');
  });
});

describe('the scenes of a document', () => {
  it('are told with what is in each', async () => {
    const clip = (name: string, node: number): object => ({
      name,
      samplers: [{ input: 0, output: 0 }],
      channels: [{ sampler: 0, target: { node, path: 'scale' } }],
    });
    const facts = await read({
      scene: 1,
      scenes: [
        { name: 'Day', nodes: [0] },
        { name: 'Night', nodes: [1] },
      ],
      nodes: [
        { name: 'Sun', camera: 0 },
        { name: 'Moon', camera: 0 },
      ],
      cameras: [CAMERA],
      accessors: [{ componentType: 5126, type: 'SCALAR', count: 1, max: [2] }],
      animations: [clip('Rise', 0), clip('Set', 1)],
    });
    expect(facts.activeScene).toBe(1);
    expect(facts.scenes).toEqual([
      { name: 'Day', cameras: ['Sun'], animations: [0] },
      { name: 'Night', cameras: ['Moon'], animations: [1] },
    ]);
  });

  it('need not be listed', async () => {
    const { scenes } = await read({ nodes: [{ children: [1] }, { name: 'Eye', camera: 0 }], cameras: [CAMERA] });
    expect(scenes).toEqual([{ name: '', cameras: ['Eye'], animations: [] }]);
  });
});

it.each(['KHR_materials_variants', 'KHR_materials_pbrSpecularGlossiness', 'KHR_animation_pointer'])(
  'takes a scene that requires %s',
  async (extension) => {
    expect(
      (await read({ nodes: [{}], extensionsUsed: [extension], extensionsRequired: [extension] })).warnings,
    ).toEqual([]);
  },
);

describe('the length of an animation', () => {
  const TIMES = Buffer.from(new Float32Array([0, 1.5, 2.5]).buffer);
  const clip = (buffer: object, accessor: object = {}): object => ({
    nodes: [{}],
    buffers: [{ byteLength: 16, ...buffer }],
    bufferViews: [{ buffer: 0, byteOffset: 4, byteLength: 12 }],
    accessors: [{ bufferView: 0, componentType: 5126, type: 'SCALAR', count: 3, ...accessor }],
    animations: [{ name: 'Clip', samplers: [{ input: 0, output: 0 }], channels: [] }],
  });
  const data = Buffer.concat([Buffer.alloc(4), TIMES]);

  it.each([0, 1, 2])('is read from data inside the document, %i bytes behind', async (extra) => {
    const uri = `data:application/octet-stream;base64,${Buffer.concat([Buffer.alloc(4 + extra), TIMES]).toString('base64')}`;
    const document = {
      ...clip({ uri, byteLength: 16 + extra }),
      bufferViews: [{ buffer: 0, byteOffset: 4 + extra, byteLength: 12 }],
    };
    expect((await read(document)).animations).toEqual([{ name: 'Clip', seconds: 2.5 }]);
  });

  it.each<[string, (base64: string) => string]>([
    ['line breaks', (base64) => base64.replaceAll(/.{6}/g, '$&\r\n')],
    ['percent signs', encodeURIComponent],
    ['percent signs and line breaks', (base64) => base64.replaceAll(/.{6}/g, '$&%0A').replaceAll('/', '%2f')],
    ['no filling', (base64) => base64.replace(/=+$/, '')],
  ])('is read from data inside the document with %s', async (_, written) => {
    const bytes = Buffer.concat([Buffer.alloc(7, 0xff), TIMES]);
    const uri = `data:application/octet-stream;base64,${written(bytes.toString('base64'))}`;
    const document = {
      ...clip({ uri, byteLength: bytes.length }),
      bufferViews: [{ buffer: 0, byteOffset: 7, byteLength: 12 }],
    };
    expect((await read(document)).animations).toEqual([{ name: 'Clip', seconds: 2.5 }]);
    const longer = { ...document, buffers: [{ uri, byteLength: bytes.length + 1 }] };
    expect(await refusal(read(longer))).toContain('buffer 0 has 19 of 20 bytes');
  });

  it('is read from a file beside it', async () => {
    const folder = temporaryFolder();
    await put(join(folder, 'a.bin'), data);
    expect((await read(clip({ uri: 'a.bin' }), { folder })).animations[0]!.seconds).toBe(2.5);
  });

  it('is read from the binary chunk', async () => {
    const path = await movingSquare().write(join(temporaryFolder(), 'scene.glb'));
    const bytes = await import('node:fs').then(({ readFileSync }) => readFileSync(path));
    const length = bytes.readUInt32LE(12);
    const document = JSON.parse(bytes.toString('utf8', 20, 20 + length)) as {
      accessors: { max?: number[]; min?: number[] }[];
    };
    for (const accessor of document.accessors) for (const key of ['max', 'min'] as const) delete accessor[key];
    bytes.write(JSON.stringify(document).padEnd(length), 20);
    await writeFile(path, bytes);
    expect((await readGltf(path, NOTHING_ELSE)).animations).toEqual([{ name: 'Slide', seconds: 2 }]);
  });

  it.each([0, 2, 1e9])('does not follow a maximum of %d that its times do not have', async (max) => {
    const folder = temporaryFolder();
    await put(join(folder, 'a.bin'), data);
    const { animations, warnings } = await read(clip({ uri: 'a.bin' }, { max: [max] }), { folder });
    expect(animations[0]!.seconds).toBe(2.5);
    expect(warnings).toEqual([]);
  });

  it('is the maximum of times that cannot be read', async () => {
    const document = clip({ uri: `data:,${'x'.repeat(16)}` }, { max: [3] });
    expect((await read(document)).animations[0]!.seconds).toBe(3);
  });

  it('is told to be unknown where it cannot be read', async () => {
    const { animations, warnings } = await read(clip({ uri: `data:,${'x'.repeat(16)}` }));
    expect(animations[0]!.seconds).toBeNull();
    expect(warnings).toEqual(['How long the animation “Clip” is cannot be read: give the frames to render.']);
  });
});

describe('what a scene refers to', () => {
  it('lies below its own folder, or a folder that is open to all', async () => {
    const folder = temporaryFolder();
    await put(join(folder, 'library', 'a.png'), makePng(1, 1));
    const scene = { folder: join(folder, 'scenes') };
    const sentence = (await read(textured('../library/a.png'), scene)).warnings[0];
    expect(sentence).toContain('“../library/a.png”, which lies outside of the scene’s folder: put it there, or name “');
    expect(sentence).toContain('in the preference render.sceneFolders');
    expect(
      (
        await read(textured('../library/a.png'), {
          ...scene,
          access: { ...NOTHING_ELSE, folders: [join(folder, 'library')] },
        })
      ).warnings,
    ).toEqual([]);
  });

  it.each([
    '../secret.png',
    '..%2fsecret.png',
    '%2e%2e/secret.png',
    '%2E%2E%2Fsecret.png',
    '..\\secret.png',
    'a/../../secret.png',
    './../secret.png',
    '..%5Csecret.png',
  ])('is not %s', async (uri) => {
    const folder = temporaryFolder();
    await put(join(folder, 'secret.png'), makePng(1, 1));
    await mkdir(join(folder, 'scenes', 'a'), { recursive: true });
    const { externals } = await read(textured(uri), { folder: join(folder, 'scenes') });
    expect(externals[0]).toMatchObject({ found: null, problem: expect.stringContaining('outside') });
  });

  it('outside is no different whether it is there or not', async () => {
    const folder = temporaryFolder();
    await put(join(folder, 'there.png'), makePng(1, 1));
    const [there, gone] = await Promise.all(
      ['there', 'gone'].map(
        async (name, i) =>
          (await read(textured(`../${name}.png`), { folder: join(folder, `scenes${i}`) })).externals[0]!.problem,
      ),
    );
    expect(there).toBe(gone);
  });

  it.each([
    '//server/share/a.png',
    '\\\\server\\share\\a.png',
    'C:\\a.png',
    'c:/a.png',
    '%43:/a.png',
    'file:///etc/hostname',
    '/etc/hostname',
    '%5C%5Cserver%5Ca.png',
  ])('is no path from the root: %s', async (uri) => {
    expect((await read(textured(uri))).externals[0]).toMatchObject({ path: null, found: null });
  });

  it.skipIf(!unix)('is what links lead to', async () => {
    const folder = temporaryFolder();
    await put(join(folder, 'secret.png'), makePng(1, 1));
    await put(join(folder, 'scenes', 'inside.png'), makePng(1, 1));
    await symlink('../secret.png', join(folder, 'scenes', 'out.png'));
    await symlink('..', join(folder, 'scenes', 'up'));
    await symlink('inside.png', join(folder, 'scenes', 'in.png'));
    const found = async (uri: string): Promise<boolean> =>
      (await read(textured(uri), { folder: join(folder, 'scenes') })).externals[0]!.found !== null;
    expect([await found('in.png'), await found('out.png'), await found('up/secret.png')]).toEqual([true, false, false]);
  });

  it('is never in the data folder, except among uploads', async () => {
    const folder = temporaryFolder();
    const access = { folders: [folder], dataFolder: join(folder, 'data'), uploads: join(folder, 'data', 'scenes') };
    await put(join(folder, 'data', 'control-token'), 'secret');
    await put(join(folder, 'data', 'scenes', 'a.png'), makePng(1, 1));
    const problem = async (uri: string, where: string): Promise<string | null> =>
      (await read(textured(uri), { folder: where, access })).externals[0]!.problem;
    expect(await problem('data/control-token', folder)).toContain('Framegauge’s own data folder');
    expect(await problem('../control-token', access.uploads)).toContain('Framegauge’s own data folder');
    expect(await problem('a.png', access.uploads)).toBeNull();
  });

  it('a buffer is refused at once', async () => {
    const folder = temporaryFolder();
    await put(join(folder, 'secret.bin'), Buffer.alloc(64));
    expect(
      await refusal(
        read({ nodes: [{}], buffers: [{ uri: '../secret.bin', byteLength: 8 }] }, { folder: join(folder, 'scenes') }),
      ),
    ).toContain('“scene.gltf” needs “../secret.bin”, which lies outside');
  });

  it.skipIf(!unix)('is not waited for where it is a pipe, and refused where it is a socket or a device', async () => {
    const folder = temporaryFolder();
    for (const name of ['pipe.png', 'pipe.bin', 'pipe.gltf']) execFileSync('mkfifo', [join(folder, name)]);
    const server = createServer().listen(join(folder, 'socket.png'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    expect((await read(textured('pipe.png'), { folder })).externals[0]!.problem).toBe('which is not a file');
    expect((await read(textured('socket.png'), { folder })).externals[0]!.problem).toBe('which is not a file');
    expect(await refusal(read({ nodes: [{}], buffers: [{ uri: 'pipe.bin', byteLength: 8 }] }, { folder }))).toContain(
      'which is not a file',
    );
    expect(await refusal(readGltf(join(folder, 'pipe.gltf'), NOTHING_ELSE))).toContain(
      'is not a file: give a .glb or .gltf file',
    );
    expect(await refusal(readGltf('/dev/zero', NOTHING_ELSE))).toContain('is not a file');
  });
});

describe('a reference and the name of its file', () => {
  const [composed, decomposed] = ['NFC', 'NFD'].map((form) => 'Übung-é'.normalize(form)) as [string, string];

  it.skipIf(!apart).each([
    [composed, decomposed],
    [decomposed, composed],
    [`${composed}/a`, `${decomposed}/a`],
    ['a\\b', 'a/b'],
    [`${composed}\\a`, `${decomposed}/a`],
    [encodeURIComponent(composed), decomposed],
    ['100%', '100%'],
    ['100%25', '100%'],
    ['50%20off', '50%20off'],
  ])('meet: “%s” and “%s”', async (uri, name) => {
    const folder = temporaryFolder();
    await put(join(folder, `${name}.png`), makePng(1, 1));
    expect((await read(textured(`${uri}.png`), { folder })).warnings).toEqual([]);
  });

  it.skipIf(!apart)('that differ in capital letters are told', async () => {
    const folder = temporaryFolder();
    await put(join(folder, 'textures', 'wood.png'), makePng(1, 1));
    expect((await read(textured('Textures/Wood.PNG'), { folder })).warnings).toEqual([
      '“scene.gltf” needs “Textures/Wood.PNG”, but what is there is “textures/wood.png”: rename one, capital letters count here. Frames will fail.',
    ]);
  });

  it.skipIf(!apart)('goes by what is written before what looks the same', async () => {
    const folder = temporaryFolder();
    await put(join(folder, `${composed}.png`), 'composed');
    await put(join(folder, `${decomposed}.png`), 'decomposed!');
    await put(join(folder, 'a\\b.png'), 'with a backslash');
    await put(join(folder, 'a', 'b.png'), 'below');
    const bytes = async (uri: string): Promise<number> =>
      (await read(textured(uri), { folder })).externals[0]!.found!.bytes;
    expect([await bytes(`${composed}.png`), await bytes(`${decomposed}.png`), await bytes('a\\b.png')]).toEqual([
      8, 11, 16,
    ]);
  });

  it('has its stamp from the file that was read', async () => {
    const folder = temporaryFolder();
    const path = await put(join(folder, 'a.png'), makePng(1, 1));
    const before = (await read(textured('a.png'), { folder })).externals[0]!.found!.stamp;
    await copyFile(path, join(folder, 'b.png'));
    await rename(join(folder, 'b.png'), path);
    expect((await read(textured('a.png'), { folder })).externals[0]!.found!.stamp).not.toBe(before);
  });
});
