import { expect, it } from 'vitest';
import { type Demand, autoWorkers, workersOf } from '../../../../src/main/jobs/workers/worker-limit';

const GB = 1e9;
const blender = (change: Partial<Demand>): number =>
  autoWorkers({
    engine: 'blender',
    rendered: 1,
    peakBytes: GB,
    living: 1,
    cores: 8,
    freeBytes: 100 * GB,
    gpu: false,
    ...change,
  });

it.each([
  ['before the first frame told what it takes', { rendered: 0, peakBytes: null }, 1],
  ['on a graphics card', { gpu: true }, 1],
  ['with a worker for every second core', {}, 4],
  ['with two on two cores', { cores: 2 }, 2],
  ['with one on one core', { cores: 1 }, 1],
  ['as far as four fifths of the free memory reach', { freeBytes: 3 * GB }, 3],
  ['counting those that live', { freeBytes: 0.5 * GB, living: 2 }, 2],
  ['where memory cannot be told', { peakBytes: null }, 4],
  ['in no memory at all', { freeBytes: 0 }, 1],
])('Blender renders %s: %j → %i', (_what, change, expected) => expect(blender(change)).toBe(expected));

it('gives glTF half of the cores, at most four', () => {
  expect([1, 2, 4, 64].map((cores) => blender({ engine: 'gltf', cores }))).toEqual([1, 1, 2, 4]);
});

it.each([
  [0, null, 3, 3],
  [0, 8, 3, 8],
  [2, null, 3, 2],
  [2, 8, 3, 2],
  [4, 1, 3, 4],
  [0, 1, 3, 3],
])('a preference of %i, a job that may use %s, %i proposed: room for %i', (preference, ofJob, auto, expected) =>
  expect(workersOf(preference, ofJob, auto)).toBe(expected),
);
