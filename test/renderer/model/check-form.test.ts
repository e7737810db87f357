import { describe, expect, it } from 'vitest';
import { checkForm } from '../../../src/renderer/model/check-form';
import { jobRequest } from '../../../src/renderer/model/job-request';
import { formForScene, type RenderForm } from '../../../src/renderer/model/render-form';
import { sampleScene } from '../../helpers/samples';

const scene = sampleScene();
const form = (change: Partial<RenderForm> = {}): RenderForm => ({ ...formForScene(sampleScene(), null), ...change });

describe('checking the form', () => {
  it.each([
    ['frameStart', '', 'The first frame is a whole number from -999,999,999 to 999,999,999.'],
    ['frameStart', '1.5', 'The first frame is a whole number from -999,999,999 to 999,999,999.'],
    ['frameEnd', 'ten', 'The last frame is a whole number from -999,999,999 to 999,999,999.'],
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
    ['after', 'the first', 'Write job numbers with commas between them, such as 3, 5.'],
    ['attempts', '0', 'Attempts are a whole number from 1 to 100, or empty for what the preferences say.'],
    ['failureShare', '101', 'The share is a number from 0 to 100 percent, or empty for what the preferences say.'],
    ['workers', '65', 'Workers are a whole number from 1 to 64, or empty for as many as the preferences allow.'],
    ['output', 'renders/####', 'The output is a full path, or starts with // for the scene’s folder.'],
    [
      'output',
      'file://nas/renders/####.png',
      'This address names no file of the host’s machine: write the path instead.',
    ],
    ['output', '"/renders/####.exr"', 'glTF scenes are rendered to PNG: let the output end with .png.'],
    ['output', '/renders/####.exr', 'glTF scenes are rendered to PNG: let the output end with .png.'],
  ] as const)('says at %s what is wrong with “%s”', (field, text, sentence) => {
    const wrong = form({ [field]: text });
    expect(checkForm(wrong)).toEqual({ [field]: sentence });
    expect(jobRequest(wrong, scene)).toBeNull();
  });

  it.each(['~/renders/####', '"/my renders/####.png"', 'file:///renders/####.png', "'//frames/####'"])(
    'accepts a pasted path: %s',
    (output) => expect(checkForm(form({ output }))).toEqual({}),
  );

  it('accepts Windows paths as full paths', () => {
    expect(checkForm(form({ output: 'D:\\renders\\####.png' }))).toEqual({});
    expect(checkForm(form({ output: '\\\\nas\\renders\\####' }))).toEqual({});
  });
});
