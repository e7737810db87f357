import { expect, it } from 'vitest';
import { failureCauses } from '../../../src/renderer/model/failure-causes';
import { sampleFrame } from '../../helpers/samples';

const failed = (frame: number, reason: string | null, failure: 'render' | 'memory' | null = 'render') =>
  sampleFrame(frame, 'failed', { reason, failure });

it('tells a cause once, with its frames, the most frequent first', () => {
  const causes = failureCauses([
    failed(3, 'It broke.'),
    failed(12, 'There was not enough memory for frame 12: let fewer workers render.', 'memory'),
    failed(2, 'There was not enough memory for frame 2: let fewer workers render.', 'memory'),
    sampleFrame(4, 'done', { reason: 'It broke.', failure: 'render' }),
  ]);
  expect(causes).toEqual([
    { code: 'memory', reason: 'There was not enough memory for frame 12: let fewer workers render.', frames: [2, 12] },
    { code: 'render', reason: 'It broke.', frames: [3] },
  ]);
});

it('keeps apart what only looks alike: another code, or a number that is not the frame’s', () => {
  expect(failureCauses([failed(1, 'It broke.'), failed(2, 'It broke.', 'memory')])).toHaveLength(2);
  expect(failureCauses([failed(1, 'Line 11 is wrong.'), failed(2, 'Line 22 is wrong.')])).toHaveLength(2);
  expect(failureCauses([failed(-5, null, null)])).toEqual([
    { code: null, reason: 'No reason was given.', frames: [-5] },
  ]);
});
