import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sceneInfoOf } from '../../../../src/main/engines/gltf/inspect-gltf';
import { readGltf } from '../../../../src/main/engines/gltf/read-gltf';
import type { SceneInfo } from '../../../../src/shared/scene';
import { UserError } from '../../../../src/shared/user-error';
import { bumps, movingSquare, SceneBuilder } from '../../../helpers/gltf-scenes';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const TURNTABLE = resolve(import.meta.dirname, '../../../../examples/turntable.glb');

const NOTHING_ELSE = { folders: [], dataFolder: null, uploads: null };
const inspectGltf = async (path: string): Promise<SceneInfo> => sceneInfoOf(path, await readGltf(path, NOTHING_ELSE));

/** A .glb of these chunks. */
function glb(
  chunks: readonly [type: string, body: Buffer][],
  { version = 2, length }: { version?: number; length?: number } = {},
): Buffer {
  const parts = chunks.map(([type, body]) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(body.length, 0);
    head.write(type.padEnd(4, '\0'), 4, 'latin1');
    return Buffer.concat([head, body]);
  });
  const head = Buffer.alloc(12);
  head.write('glTF', 0, 'latin1');
  head.writeUInt32LE(version, 4);
  head.writeUInt32LE(length ?? 12 + parts.reduce((sum, part) => sum + part.length, 0), 8);
  return Buffer.concat([head, ...parts]);
}
const json = (value: unknown): [string, Buffer] => [
  'JSON',
  Buffer.from(JSON.stringify(value).padEnd(Math.ceil(JSON.stringify(value).length / 4) * 4)),
];
const MINIMAL = { asset: { version: '2.0' }, scenes: [{ nodes: [0] }], nodes: [{}] };

