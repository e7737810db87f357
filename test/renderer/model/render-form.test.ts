import { describe, expect, it } from 'vitest';
import { jobRequestSchema } from '../../../src/shared/jobs';
import {
  changedFields,
  formForOutputFormat,
  formForScene,
  formWithField,
  formWithScene,
  type RenderForm,
} from '../../../src/renderer/model/render-form';
import { checkForm } from '../../../src/renderer/model/check-form';
import { contentOf, samplesFor } from '../../../src/renderer/model/scene-content';
import { jobRequest } from '../../../src/renderer/model/job-request';
import { sampleBlend, sampleBlenderScene, sampleScene } from '../../helpers/samples';

const scene = sampleScene();
const form = (change: Partial<RenderForm> = {}): RenderForm => ({ ...formForScene(sampleScene(), null), ...change });

describe('the form of the Properties area', () => {
  it('starts with what the scene proposes, and can be submitted as it is', () => {
    expect(checkForm(form())).toEqual({});
    const request = jobRequest(form(), scene);
    // What is not touched is left to the scene and the host.
    expect(request).toEqual({ scene: '/scenes/turntable.glb' });
    expect(jobRequestSchema.safeParse(request).success).toBe(true);
  });

  it('keeps what is about the machine when another scene is opened', () => {
    const next = formForScene(
      sampleScene({ frameEnd: 9 }),
      form({ overwrite: true, workers: '2', output: '/tmp/####', camera: 'Main' }),
    );
    expect(next).toMatchObject({ overwrite: false, workers: '2', frameEnd: '9', output: '', camera: '' });
  });

  it('follows a glTF: its length from the animations and the rate, until the person sets it', () => {
    const walks = sampleScene({
      animations: [
        { name: 'Idle', seconds: 1 },
        { name: 'Walk', seconds: 2 },
      ],
    });
    const start = formForScene(walks, null);
    const half = formWithField(start, walks, 'fps', '12');
    expect(half.frameEnd).toBe('24');
    expect(jobRequest(half, walks)).toEqual({ scene: '/scenes/turntable.glb', fps: 12 });
    const idle = formWithField(half, walks, 'animations', ['Idle']);
    expect(idle.frameEnd).toBe('12');
    expect(jobRequest(idle, walks)).toEqual({ scene: '/scenes/turntable.glb', fps: 12, animations: ['Idle'] });
    const own = formWithField({ ...start, frameEnd: '10' }, walks, 'fps', '12');
    expect(own.frameEnd).toBe('10');
    // While the rate is being typed it says nothing.
    expect(formWithField(start, walks, 'fps', '').frameEnd).toBe('48');
  });

  it('offers the scenes of a glTF with what is in each', () => {
    const two = sampleScene({
      scenes: ['Day', 'Night'],
      activeScene: 'Day',
      sceneContents: [
        { cameras: ['Main', 'Close-up'], animations: [{ name: 'Turn', seconds: 2 }] },
        { cameras: ['Moon'], animations: [] },
      ],
    });
    const night = formWithScene(formForScene(two, null), two, 'Night');
    expect(formForScene(two, null).sceneName).toBe('Day');
    expect(contentOf(two, 'Night').cameras).toEqual(['Moon']);
    expect(night.frameEnd).toBe('1');
    expect(jobRequest(night, two)).toEqual({ scene: '/scenes/turntable.glb', sceneName: 'Night' });
    expect(changedFields(formForScene(two, null), two).size).toBe(0);
  });
});

describe('the form of a .blend', () => {
  const titles = sampleBlenderScene({
    name: 'Titles',
    renderEngine: 'eevee',
    samples: 64,
    frameEnd: 50,
    frameStep: 2,
    format: 'exr',
  });
  const blend = sampleBlend({}, [sampleBlenderScene(), titles]);
  const start = formForScene(blend, null);

  it('starts with the active scene, whose size stands before its percentage', () => {
    expect(start).toMatchObject({
      sceneName: 'Scene',
      frameEnd: '240',
      width: '1920',
      height: '1080',
      percentage: '50',
      samples: '128',
      renderEngine: 'cycles',
      format: 'png',
      camera: '',
    });
    expect(checkForm(start, true)).toEqual({});
    expect(jobRequest(start, blend)).toEqual({ scene: '/scenes/robot.blend' });
  });

  it('says what another scene says once that is chosen, and keeps what is about the queue', () => {
    const other = formWithScene({ ...start, priority: '5', width: '100' }, blend, 'Titles');
    expect(other).toMatchObject({
      sceneName: 'Titles',
      frameEnd: '50',
      frameStep: '2',
      width: '1920',
      samples: '64',
      renderEngine: 'eevee',
      format: 'exr',
      priority: '5',
    });
    expect(jobRequest(other, blend)).toEqual({ scene: '/scenes/robot.blend', sceneName: 'Titles', priority: 5 });
  });

  it('lets the ending of the output and the format follow each other', () => {
    const exr = formForOutputFormat({ ...start, output: '/r/a_####.png', format: 'exr' }, 'format');
    expect(exr.output).toBe('/r/a_####.exr');
    expect(formForOutputFormat({ ...start, output: '/r/a.v2/####', format: 'exr' }, 'format').output).toBe(
      '/r/a.v2/####',
    );
    expect(formForOutputFormat({ ...start, output: '/r/a_####.tif' }, 'output').format).toBe('tiff');
    // Only the file can tell which of the two it is.
    expect(formForOutputFormat({ ...start, format: 'exr-multilayer', output: '/r/a.exr' }, 'output').format).toBe(
      'exr-multilayer',
    );
    expect(checkForm({ ...start, output: '/r/a.mp4' }, true).output).toContain(
      'Images are written as PNG, JPEG, OpenEXR',
    );
  });

  it('has the samples that the file has for each engine, and none for one without', () => {
    expect([samplesFor(titles, 'cycles'), samplesFor(titles, 'eevee'), samplesFor(titles, 'workbench')]).toEqual([
      128,
      64,
      null,
    ]);
    expect(checkForm({ ...start, renderEngine: 'workbench', samples: '' }, true)).toEqual({});
    expect(jobRequest({ ...start, renderEngine: 'workbench', samples: '' }, blend)).toEqual({
      scene: '/scenes/robot.blend',
      renderEngine: 'workbench',
    });
  });
});
