import { describe, expect, it } from 'vitest';
import { jobRequestSchema } from '../../../src/shared/jobs';
import {
  changedFields,
  checkForm,
  formForOutputFormat,
  formForScene,
  formWithScene,
  jobRequest,
  readJobs,
  samplesFor,
  stepped,
  type RenderForm,
} from '../../../src/renderer/model/render-form';
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
    expect(next).toMatchObject({ overwrite: true, workers: '2', frameEnd: '9', output: '', camera: '' });
  });

  it.each([
    ['frameStart', '', 'The first frame is a whole number from 0 to 999,999,999.'],
    ['frameStart', '1.5', 'The first frame is a whole number from 0 to 999,999,999.'],
    ['frameStart', '-1', 'The first frame is a whole number from 0 to 999,999,999.'],
    ['frameEnd', 'ten', 'The last frame is a whole number from 0 to 999,999,999.'],
    ['frameEnd', '0', 'The last frame comes before the first: make it 1 or more.'],
    ['frameEnd', '1000001', 'One job has at most 1,000,000 frames: split the range into several jobs.'],
    ['width', '16385', 'The width is a whole number from 1 to 16,384 pixels.'],
    ['height', '0', 'The height is a whole number from 1 to 16,384 pixels.'],
    ['height', '0x10', 'The height is a whole number from 1 to 16,384 pixels.'],
    ['samples', '1e3', 'Samples are a whole number from 1 to 16,777,216.'],
    ['fps', '0', 'The frame rate is a number above 0 and up to 1,000, such as 24 or 29.97.'],
    ['frameStep', '0', 'The step is a whole number from 1 to 1,000,000.'],
    ['percentage', '0', 'The percentage is a number from 1 to 1,000.'],
    ['priority', '101', 'The priority is a whole number from -100 to 100.'],
    ['after', 'the first', 'Write the numbers of jobs with commas between, as 3, 5.'],
    ['attempts', '0', 'Tries are a whole number from 1 to 100, or nothing for what the preferences say.'],
    ['failureShare', '101', 'The share is a number from 0 to 100 percent, or nothing for what the preferences say.'],
    ['workers', '65', 'Workers are a whole number from 1 to 64, or nothing for as many as the preferences allow.'],
    ['output', 'renders/####', 'The output is a full path, or starts with // for the scene’s folder.'],
    ['output', '/renders/####.exr', 'Images are written as PNG: let the output end with .png.'],
  ] as const)('says at %s what is wrong with “%s”', (field, text, sentence) => {
    const wrong = form({ [field]: text });
    expect(checkForm(wrong)).toEqual({ [field]: sentence });
    expect(jobRequest(wrong, scene)).toBeNull();
  });

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

  it('accepts Windows paths as full paths', () => {
    expect(checkForm(form({ output: 'D:\\renders\\####.png' }))).toEqual({});
    expect(checkForm(form({ output: '\\\\nas\\renders\\####' }))).toEqual({});
  });

  it('asks for one frame when one is named, and writes a range of one as that', () => {
    expect(jobRequest(form(), scene, 7)!.frames).toBe('7');
    expect(jobRequest(form({ frameStart: '5', frameEnd: '5' }), scene)!.frames).toBe('5');
    expect(jobRequest(form({ frameEnd: '20' }), scene)!.frames).toBe('1-20');
    expect(jobRequest(form({ frameStep: '3' }), scene)!.frames).toBe('1-48x3');
  });

  it('steps numbers, never below what is allowed, and leaves text alone', () => {
    expect(stepped('9', 1, 1)).toBe('10');
    expect(stepped('29.97', 1, 1)).toBe('30.97');
    expect(stepped('5', -10, 1)).toBe('1');
    expect(stepped('', 1, 0)).toBe('1');
    expect(stepped('many', 1, 1)).toBeNull();
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

describe('the numbers of jobs', () => {
  it.each([
    ['', []],
    ['3', [3]],
    ['#3, 5;7  9, 3', [3, 5, 7, 9]],
    ['3,', null],
    ['three', null],
  ] as const)('in “%s” are %j', (text, jobs) => {
    expect(readJobs(text)).toEqual(jobs);
  });
});
