import { expect, it } from 'vitest';
import { remediesFor } from '../../../src/renderer/model/remedies';
import { FAILURE_CODES } from '../../../src/shared/failures';
import { sampleJob } from '../../helpers/samples';

const gltf = sampleJob();
const blender = sampleJob({ engine: 'blender' });
const ids = (...given: Parameters<typeof remediesFor>): string[] => remediesFor(...given).map(({ id }) => id);

it('offers for each failure what mends it', () => {
  expect(Object.fromEntries(FAILURE_CODES.map((code) => [code, ids(code, blender, false)]))).toEqual({
    render: [],
    crash: [],
    timeout: ['raise-timeout'],
    memory: ['raise-memory'],
    image: [],
    output: ['new-version'],
    'images-in-the-way': ['overwrite', 'new-version'],
    program: ['show-engines'],
    newer: ['show-engines'],
    scene: [],
    camera: [],
    device: [],
    outside: ['show-folders'],
    'too-many': ['raise-failures'],
  });
  expect(ids(null, blender, true)).toEqual([]);
});

it('offers nothing of Blender’s for another engine', () => {
  expect([ids('memory', gltf, false), ids('program', gltf, false)]).toEqual([[], []]);
});

it('offers scripts only where the file has some that were not run, and they may be what it lacks', () => {
  expect([ids('render', blender, true), ids('camera', blender, true), ids('memory', blender, true)]).toEqual([
    ['allow-scripts'],
    ['allow-scripts'],
    ['raise-memory'],
  ]);
  expect(ids('render', sampleJob({ engine: 'blender' }, { allowScripts: true }), true)).toEqual([]);
});