describe('what a glTF offers', () => {
  it('tells what the turntable offers', async () => {
    expect(await inspectGltf(TURNTABLE)).toEqual({
      path: TURNTABLE,
      name: 'turntable',
      engine: 'gltf',
      bytes: (await stat(TURNTABLE)).size,
      frameStart: 1,
      frameEnd: 48,
      frameStep: 1,
      fps: 24,
      width: 1280,
      height: 720,
      samples: 16,
      cameras: ['Camera', 'Close-up'],
      animations: [{ name: 'Turn', seconds: 2 }],
      scenes: ['Turntable'],
      activeScene: 'Turntable',
      thumbnail: null,
      blender: null,
      warnings: [],
    });
  });

  it('takes the longest clip for the frame range, and warns of clips that move the same things', async () => {
    const builder = movingSquare();
    const square = builder.document
      .getRoot()
      .listNodes()
      .find((node) => node.getName() === 'Square')!;
    builder.animate('Run', square, 'translation', [0, 3.5], [0, 0, 0, 1, 0, 0]);
    builder.animate('Grow', square, 'scale', [0, 1], [1, 1, 1, 2, 2, 2]);
    const info = await inspectGltf(await builder.write(join(temporaryFolder(), 'clips.glb')));
    expect(info.frameEnd).toBe(84);
    expect(info.animations.map(({ name }) => name)).toEqual(['Slide', 'Run', 'Grow']);
    expect(info).toMatchObject({ warnings: [], overlaps: [['Slide', 'Run']] });
  });

  it('gives a scene without animation one frame', async () => {
    const info = await inspectGltf(await bumps().write(join(temporaryFolder(), 'still.gltf')));
    expect([info.frameStart, info.frameEnd, info.animations]).toEqual([1, 1, []]);
  });

  it('warns of extensions that are not rendered, and of files that are missing or out of reach', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'scene.gltf');
    await writeFile(join(folder, 'there.png'), makePng(1, 1));
    await mkdir(join(folder, 'folder.png'));
    const images = [
      'there.png',
      'gone.png',
      'folder.png',
      'https://example.org/a.png',
      '/etc/hostname',
      'C:/a.png',
      '%2Fetc%2Fhostname',
      'data:image/png;base64,AAAA',
    ];
    await writeFile(
      path,
      JSON.stringify({
        ...MINIMAL,
        extensionsUsed: ['KHR_texture_transform', 'MSFT_lod'],
        images: images.map((uri) => ({ uri })),
      }),
    );
    expect((await inspectGltf(path)).warnings).toEqual([
      '“scene.gltf” needs “gone.png”, which is not there: put it beside the scene, or pack it into the scene file. Frames will fail.',
      '“scene.gltf” needs “folder.png”, which is not a file. Frames will fail.',
      ...['https://example.org/a.png', '/etc/hostname', 'C:/a.png', '%2Fetc%2Fhostname'].map(
        (uri) =>
          `“scene.gltf” needs “${uri}”, which is not a path beside it: pack it into the file or put it into the scene’s folder. Frames will fail.`,
      ),
      'The glTF extension MSFT_lod is not rendered.',
    ]);
  });

  it('refuses a missing buffer, and one that is too short, by name', async () => {
    const folder = temporaryFolder();
    const builder = bumps();
    builder.document.getRoot().listBuffers()[0]!.setURI('data.bin');
    const path = await builder.write(join(folder, 'scene.gltf'));
    const data = await readFile(join(folder, 'data.bin'));
    await writeFile(join(folder, 'data.bin'), data.subarray(0, 100));
    await expect(inspectGltf(path)).rejects.toThrow(
      `“scene.gltf” needs ${data.length} bytes of “data.bin”, which has 100`,
    );
    await rm(join(folder, 'data.bin'));
    await expect(inspectGltf(path)).rejects.toThrow('“scene.gltf” needs “data.bin”, which is not there');
  });

  it.each<[string, string, Buffer, string]>([
    ['an empty file', 'a.glb', Buffer.alloc(0), '“a.glb” is empty'],
    ['text called .glb', 'a.glb', Buffer.from('hello, this is no scene'), 'does not start with “glTF”'],
    ['three bytes', 'a.glb', Buffer.from('glT'), 'does not start with “glTF”'],
    ['a header alone', 'a.glb', Buffer.from('glTF\x02\0\0\0', 'latin1'), 'breaks off after 8 bytes'],
    ['glTF 1', 'a.glb', glb([json(MINIMAL)], { version: 1 }), 'is glTF version 1, but only version 2'],
    ['a file cut short', 'a.glb', glb([json(MINIMAL)]).subarray(0, 40), 'bytes. Export or copy it again.'],
    ['a first chunk that is not JSON', 'a.glb', glb([['BIN', Buffer.alloc(8)]]), 'its first chunk is not JSON'],
    [
      'a chunk longer than the file',
      'a.glb',
      (() => {
        const bytes = glb([json(MINIMAL)]);
        bytes.writeUInt32LE(1e6, 12);
        return bytes;
      })(),
      'its JSON chunk is longer than the file',
    ],
    [
      'a last chunk longer than the file',
      'a.glb',
      (() => {
        const bytes = glb([json(MINIMAL), ['BIN', Buffer.alloc(8)]]);
        bytes.writeUInt32LE(1e6, bytes.length - 16);
        return bytes;
      })(),
      'its last chunk is longer than the file',
    ],
    ['JSON that is not UTF-8', 'a.glb', glb([['JSON', Buffer.from([0x22, 0xff, 0xfe, 0x22])]]), 'not UTF-8'],
    [
      'JSON that breaks off',
      'a.gltf',
      Buffer.from('{"asset": {"version": "2.0"}, "scenes": ['),
      'its JSON cannot be read',
    ],
    ['JSON that is not glTF', 'a.gltf', Buffer.from('{"hello": 1}'), 'does not say which version of glTF'],
    [
      'glTF 1 as text',
      'a.gltf',
      Buffer.from('{"asset": {"version": "1.0"}}'),
      'is glTF version 1.0, but only version 2',
    ],
    [
      'nodes that are no list',
      'a.gltf',
      Buffer.from(JSON.stringify({ ...MINIMAL, nodes: {} })),
      '“a.gltf” is damaged: nodes must be a list',
    ],
    ['no scene', 'a.gltf', Buffer.from('{"asset": {"version": "2.0"}}'), 'has no scene in it'],
    [
      'a scene that does not exist',
      'a.gltf',
      Buffer.from(JSON.stringify({ ...MINIMAL, scene: 3 })),
      'its scene 3 does not exist',
    ],
    [
      'a child that does not exist',
      'a.gltf',
      Buffer.from(JSON.stringify({ ...MINIMAL, nodes: [{ children: [9] }] })),
      'node 0 names node 9',
    ],
    [
      'a binary chunk that is too short',
      'a.glb',
      glb([json({ ...MINIMAL, buffers: [{ byteLength: 100 }] }), ['BIN', Buffer.alloc(96)]]),
      'its binary chunk has 96 of 100 bytes',
    ],
    [
      'a buffer without data',
      'a.glb',
      glb([json({ ...MINIMAL, buffers: [{ byteLength: 100 }] })]),
      'buffer 0 has no data',
    ],
    [
      'an inline buffer that is too short',
      'a.gltf',
      Buffer.from(
        JSON.stringify({
          ...MINIMAL,
          buffers: [{ byteLength: 100, uri: 'data:application/octet-stream;base64,AAAA' }],
        }),
      ),
      'buffer 0 has 3 of 100 bytes',
    ],
    [
      'a view beyond its buffer',
      'a.glb',
      glb([
        json({ ...MINIMAL, buffers: [{ byteLength: 8 }], bufferViews: [{ buffer: 0, byteOffset: 4, byteLength: 8 }] }),
        ['BIN', Buffer.alloc(8)],
      ]),
      'buffer view 0 reaches beyond its buffer',
    ],
    [
      'an accessor beyond its view',
      'a.glb',
      glb([
        json({
          ...MINIMAL,
          buffers: [{ byteLength: 8 }],
          bufferViews: [{ buffer: 0, byteLength: 8 }],
          accessors: [{ bufferView: 0, componentType: 5126, type: 'VEC3', count: 1 }],
        }),
        ['BIN', Buffer.alloc(8)],
      ]),
      'accessor 0 reaches beyond its buffer view',
    ],
    [
      'an extension that is required and unknown',
      'a.gltf',
      Buffer.from(JSON.stringify({ ...MINIMAL, extensionsUsed: ['KHR_foo'], extensionsRequired: ['KHR_foo'] })),
      'requires the glTF extension KHR_foo',
    ],
  ])('refuses %s in one sentence', async (_name, file, bytes, reason) => {
    const path = join(temporaryFolder(), file);
    await writeFile(path, bytes);
    const error = await inspectGltf(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain(reason);
    expect((error as Error).message).not.toContain('\n');
  });

  it('refuses what is not there, a folder, and what may not be read', async () => {
    const folder = temporaryFolder();
    await expect(inspectGltf(join(folder, 'none.glb'))).rejects.toThrow(
      `There is no file “${join(folder, 'none.glb')}”`,
    );
    await mkdir(join(folder, 'folder.glb'));
    await expect(inspectGltf(join(folder, 'folder.glb'))).rejects.toThrow('folder.glb” is not a file');
    // Root may read everything.
    if (process.getuid?.() !== 0 && process.platform !== 'win32') {
      const path = await new SceneBuilder().write(join(folder, 'secret.glb'));
      await chmod(path, 0);
      await expect(inspectGltf(path)).rejects.toThrow('may not be read');
    }
  });

  it('finds damage wherever the turntable breaks off', async () => {
    const whole = await readFile(TURNTABLE);
    const path = join(temporaryFolder(), 'cut.glb');
    for (const length of [1, 11, 12, 19, 20, 500, 5_000, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      await expect(inspectGltf(path)).rejects.toBeInstanceOf(UserError);
    }
  });
});
