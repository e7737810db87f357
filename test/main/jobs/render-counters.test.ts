import { expect, it, onTestFinished, vi } from 'vitest';
import { createTally } from '../../../src/main/jobs/render-counters';
import {
  FRAME_SECONDS_BUCKETS,
  MAX_COUNTED_MACHINES,
  MAX_COUNTED_SLOTS,
  OTHER_MACHINES,
  OTHER_SLOTS,
  emptyEngineTotals,
  emptySlotTotals,
} from '../../../src/shared/totals';

it('counts a frame with its engine and its slot, and its time in the first bucket that holds it', () => {
  const tally = createTally();
  const [last] = FRAME_SECONDS_BUCKETS.slice(-1);
  for (const seconds of [0.001, FRAME_SECONDS_BUCKETS[2]!, last!, last! + 1]) tally.frameRendered('gltf', 2, seconds);
  tally.frameSkipped('gltf');
  tally.frameSkipped('blender');
  const { engines, slots } = tally.totals();
  expect(engines.gltf).toMatchObject({ rendered: 4, skipped: 1 });
  const { counts, sum } = engines.gltf!.frameSeconds;
  expect(counts.flatMap((count, bucket) => (count > 0 ? [[bucket, count]] : []))).toEqual([
    [0, 1],
    [2, 1],
    [FRAME_SECONDS_BUCKETS.length - 1, 1],
    [FRAME_SECONDS_BUCKETS.length, 1],
  ]);
  expect(sum).toBeCloseTo(0.001 + FRAME_SECONDS_BUCKETS[2]! + 2 * last! + 1);
  expect(engines.blender).toEqual({ ...emptyEngineTotals(), skipped: 1 });
  expect(slots).toEqual({ 2: { ...emptySlotTotals(), frames: 4 } });
});

it('counts a failed try as retried or as failed, never both, and as its slot’s error', () => {
  const tally = createTally();
  tally.tryFailed('gltf', 1, 'crash', false);
  tally.tryFailed('gltf', 1, 'crash', true);
  tally.tryFailed('gltf', 2, 'image', true);
  const { engines, slots } = tally.totals();
  expect(engines.gltf).toEqual({
    ...emptyEngineTotals(),
    retried: 1,
    failed: { ...emptyEngineTotals().failed, crash: 1, image: 1 },
  });
  expect([slots[1]!.errors, slots[2]!.errors]).toEqual([2, 1]);
});

it('counts how jobs end, and what workers did', () => {
  const tally = createTally();
  expect(tally.totals().jobs.completedWithFailures).toBe(0);
  for (const state of ['completed', 'failed', 'completed', 'cancelled'] as const) tally.jobEnded(state);
  tally.jobEnded('completed', true);
  tally.used(1, 0.5);
  tally.restarted(1, 'memory');
  const { jobs, slots } = tally.totals();
  expect(jobs).toEqual({ completed: 3, completedWithFailures: 1, failed: 1, cancelled: 1 });
  expect(slots[1]).toMatchObject({ cpuSeconds: 0.5, restarts: { memory: 1, crash: 0 } });
});

it('counts the time of a worker as it passes, and each second once', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const tally = createTally();
  const busy = (): number | undefined => tally.totals().slots[3]?.busySeconds;
  tally.busy(3, true);
  vi.advanceTimersByTime(600_000);
  expect(busy()).toBe(600);
  vi.advanceTimersByTime(1_000);
  tally.busy(3, false);
  tally.busy(3, false);
  vi.advanceTimersByTime(5_000);
  expect(busy()).toBe(601);
  tally.busy(3, true);
  expect(busy()).toBe(601);
});

it('counts slots beyond a number together', () => {
  const tally = createTally();
  for (let slot = 1; slot <= MAX_COUNTED_SLOTS + 9; slot++) tally.used(slot, 2);
  const { slots } = tally.totals();
  expect(Object.keys(slots)).toHaveLength(MAX_COUNTED_SLOTS + 1);
  expect(slots[OTHER_SLOTS]!.cpuSeconds).toBe(18);
});

it('hands out copies, which do not change', () => {
  const tally = createTally();
  tally.frameSkipped('gltf');
  const before = tally.totals();
  tally.frameSkipped('gltf');
  expect(before.engines.gltf!.skipped).toBe(1);
});

it('tells how long ago the last frame was, also when the clock was set meanwhile', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const tally = createTally();
  expect(tally.lastFrameAt).toBeNull();
  tally.frameRendered('gltf', 1, 1);
  expect(tally.lastFrameAt).toBe(Date.now());
  vi.advanceTimersByTime(5_000);
  vi.setSystemTime(Date.now() + 3_600_000);
  expect(Date.now() - tally.lastFrameAt!).toBe(5_000);
});

it('counts what machines did, and those beyond a number together', () => {
  const tally = createTally();
  tally.frameRendered('gltf', 3, 2, 'left');
  tally.frameRendered('gltf', 1, 9);
  tally.leaseLost('left');
  tally.deliveryRefused('left');
  tally.delivered('left', 300);
  tally.delivered('left', 20);
  const { machines, engines } = tally.totals();
  expect(machines).toEqual({
    left: { rendered: 1, frameSeconds: 2, leasesLost: 1, deliveriesRefused: 1, deliveredBytes: 320 },
  });
  expect(engines.gltf!.rendered).toBe(2);
  for (let number = 0; number < MAX_COUNTED_MACHINES + 9; number++) tally.leaseLost(`node-${number}`);
  const counted = tally.totals().machines;
  expect(Object.keys(counted)).toHaveLength(MAX_COUNTED_MACHINES + 1);
  expect(counted[OTHER_MACHINES]!.leasesLost).toBe(10);
});
