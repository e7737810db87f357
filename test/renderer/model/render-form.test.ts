import { describe, expect, it } from 'vitest';
import { jobRequestSchema } from '../../../src/shared/jobs';
import { checkForm, formForScene, jobRequest, stepped, type RenderForm } from '../../../src/renderer/model/render-form';
import { sampleScene } from '../../helpers/samples';

const form = (change: Partial<RenderForm> = {}): RenderForm => ({ ...formForScene(sampleScene(), null), ...change });

describe('the form of the Properties area', () => {
  it('starts with what the scene proposes, and can be submitted as it is', () => {
    expect(checkForm(form())).toEqual({});
    const request = jobRequest(form(), '/scenes/turntable.glb');
    expect(request).toEqual({ scene: '/scenes/turntable.glb', frames: '1-48', width: 1280, height: 720, samples: 16, fps: 24, overwrite: false });
    expect(jobRequestSchema.safeParse(request).success).toBe(true);
  });

  it('keeps what is about the machine when another scene is opened', () => {
    const next = formForScene(sampleScene({ frameEnd: 9 }), form({ overwrite: true, workers: '2', output: '/tmp/####', camera: 'Main' }));
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
    ['samples', '1e3', 'Samples are a whole number from 1 to 4,096.'],
    ['fps', '0', 'The frame rate is a number above 0 and up to 1,000, such as 24 or 29.97.'],
    ['workers', '65', 'Workers are a whole number from 1 to 64, or nothing for as many as the preferences allow.'],
    ['output', 'renders/####', 'The output is a full path, or starts with // for the scene’s folder.'],
    ['output', '/renders/####.exr', 'Images are written as PNG: let the output end with .png.'],
  ] as const)('says at %s what is wrong with “%s”', (field, text, sentence) => {
    const wrong = form({ [field]: text });
    expect(checkForm(wrong)).toEqual({ [field]: sentence });
    expect(jobRequest(wrong, '/a.glb')).toBeNull();
  });

  it('takes what is optional only where it is filled in', () => {
    const request = jobRequest(form({ camera: 'Main', output: ' //renders/#### ', workers: '3', fps: '29.97', overwrite: true }), '/a.glb');
    expect(request).toMatchObject({ camera: 'Main', output: '//renders/####', workers: 3, fps: 29.97, overwrite: true });
  });

  it('accepts Windows paths as full paths', () => {
    expect(checkForm(form({ output: 'D:\\renders\\####.png' }))).toEqual({});
    expect(checkForm(form({ output: '\\\\nas\\renders\\####' }))).toEqual({});
  });

  it('asks for one frame when one is named, and writes a range of one as that', () => {
    expect(jobRequest(form(), '/a.glb', 7)!.frames).toBe('7');
    expect(jobRequest(form({ frameStart: '5', frameEnd: '5' }), '/a.glb')!.frames).toBe('5');
  });

  it('steps numbers, never below what is allowed, and leaves text alone', () => {
    expect(stepped('9', 1, 1)).toBe('10');
    expect(stepped('29.97', 1, 1)).toBe('30.97');
    expect(stepped('5', -10, 1)).toBe('1');
    expect(stepped('', 1, 0)).toBe('1');
    expect(stepped('many', 1, 1)).toBeNull();
  });
});
