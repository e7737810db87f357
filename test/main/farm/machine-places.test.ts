import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RenderEngine } from '../../../src/main/engines/render-engine';
import { MachinePlaces } from '../../../src/main/farm/machine-places';
import type { ReadyMachine } from '../../../src/main/farm/machines';
import { createSceneManifests } from '../../../src/main/farm/scene-manifest';
import type { Tickets } from '../../../src/main/farm/tickets';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('tells why a machine takes no frames of a scene, until it gets others or is another one', async () => {
  const scene = join(realpathSync(temporaryFolder()), 'a.blend');
  writeFileSync(scene, '');
  const engine = {
    id: 'blender',
    portable: async () => ({
      files: [{ path: scene, realPath: scene }],
      fixed: null,
      program: '4.2.1',
      furtherFiles: () => [],
    }),
    setupFor: (setup: string, program: string, [found]: readonly { version: string | null }[]) =>
      found?.version === program ? setup : null,
  } as unknown as RenderEngine;
  const machine = (name: string, engines: readonly string[], version: string | null): ReadyMachine => ({
    id: name,
    name,
    workers: 1,
    engines: [...engines],
    tags: [],
    installations: version === null ? [] : [{ engine: 'blender', id: 'blender', version }],
    roots: [],
  });
  const ready = [
    machine('same', ['gltf', 'blender'], '4.2.1'),
    machine('newer', ['gltf', 'blender'], '4.5.0'),
    machine('bare', ['gltf'], null),
  ];
  let told = 0;
  const places = new MachinePlaces({
    engines: { byId: new Map([['blender', engine]]) },
    machines: { ready: () => ready, readyWith: (id) => ready.find((one) => one.id === id) ?? null },
    scenes: createSceneManifests(),
    roots: { offers: () => [], isProved: () => false, rootOf: () => null, opened: Promise.resolve() },
    tickets: () => ({}) as Tickets,
    open: () => true,
    onChange: () => undefined,
    onUnfit: () => told++,
  });
  const needs = { engine: 'blender' as const, setup: '', scene };
  await places.warningFor(needs, false);
  const renders = (): boolean[] => places.list().map((place) => place.renders(needs));
  const reasons = (): unknown[] => ready.map(({ id }) => places.unfitFor(id));
  expect([renders(), renders()]).toEqual([
    [true, false, false],
    [true, false, false],
  ]);
  expect(reasons()).toEqual([
    null,
    '“newer” takes no frames of “a.blend”: it needs blender 4.2, and there is 4.5.0.',
    '“bare” takes no frames of “a.blend”: the engine blender does not work there.',
  ]);
  expect(told).toBe(2);
  await places.list()[2]!.startWorker({ engine: 'blender', setup: '' });
  places.changed('newer');
  expect(reasons()).toEqual([null, null, null]);
});

it('has machines render a scene below a root once that is in use', async () => {
  const folder = realpathSync(temporaryFolder());
  const scene = join(folder, 'a.blend');
  writeFileSync(scene, '');
  const fixed = { paths: [join(folder, 'gone.png')], problem: 'It names a file that is not there.' };
  const files = [{ path: scene, realPath: scene }];
  const portable = async (): Promise<object> => ({ files, fixed, program: null, furtherFiles: () => [] });
  const engine = { id: 'blender', portable, setupFor: (setup: string) => setup } as unknown as RenderEngine;
  const root = { name: 'shows', path: folder };
  const bare = { id: 'a', name: 'a', workers: 1, engines: ['blender'], tags: [], installations: [] };
  let machine: ReadyMachine = { ...bare, roots: [] };
  let rooted: { root: typeof root; fixed: boolean } | null = null;
  let tellOpened: () => void = () => undefined;
  let change: () => void = () => undefined;
  const places = new MachinePlaces({
    engines: { byId: new Map([['blender', engine]]) },
    machines: { ready: () => [machine], readyWith: () => machine },
    scenes: createSceneManifests(),
    roots: {
      offers: () => [],
      isProved: () => true,
      rootOf: () => rooted,
      opened: new Promise((resolve) => (tellOpened = resolve)),
    },
    tickets: () => ({}) as Tickets,
    open: () => true,
    onChange: () => change(),
    onUnfit: () => undefined,
  });
  const needs = { engine: 'blender' as const, setup: '', scene };
  const renders = (): boolean => places.list()[0]!.renders(needs);
  // What a job is warned of stays with it: a root that is being opened may have its scene.
  const warning = places.warningFor(needs, false);
  const learned = new Promise<void>((resolve) => (change = resolve));
  expect(renders()).toBe(false);
  await learned;
  expect(renders()).toBe(false);
  const worker = await places.list()[0]!.startWorker({ engine: 'blender', setup: '' });
  machine = { ...bare, roots: [root] };
  places.changed('a');
  expect((await worker.exited).message).toBe('“a” has other roots or programs now.');
  rooted = { root, fixed: true };
  // As the queue asks whenever it is told of a change.
  const rendered = new Promise<void>((resolve) => {
    change = () => void (renders() && resolve());
  });
  places.rootsChanged();
  await rendered;
  tellOpened();
  expect(await warning).toMatch(/^This job is rendered on the manager and machines that have the root shows at/);
});
