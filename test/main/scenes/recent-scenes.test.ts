import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeLastScene } from '../../../src/main/scenes/last-scene';
import { createRecentScenes } from '../../../src/main/scenes/recent-scenes';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('lists what was opened last, once each, across restarts, and marks what is gone', async () => {
  const folder = temporaryFolder();
  const scene = (name: string): string => join(folder, name);
  for (const name of ['a.glb', 'b.glb']) writeFileSync(scene(name), '');
  const warnings: string[] = [];
  const recent = createRecentScenes(folder, true, (text) => warnings.push(text));
  await Promise.all(['a.glb', 'b.glb', 'a.glb'].map((name) => recent.remember(scene(name))));
  rmSync(scene('b.glb'));
  const again = createRecentScenes(folder, false, (text) => warnings.push(text));
  expect((await again.list()).map(({ path, missing }) => [path, missing])).toEqual([
    [scene('a.glb'), false],
    [scene('b.glb'), true],
  ]);
  expect(await takeLastScene(folder)).toBe(scene('a.glb'));
  await again.remember(scene('c.glb'));
  expect(await takeLastScene(folder)).toBeNull();
  for (let at = 0; at < 20; at += 1) await again.remember(scene(`many-${at}.glb`));
  expect(await again.list()).toHaveLength(12);
  expect(warnings).toEqual([]);
});

it('begins anew where the file is not its own, and says what cannot be stored', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'recent-scenes.json'), '{"scenes": 7}');
  const warnings: string[] = [];
  expect(await createRecentScenes(folder, false, (text) => warnings.push(text)).list()).toEqual([]);
  await createRecentScenes(join(folder, 'gone'), false, (text) => warnings.push(text)).remember('/a.glb');
  expect(warnings).toHaveLength(1);
});
