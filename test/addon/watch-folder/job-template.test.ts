import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { requestFor, safeName } from '../../../src/addon/watch-folder/job-template';
import type { AddonManifest, PreferenceValue } from '../../../src/shared/addons';
import { IMAGE_FORMATS } from '../../../src/shared/image-format';
import { jobRequestSchema } from '../../../src/shared/jobs';

const { preferences } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../src/addon/watch-folder/addon.json'), 'utf8'),
) as AddonManifest;

const request = (name: string, given: Record<string, PreferenceValue> = {}) =>
  jobRequestSchema.parse(
    requestFor('/watched', name, {
      get: <T extends PreferenceValue>(key: string) =>
        (given[key] ?? preferences.find((preference) => preference.key === key)!.default) as T,
    }),
  );

test('without preferences the scene decides', () => {
  expect(request('shot.blend')).toEqual({ scene: '/watched/shot.blend', newVersion: true, priority: 0 });
});

test('every preference is a part of the request', () => {
  const given = {
    frames: '1-10',
    width: 640,
    height: 360,
    percentage: 50,
    samples: 8,
    camera: 'Main',
    format: 'exr',
    output: '/renders/{scene}/####.exr',
    existing: 'keep',
    priority: 3,
  };
  expect(request('shot #7.glb', given)).toEqual({
    scene: '/watched/shot #7.glb',
    frames: '1-10',
    width: 640,
    height: 360,
    percentage: 50,
    samples: 8,
    camera: 'Main',
    format: 'exr',
    output: '/renders/shot _7/####.exr',
    keepExisting: true,
    priority: 3,
  });
  expect(request('a.glb', { existing: 'overwrite' })).toMatchObject({ overwrite: true });
  expect(request('a.glb', { existing: 'refuse' })).toEqual({ scene: '/watched/a.glb', priority: 0 });
});

test.each([
  ['..glb', '_'],
  ['a/../b.glb', 'a_.._b'],
  ['...hidden.glb', '_hidden'],
  ['dots. .glb', 'dots_'],
  ['a\nb#1:c.blend', 'a_b_1_c'],
  ['$&.glb', '$&'],
])('%j is %s in a path', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('the formats are those of the program', () => {
  const format = preferences.find(({ key }) => key === 'format') as { values: string[] };
  expect(format.values).toEqual(['scene', ...IMAGE_FORMATS]);
});
