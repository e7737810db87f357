import { describe, expect, it } from 'vitest';
import { partChanges, renderedAnew, requestOf, requestToChange } from '../../../../src/main/jobs/planning/edit-job';
import { type JobChanges, type JobRequest, type JobSettings, jobRequestSchema } from '../../../../src/shared/jobs';
import type { SceneInfo } from '../../../../src/shared/scene';
import { planBlendJob, planGltfJob } from '../../../helpers/plan-job';
import { sampleBlend, sampleBlender, sampleBlenderScene, sampleScene, sampleSettings } from '../../../helpers/samples';

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

it('leaves it to the scene which view transform it has', () => {
  const blend = (viewTransform: string): SceneInfo => sampleBlend({}, [sampleBlenderScene({ viewTransform })]);
  const plan = (request: JobRequest, scene: SceneInfo): JobSettings =>
    planBlendJob(request, scene, '/home', { installations: [sampleBlender('4.2.0', { default: true })] });
  const settings = plan({ scene: blend('AgX').path }, blend('AgX'));
  expect(settings.viewTransform).toBe('AgX');
  const request = requestOf(settings);
  expect(jobRequestSchema.parse(request)).toEqual(request);
  expect(plan(request, blend('Filmic')).viewTransform).toBe('Filmic');
});

describe('what a scene proposed', () => {
  const gltf = sampleScene({
    animations: [
      { name: 'Turn', seconds: 2 },
      { name: 'Run', seconds: 1 },
    ],
  });
  const blend = sampleBlend({}, [
    sampleBlenderScene({ name: 'Day', frameEnd: 20 }),
    sampleBlenderScene({ name: 'Night', frameEnd: 9, fps: 30, width: 100, height: 50, percentage: 100, samples: 7 }),
  ]);

  /** The settings of a job after a change. */
  async function changed(scene: SceneInfo, asked: Partial<JobRequest>, changes: JobChanges): Promise<JobSettings> {
    const plan = (request: JobRequest): JobSettings =>
      scene === gltf
        ? planGltfJob(request, scene, '/home')
        : planBlendJob(request, scene, '/home', { installations: [sampleBlender('4.2', { default: true })] });
    const former = await requestToChange(plan({ scene: scene.path, ...asked }), changes, async (request) => ({
      settings: plan(request),
    }));
    return plan({ ...former, ...changes });
  }

  it.each<[Partial<JobRequest>, JobChanges, Partial<JobSettings>]>([
    [{}, { fps: 12 }, { frames: '1-24', fps: 12 }],
    [{}, { fps: 30 }, { frames: '1-60' }],
    [{ fps: 12 }, { animations: ['Run'] }, { frames: '1-12', fps: 12 }],
    [{ animations: ['Run'] }, { animations: ['Turn'] }, { frames: '1-48' }],
    [{ frames: '1-10' }, { fps: 12 }, { frames: '1-10' }],
    [{}, { fps: 12, frames: '3' }, { frames: '3' }],
    [{ width: 10 }, { fps: 12, percentage: 50 }, { width: 640, height: 360 }],
  ])('of a glTF follows the change, where %j was asked for and %j changes', async (asked, changes, expected) =>
    expect(await changed(gltf, asked, changes)).toMatchObject(expected),
  );

  it.each<[Partial<JobRequest>, JobChanges, Partial<JobSettings>]>([
    [{}, { sceneName: 'Night' }, { frames: '1-9', fps: 30, width: 100, height: 50 }],
    [{ frames: '2-5', width: 64 }, { sceneName: 'Night' }, { frames: '2-5', fps: 30, width: 64, height: 50 }],
    [{ fps: 12, samples: 3 }, { sceneName: 'Night' }, { frames: '1-9', fps: 12, samples: 3 }],
    [{}, { renderEngine: 'eevee' }, { samples: 64, frames: '1-20' }],
    [{ samples: 99 }, { renderEngine: 'eevee' }, { samples: 99 }],
  ])('of a .blend follows the change, where %j was asked for and %j changes', async (asked, changes, expected) =>
    expect(await changed(blend, asked, changes)).toMatchObject(expected),
  );

  it('does not hinder a change that mends settings which fit the scene no longer', async () => {
    const settings = sampleSettings({ camera: 'Gone', frames: '1-48' });
    const plan = async (request: JobRequest): Promise<{ settings: JobSettings }> => ({
      settings: planGltfJob(request, gltf, '/home'),
    });
    const former = await requestToChange(settings, { camera: 'Main', fps: 12 }, plan);
    expect((await plan({ ...former, camera: 'Main', fps: 12 })).settings).toMatchObject({ camera: 'Main', fps: 12 });
  });
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
