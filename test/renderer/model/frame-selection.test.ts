import { expect, it } from 'vitest';
import { framesFor, pickFrames, rangeOf } from '../../../src/renderer/model/frame-selection';
import { sampleJob } from '../../helpers/samples';
import { timelineCells } from '../../../src/renderer/model/timeline-cells';

const cells = timelineCells(null, sampleJob({}, { frames: '1-10' }));
const chosen = (selection: ReturnType<typeof pickFrames>): number[] => [...(selection?.frames ?? [])];

it('begins a range at the frame that was shown, and keeps where it began', () => {
  const first = pickFrames(null, { job: 1, frame: 5, how: 'range', shown: 3 }, cells);
  expect(chosen(first)).toEqual([3, 4, 5]);
  expect(chosen(pickFrames(first, { job: 1, frame: 2, how: 'range', shown: 5 }, cells))).toEqual([2, 3]);
});

it('takes frames in and out, the one shown first, and ends with a press alone', () => {
  const two = pickFrames(null, { job: 1, frame: 8, how: 'toggle', shown: 3 }, cells);
  expect(chosen(two)).toEqual([3, 8]);
  const one = pickFrames(two, { job: 1, frame: 3, how: 'toggle', shown: 8 }, cells);
  expect(chosen(one)).toEqual([8]);
  expect(pickFrames(one, { job: 1, frame: 8, how: 'toggle', shown: 3 }, cells)).toBeNull();
  expect(pickFrames(two, { job: 1, frame: 5, how: 'only', shown: 8 }, cells)).toBeNull();
});

it('knows nothing of what was selected in another job', () => {
  const other = { job: 2, frames: new Set([1, 2]), anchor: 1 };
  expect(pickFrames(other, { job: 1, frame: 6, how: 'range', shown: 5 }, cells)).toMatchObject({ job: 1, anchor: 5 });
  expect(framesFor(other, 1, 2)).toEqual([2]);
});

it('opens a menu for the whole selection on one of it, else for the frame alone', () => {
  const selection = { job: 1, frames: new Set([9, 2]), anchor: 9 };
  expect([framesFor(selection, 1, 2), framesFor(selection, 1, 5), framesFor(null, 1, 5)]).toEqual([[2, 9], [5], [5]]);
  expect(rangeOf([9, 2, 3, 4])).toBe('2-4,9');
});
