import { expect, it } from 'vitest';
import { createWorkerPeaks } from '../../../src/main/metrics/worker-peaks';
import type { WorkerInfo } from '../../../src/shared/workers';
import { sampleFrame } from '../../helpers/samples';

const worker: WorkerInfo = {
  slot: 1,
  engine: 'blender',
  state: 'rendering',
  scene: null,
  jobId: 1,
  frame: 1,
  framesDone: 0,
  startedAt: 0,
};

it('keeps the most that a worker held, and forgets it with the worker', () => {
  const peaks = createWorkerPeaks();
  const frame = (slot: number, peakBytes: number | null, state: 'done' | 'waiting' = 'done'): void =>
    peaks.see({ type: 'frame', jobId: 1, frame: sampleFrame(1, state, { slot, peakBytes }) });
  expect(peaks.of(1)).toBeNull();
  frame(1, 500);
  frame(1, 300);
  frame(1, 900, 'waiting');
  frame(2, null);
  peaks.see({ type: 'workers', workers: [worker, { ...worker, slot: 2, state: 'idle' }] });
  expect(peaks.of(1)).toBe(500);
  expect(peaks.of(2)).toBeNull();
  peaks.see({ type: 'workers', workers: [{ ...worker, state: 'starting' }] });
  expect(peaks.of(1)).toBeNull();
  frame(1, 200);
  expect(peaks.of(1)).toBe(200);
  peaks.see({ type: 'workers', workers: [] });
  expect(peaks.of(1)).toBeNull();
});
