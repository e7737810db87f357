import { expect, it } from 'vitest';
import { partChanges, renderedAnew, requestOf } from '../../../../src/main/jobs/planning/edit-job';
import { jobRequestSchema } from '../../../../src/shared/jobs';
import { planGltfJob } from '../../../helpers/plan-job';
import { sampleScene, sampleSettings } from '../../../helpers/samples';

it('leads from settings to a request and back to the same settings', () => {
  const scene = sampleScene();
  const settings = planGltfJob(
    {
      scene: scene.path,
      frames: '3,1',
      width: 10,
      height: 20,
      camera: 'Main',
      output: '/out/x##.png',
      workers: 2,
      order: 'list',
      attempts: 5,
      failureShare: 0.5,
    },
    scene,
    '/home',
  );
  const request = requestOf(settings);
  expect(jobRequestSchema.parse(request)).toEqual(request);
  expect(planGltfJob(request, scene, '/elsewhere')).toEqual(settings);
});

it('parts what may change at any time from what may not', () => {
  expect(partChanges({ priority: 3, startAt: null })).toEqual({
    labels: {},
    schedule: { priority: 3, startAt: null },
    rendering: null,
  });
  expect(partChanges({ after: [1], samples: 4, camera: undefined, note: 'x' })).toEqual({
    labels: { note: 'x' },
    schedule: { after: [1] },
    rendering: { samples: 4 },
  });
});

it.each([
  [{}, 'none'],
  [{ frames: '1-9', order: 'every-4', workers: 3, attempts: 9, failureShare: 1 }, 'none'],
  [{ overwrite: true }, 'skipped'],
  [{ samples: 99 }, 'images'],
  [{ output: '/other/####.png' }, 'images'],
  [{ format: 'exr', overwrite: true }, 'images'],
  [{ views: ['_L', '_R'] }, 'images'],
] as const)('after %j what is rendered anew is %s', (change, expected) =>
  expect(renderedAnew(sampleSettings(), sampleSettings(change as never))).toBe(expected),
);
