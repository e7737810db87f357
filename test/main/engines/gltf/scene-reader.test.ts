import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { createGltfEngine } from '../../../../src/main/engines/gltf/gltf-engine';
import { type SceneReader, createSceneReader } from '../../../../src/main/engines/gltf/scene-reader';
import { SharedScenes } from '../../../../src/main/engines/gltf/shared-scenes';
import { BUILT, SCENE_THREAD } from '../../../helpers/gltf-host';
import { makePng } from '../../../helpers/png';
import { sampleSettings } from '../../../helpers/samples';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const access = { folders: [] as string[], dataFolder: null, uploads: null };

function makeReader(options?: { taskTime?: number }): SceneReader {
  const reader = createSceneReader(SCENE_THREAD, () => access, options);
  onTestFinished(() => reader.close());
  return reader;
}

async function texturedScene(folder = temporaryFolder()): Promise<{ folder: string; scene: string }> {
  await writeFile(join(folder, 'a.png'), makePng(1, 1));
  const scene = join(folder, 'scene.gltf');
  await writeFile(scene, JSON.stringify({ asset: { version: '2.0' }, nodes: [{}], images: [{ uri: 'a.png' }] }));
  return { folder, scene };
}

/** Puts other content of the same length into a file's place. */
async function replace(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

it('remembers a scene until it, or a file that it refers to, is another one', async () => {
  const reader = makeReader();
  const { folder, scene } = await texturedScene();
  const first = await reader.read(scene);
  expect(await reader.read(scene)).toBe(first);
  await replace(join(folder, 'a.png'), makePng(1, 1));
  const second = await reader.read(scene);
  expect(second).not.toBe(first);
  await replace(scene, JSON.stringify({ asset: { version: '2.0' }, nodes: [{}], images: [] }));
  expect((await reader.read(scene)).externals).toEqual([]);
});

it('finds what was missing and has come', async () => {
  const reader = makeReader();
  const folder = temporaryFolder();
  const scene = join(folder, 'scene.gltf');
  await writeFile(scene, JSON.stringify({ asset: { version: '2.0' }, nodes: [{}], images: [{ uri: 'gone.png' }] }));
  const first = await reader.read(scene);
  expect(first.externals[0]!.found).toBeNull();
  // Nothing has changed: pages need not load it again.
  expect(await reader.read(scene)).toBe(first);
  await writeFile(join(folder, 'gone.png'), makePng(1, 1));
  expect((await reader.read(scene)).externals[0]!.found).not.toBeNull();
});

it('answers who asks after a change with what is there then', async () => {
  const reader = makeReader();
  const { folder, scene } = await texturedScene();
  const before = reader.read(scene);
  await replace(join(folder, 'a.png'), makePng(2, 2));
  const after = await reader.read(scene);
  await before;
  expect(after.externals[0]!.found!.bytes).toBe(makePng(2, 2).length);
});

it('gives up a scene that takes too long, and reads the next one', async () => {
  const reader = makeReader({ taskTime: 1 });
  const { scene } = await texturedScene();
  await expect(reader.read(scene)).rejects.toThrow('“scene.gltf” took longer than 0.001 s to read');
});

it('leaves the event loop alone while it reads a large scene', async () => {
  const reader = makeReader();
  const scene = join(temporaryFolder(), 'scene.gltf');
  const count = 30_000;
  await writeFile(
    scene,
    JSON.stringify({
      asset: { version: '2.0' },
      scenes: [{ nodes: Array.from({ length: count }, (_, i) => i) }],
      nodes: Array.from({ length: count }, () => ({
        name: 'Camera',
        camera: 0,
        matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      })),
      cameras: [{ type: 'perspective', perspective: { yfov: 1, znear: 0.1 } }],
    }),
  );
  const start = performance.eventLoopUtilization();
  const { scenes } = await reader.read(scene);
  // Nearly all of the time is the thread's: read here, it would be 1.
  expect(performance.eventLoopUtilization(start).utilization).toBeLessThan(0.5);
  expect(scenes[0]!.cameras).toHaveLength(count);
});

it('tells every file that pictures depend on, with its stamp', async () => {
  const engine = createGltfEngine({
    pages: { open: () => Promise.reject(new Error('none')), close: async () => undefined },
    built: BUILT,
    sceneThread: SCENE_THREAD,
    baseUrl: () => '',
  });
  onTestFinished(() => engine.close());
  const { folder, scene } = await texturedScene();
  const sources = await engine.sources!(sampleSettings({ scene }));
  expect(sources.map(({ path, bytes }) => [path.slice(folder.length), bytes])).toEqual([
    [expect.stringContaining('scene.gltf'), expect.any(Number)],
    [expect.stringContaining('a.png'), makePng(1, 1).length],
  ]);
  await replace(join(folder, 'a.png'), makePng(3, 3));
  const later = await engine.sources!(sampleSettings({ scene }));
  expect(later[0]).toEqual(sources[0]);
  expect(later[1]!.bytes).toBe(makePng(3, 3).length);
});

it('hands a page no other file than the one that was stamped', async () => {
  const reader = makeReader();
  const scenes = new SharedScenes(reader, () => access);
  const { folder, scene } = await texturedScene();
  const address = await scenes.share(scene);
  const { file } = await scenes.open(1, 'a.png');
  await file.close();
  await replace(join(folder, 'a.png'), makePng(1, 1));
  await expect(scenes.open(1, 'a.png')).rejects.toThrow('“a.png” was changed while the scene was loaded');
  expect(scenes.changedMeanwhile).toBe(true);
  expect(await scenes.share(scene)).not.toBe(address);
  expect(scenes.changedMeanwhile).toBe(false);
});
