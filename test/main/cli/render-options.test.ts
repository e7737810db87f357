import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobChangesOf, jobRequestOf, optionOf } from '../../../src/main/cli/render-options';

describe('options of a job', () => {
  it('become a request whose paths are absolute', () => {
    expect(
      jobRequestOf('a.glb', {
        samples: '4',
        workers: '2',
        output: 'x/',
        after: '3, 5',
        order: 'middle-out',
        failureShare: '0.5',
        factoryStartup: true,
      }),
    ).toEqual({
      scene: resolve('a.glb'),
      samples: 4,
      workers: 2,
      output: `${resolve('x')}/`,
      after: [3, 5],
      order: 'middle-out',
      failureShare: 0.5,
      factoryStartup: true,
    });
  });

  it('leave the paths of another machine as they are', () => {
    expect(jobRequestOf(String.raw`D:\shots\a.blend`, { output: '//out/' }, true)).toEqual({
      scene: String.raw`D:\shots\a.blend`,
      output: '//out/',
    });
  });

  it('take back what a job waited for', () =>
    expect(jobChangesOf({ after: 'none', startAt: 'now' })).toEqual({ after: [], startAt: null }));

  it('that are another command’s are no words of a job', () =>
    expect(jobChangesOf(Object.assign({ priority: '3' }, { json: true, host: 'box', token: 'x' }))).toEqual({
      priority: 3,
    }));

  it.each([
    [{ samples: 'many' }, '--samples cannot be “many”: write a whole number from 1 to 16777216.'],
    [{ samples: '' }, '--samples cannot be “”: write a whole number from 1 to 16777216.'],
    [{ sceneName: '' }, '--scene-name cannot be “”: write the name of a scene within the file.'],
    [
      { renderEngine: 'luxcore 4' },
      '--render-engine cannot be “luxcore 4”: write cycles, eevee, workbench, or the identifier of an add-on’s engine.',
    ],
    [{ after: 'yesterday' }, '--after cannot be “yesterday”: write the numbers of jobs, as 3 or 3,5.'],
    [{ failureShare: '200%' }, '--failure-share cannot be “200%”: write a share of the frames as 10% or 0.1.'],
    [{ priority: '1.5' }, '--priority cannot be “1.5”: write a whole number from -100 to 100; higher goes first.'],
  ])('that do not fit are named: %o', (options, sentence) => {
    expect(() => jobRequestOf('a.glb', options)).toThrow(
      expect.objectContaining({ kind: 'arguments', message: sentence }),
    );
  });

  it('are typed with hyphens', () => expect(optionOf('failureShare')).toBe('--failure-share'));
});
