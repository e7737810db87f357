import { describe, expect, it } from 'vitest';
import { parseFrameRange } from '../../../src/shared/frame-range';
import { jobRequestSchema } from '../../../src/shared/jobs';
import { jobRequest, previewOf, quickPreview, requestOf } from '../../../src/renderer/model/job-request';
import { changedFields, formForScene, type RenderForm } from '../../../src/renderer/model/render-form';
import { sampleBlend, sampleBlenderScene, sampleScene, sampleSettings } from '../../helpers/samples';

const scene = sampleScene();
const form = (change: Partial<RenderForm> = {}): RenderForm => ({ ...formForScene(sampleScene(), null), ...change });

describe('the job that the form asks for', () => {
  it('takes what is optional only where it is filled in', () => {
    const request = jobRequest(
      form({ camera: 'Main', output: ' //renders/#### ', workers: '3', fps: '29.97', overwrite: true }),
      scene,
    );
    expect(request).toMatchObject({
      camera: 'Main',
      output: '//renders/####',
      workers: 3,
      fps: 29.97,
      overwrite: true,
    });
  });

  it('names the machines that may render it, a preview included', () => {
    const limited = form({ tags: 'gpu, linux', blockedMachines: 'left,manager', maxMachines: '2' });
    const limits = { tags: ['gpu', 'linux'], blockedMachines: ['left', 'manager'] };
    expect(jobRequest(limited, scene)).toMatchObject({ ...limits, maxMachines: 2 });
    expect(jobRequest(limited, scene, 7)).toMatchObject(limits);
    expect(jobRequest(form({ tags: '-' }), scene)).toBeNull();
  });

  it('asks for one frame when one is named, and writes a range of one as that', () => {
    expect(jobRequest(form(), scene, 7)!.frames).toBe('7');
    expect(jobRequest(form({ frameStart: '5', frameEnd: '5' }), scene)!.frames).toBe('5');
    expect(jobRequest(form({ frameEnd: '20' }), scene)!.frames).toBe('1-20');
    expect(jobRequest(form({ frameStep: '3' }), scene)!.frames).toBe('1-48x3');
    expect(parseFrameRange(jobRequest(form({ frameStart: '-3', frameEnd: '-1' }), scene)!.frames!)).toEqual([
      -3, -2, -1,
    ]);
  });

  it('asks for a transparent background and a device only where they are chosen', () => {
    expect(jobRequest(form({ transparent: 'yes' }), scene)).toEqual({
      scene: '/scenes/turntable.glb',
      transparent: true,
    });
    const blend = sampleBlend();
    expect(jobRequest({ ...formForScene(blend, null), transparent: 'no', device: 'optix' }, blend)).toEqual({
      scene: '/scenes/robot.blend',
      transparent: false,
      device: 'optix',
    });
  });

  it('previews one frame before all other jobs: what is about a job’s own images and turn is left out', () => {
    const all = form({
      output: '/out/####.png',
      overwrite: true,
      order: 'every-10',
      after: '3',
      startAt: '2027-01-02T03:04',
      samples: '4',
      priority: '5',
    });
    expect(jobRequest(all, scene, 7)).toEqual({
      scene: '/scenes/turntable.glb',
      frames: '7',
      preview: true,
      samples: 4,
      priority: 100,
    });
  });
});

describe('the job of a .blend', () => {
  const blend = sampleBlend({}, [sampleBlenderScene()]);
  const start = formForScene(blend, null);

  it('sends only what was touched, and a size with all that makes it', () => {
    const changed = {
      ...start,
      percentage: '25',
      renderEngine: 'eevee',
      samples: '32',
      allowScripts: true,
      startAt: '2026-11-21T18:00',
      after: '3, 5',
      failureShare: '20',
      order: 'every-10',
      attempts: '1',
    };
    const request = jobRequest(changed, blend);
    expect(request).toEqual({
      scene: '/scenes/robot.blend',
      width: 1920,
      height: 1080,
      percentage: 25,
      samples: 32,
      renderEngine: 'eevee',
      allowScripts: true,
      order: 'every-10',
      attempts: 1,
      failureShare: 0.2,
      after: [3, 5],
      startAt: new Date(2026, 10, 21, 18).getTime(),
    });
    expect(jobRequestSchema.safeParse(request).success).toBe(true);
    expect([...changedFields({ ...start, samples: '32' }, blend)]).toEqual(['samples']);
  });

  it('starts from the factory where the preferences say so, and says so only where it differs', () => {
    const form = formForScene(blend, null, true);
    expect(jobRequest(form, blend, undefined, true)).toEqual({ scene: '/scenes/robot.blend' });
    expect(jobRequest({ ...form, factoryStartup: false }, blend, undefined, true)).toEqual({
      scene: '/scenes/robot.blend',
      factoryStartup: false,
    });
  });
});

describe('the request that a job’s settings make', () => {
  const settings = sampleSettings({ camera: 'Close-up', versionOf: '/out/####.png', installation: 'blender-4.2.0' });

  it('asks for the same once more, and is one that the host takes', () => {
    const request = requestOf({ ...settings, samples: 0 });
    expect(jobRequestSchema.safeParse(request).error).toBeUndefined();
    expect(request).toMatchObject({ camera: 'Close-up', frames: '1-48', engine: 'blender-4.2.0', width: 320 });
    expect(request).not.toHaveProperty('samples');
  });

  it('asks for a preview of one frame, without the place of its images', () => {
    const request = previewOf(settings, 12);
    expect(jobRequestSchema.safeParse(request).error).toBeUndefined();
    expect(request).toMatchObject({ scene: settings.scene, frames: '12', preview: true, priority: 100, samples: 16 });
    expect(request).not.toHaveProperty('output');
  });
});

describe('a quick preview', () => {
  it('has a quarter of the sides, and few samples', () => {
    const request = quickPreview(form({ width: '1280', height: '2', samples: '64' }), scene, 3, false)!;
    expect(request).toMatchObject({ frames: '3', preview: true, width: 320, height: 1, samples: 8 });
    expect(quickPreview(form({ width: 'x' }), scene, 3, false)).toBe(null);
  });

  it('takes a quarter of a .blend’s percentage', () => {
    const blend = sampleBlend();
    const request = quickPreview({ ...formForScene(blend, null), percentage: '50', samples: '4' }, blend, 1, false)!;
    expect(request).toMatchObject({ percentage: 12.5, samples: 4 });
    expect(jobRequestSchema.safeParse(request).error).toBeUndefined();
  });
});
