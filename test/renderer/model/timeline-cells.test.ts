import { describe, expect, it } from 'vitest';
import { acceptFrames, acceptState, awaitFrames, EMPTY_MODEL } from '../../../src/renderer/model/host-model';
import {
  cellState,
  firstFrame,
  mostUrgent,
  nextInState,
  timelineCells,
  type TimelineCells,
} from '../../../src/renderer/model/timeline-cells';
import type { Frame } from '../../../src/shared/jobs';
import { sampleFrame, sampleJob, sampleState } from '../../helpers/samples';

const all = (cells: TimelineCells): number[] => Array.from({ length: cells.count }, (_, index) => cells.frameAt(index));
const table = (frames: readonly Frame[]) =>
  acceptFrames(awaitFrames(acceptState(EMPTY_MODEL, sampleState()), 1), 1, frames).frames.get(1);

describe('the cells of the timeline', () => {
  it('are the scene’s range without a job, the job’s frames without a scene, and nothing without both', () => {
    expect(all(timelineCells({ start: 3, end: 6 }, null))).toEqual([3, 4, 5, 6]);
    expect(all(timelineCells(null, sampleJob({}, { frames: '2,5,9-11' })))).toEqual([2, 5, 9, 10, 11]);
    expect(timelineCells(null, null).count).toBe(0);
  });

  it('are the range and the job together, each frame once and ascending', () => {
    expect(all(timelineCells({ start: 1, end: 4 }, sampleJob({}, { frames: '3' })))).toEqual([1, 2, 3, 4]);
    expect(all(timelineCells({ start: 1, end: 4 }, sampleJob({}, { frames: '3-6' })))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all(timelineCells({ start: 1, end: 3 }, sampleJob({}, { frames: '9-10' })))).toEqual([1, 2, 3, 9, 10]);
    expect(all(timelineCells({ start: 5, end: 6 }, sampleJob({}, { frames: '8,2' })))).toEqual([2, 5, 6, 8]);
  });

  it('find a frame, or the nearest below it', () => {
    const cells = timelineCells(null, sampleJob({}, { frames: '2,5,9' }));
    expect([1, 2, 4, 5, 8, 9, 99].map((frame) => cells.indexOf(frame))).toEqual([0, 0, 0, 1, 1, 2, 2]);
    expect([2, 3].map((frame) => cells.has(frame))).toEqual([true, false]);
    const run = timelineCells({ start: 10, end: 12 }, null);
    expect([1, 11, 99].map((frame) => run.indexOf(frame))).toEqual([0, 1, 2]);
  });

  it('have the state of their frame, or none where the job does not have it', () => {
    const frames = table([sampleFrame(1, 'done'), sampleFrame(2, 'failed')]);
    expect([1, 2, 3].map((frame) => cellState(frames, frame))).toEqual(['done', 'failed', 'none']);
    expect(cellState(undefined, 1)).toBe('none');
  });

  it('never hide a failed frame among thousands', () => {
    const frames = Array.from({ length: 10_000 }, (_, index) =>
      sampleFrame(index + 1, index === 7_777 ? 'failed' : 'done'),
    );
    const cells = timelineCells({ start: 1, end: 10_000 }, null);
    expect(mostUrgent(table(frames), cells, 7_700, 7_800)).toBe('failed');
    expect(mostUrgent(table(frames), cells, 0, 100)).toBe('done');
  });

  it('lead from one frame in a state to the next, and round', () => {
    const frames = table(
      [1, 2, 3, 4, 5].map((frame) => sampleFrame(frame, frame === 2 || frame === 4 ? 'failed' : 'done')),
    );
    const cells = timelineCells({ start: 1, end: 5 }, null);
    expect(nextInState(frames, cells, 1, 'failed')).toBe(2);
    expect(nextInState(frames, cells, 2, 'failed')).toBe(4);
    expect(nextInState(frames, cells, 4, 'failed')).toBe(2);
    expect(nextInState(frames, cells, 1, 'rendering')).toBeNull();
  });

  it('read the first frame of a range without the rest', () => {
    expect(['1-48', '12', '7,9-10', '-3--1'].map(firstFrame)).toEqual([1, 12, 7, -3]);
  });
});
