import { describe, expect, it } from 'vitest';
import { chooseBlender, noBlender } from '../../../../src/main/engines/blender/choose-blender';
import { sampleBlender } from '../../../helpers/samples';

const old = sampleBlender('2.79', { problem: 'Blender 2.79 is too old.' });
const found = [old, sampleBlender('3.4.1', { default: true }), sampleBlender('4.2.0'), sampleBlender('4.10.1')];

describe('the Blender for a job', () => {
  it.each<[string | null, string | null, string]>([
    [null, null, 'blender-3.4.1'],
    ['blender', null, 'blender-3.4.1'],
    ['blender-4.2.0', null, 'blender-4.2.0'],
    [null, '3.4', 'blender-3.4.1'],
    [null, '2.93', 'blender-3.4.1'],
    [null, '3.5', 'blender-4.2.0'],
    [null, '4.3', 'blender-4.10.1'],
    [null, '5.0', 'blender-3.4.1'],
    ['blender-4.2.0', '5.0', 'blender-4.2.0'],
  ])('for %s and a file of %s is %s', (wanted, file, id) => expect(chooseBlender(found, wanted, file).id).toBe(id));

  it('is not one that does not work, or is not there', () => {
    expect(() => chooseBlender(found, 'blender-2.79')).toThrow('blender-2.79 cannot be used: Blender 2.79 is too old.');
    expect(() => chooseBlender(found, 'blender-5.0.0')).toThrow(
      'There is no engine “blender-5.0.0” here: choose one of blender-3.4.1, blender-4.2.0, blender-4.10.1.',
    );
    expect(() => chooseBlender([], 'blender-5.0.0')).toThrow(
      'There is no engine “blender-5.0.0” here: Blender was not found',
    );
    expect(() => chooseBlender([old], null)).toThrow(
      'No Blender that works was found, so .blend files cannot be rendered. Blender 2.79 is too old.',
    );
  });

  it.each<[NodeJS.Platform, string]>([
    ['linux', 'sudo apt install blender'],
    ['darwin', 'brew install --cask blender'],
    ['win32', 'winget install BlenderFoundation.Blender'],
  ])('comes, where there is none on %s, by %s', (platform, way) => expect(noBlender([], platform)).toContain(way));
});
