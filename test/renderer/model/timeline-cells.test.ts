import { describe, expect, it } from 'vitest';
import { acceptFrames, acceptState, awaitFrames, EMPTY_MODEL } from '../../../src/renderer/model/host-model';
import {
  cellState,
  firstFrame,
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

  it('of a range that no list could hold are counted, not listed', () => {
    const cells = timelineCells(
      { start: 1, end: 100_000_000 },
      sampleJob({}, { frames: '-4-0x2,99999999-100000003x2' }),
    );
    expect(cells.count).toBe(100_000_005);
    const frames = [-4, -2, 0, 1, 100_000_000, 100_000_001, 100_000_003];
    const indices = [0, 1, 2, 3, 100_000_002, 100_000_003, 100_000_004];
    expect(indices.map((index) => cells.frameAt(index))).toEqual(frames);
    expect(frames.map((frame) => cells.indexOf(frame))).toEqual(indices);
    expect([-9, -3, 100_000_002, 200_000_000].map((frame) => cells.indexOf(frame))).toEqual([
      0, 0, 100_000_003, 100_000_004,
    ]);
    expect([-3, -2, 5, 100_000_002, 100_000_003].map((frame) => cells.has(frame))).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
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
