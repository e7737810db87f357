import { expect, it } from 'vitest';
import { createEngineRegistry } from '../../../src/main/engines/engine-registry';
import { createLifecycle } from '../../../src/main/events/lifecycle';
import { type CurrentScene, createCurrentScene } from '../../../src/main/scenes/current-scene';
import type { SceneInfo } from '../../../src/shared/scene';
import { UserError } from '../../../src/shared/user-error';
import { paperEngine } from '../../helpers/paper-engine';
import { sampleScene } from '../../helpers/samples';

interface Opened {
  readonly scene: CurrentScene;
  /** What there is to open, by its path; a test may change it. */
  readonly files: Map<string, SceneInfo>;
  readonly told: string[];
  readonly remembered: string[];
}

function makeScene(...paths: string[]): Opened {
  const files = new Map(paths.map((path) => [path, sampleScene({ path })]));
  const told: string[] = [];
  const remembered: string[] = [];
  const lifecycle = createLifecycle((error) => {
    throw error;
  });
  lifecycle.on(({ name, scene }) => told.push(`${name} ${scene}`));
  const engines = createEngineRegistry([
    {
      ...paperEngine(),
      async inspect(path) {
        const found = files.get(path);
        if (!found) throw new UserError(`There is no ${path}.`);
        return found;
      },
    },
  ]);
  const scene = createCurrentScene({
    engines,
    lifecycle,
    onChange: ({ path }) => told.push(`scene ${path}`),
    onFileChange: () => undefined,
    remember: async (path) => void remembered.push(path),
  });
  return { scene, files, told, remembered };
}

it('opens another scene, telling it in order, and remembers it', async () => {
  const { scene, told, remembered } = makeScene('/a.glb');
  expect(scene.get()).toBeNull();
  expect(await scene.open('/a.glb')).toMatchObject({ path: '/a.glb' });
  expect(scene.get()).toMatchObject({ path: '/a.glb' });
  expect(told).toEqual(['load_pre /a.glb', 'scene /a.glb', 'load_post /a.glb']);
  expect(remembered).toEqual(['/a.glb']);
});

it('leaves the open one as it is when another can’t be read', async () => {
  const { scene, told, remembered } = makeScene('/a.glb');
  await scene.open('/a.glb');
  told.length = 0;
  await expect(scene.open('/none.glb')).rejects.toThrow('There is no /none.glb.');
  expect(scene.get()).toMatchObject({ path: '/a.glb' });
  expect(told).toEqual(['load_post_fail /none.glb']);
  expect(remembered).toEqual(['/a.glb']);
});

it.each<[string, Parameters<CurrentScene['openFirst']>[0], string | null, string[]]>([
  ['the one that was asked for', { given: '/a.glb', last: '/b.glb', first: '/c.glb' }, '/a.glb', []],
  ['else the one that was open', { given: null, last: '/b.glb', first: '/c.glb' }, '/b.glb', []],
  ['else the first one', { given: null, last: null, first: '/c.glb' }, '/c.glb', []],
  ['the first one where the last is gone', { given: null, last: '/x.glb', first: '/c.glb' }, '/c.glb', ['warning']],
  ['the first one where the wanted is missing', { given: '/x.glb', last: null, first: '/c.glb' }, '/c.glb', ['error']],
  ['none where there is none', { given: null, last: null, first: null }, null, []],
  ['none where none can be read', { given: '/x.glb', last: null, first: '/y.glb' }, null, ['error', 'error']],
])('opens at the start %s', async (_what, scenes, expected, levels) => {
  const { scene } = makeScene('/a.glb', '/b.glb', '/c.glb');
  const told: string[] = [];
  await scene.openFirst(scenes, (level) => told.push(level));
  expect([scene.get()?.path ?? null, told]).toEqual([expected, levels]);
});

it('follows what is seen of the open scene’s file, and of no other', async () => {
  const { scene, told } = makeScene('/a.glb');
  const opened = await scene.open('/a.glb');
  told.length = 0;
  scene.inspected({ ...opened });
  scene.inspected(sampleScene({ path: '/b.glb' }));
  expect(told).toEqual([]);
  scene.inspected({ ...opened, frameEnd: 7 });
  expect([scene.get()?.frameEnd, told]).toEqual([7, ['scene /a.glb']]);
});

it('reads the open scene again where its engine sees more now', async () => {
  const { scene, files, told } = makeScene('/a.glb');
  await scene.inspectAgain(['gltf']);
  const opened = await scene.open('/a.glb');
  told.length = 0;
  files.set('/a.glb', { ...opened, warnings: ['A texture is missing.'] });
  await scene.inspectAgain(['blender']);
  expect(told).toEqual([]);
  await scene.inspectAgain(['gltf']);
  expect([scene.get()?.warnings, told]).toEqual([['A texture is missing.'], ['scene /a.glb']]);
  files.clear();
  await scene.inspectAgain(['gltf']);
  expect(scene.get()?.path).toBe('/a.glb');
});
