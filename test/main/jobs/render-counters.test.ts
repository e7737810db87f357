import { expect, it, onTestFinished, vi } from 'vitest';
import { createRenderCounters } from '../../../src/main/jobs/render-counters';
import { MAX_COUNTED_MACHINES, MAX_COUNTED_SLOTS, OTHER_MACHINES, OTHER_SLOTS } from '../../../src/shared/totals';

it('counts how jobs end, and what workers did', () => {
  const counters = createRenderCounters();
  expect(counters.totals().jobs.completedWithFailures).toBe(0);
  for (const state of ['completed', 'failed', 'completed', 'cancelled'] as const) counters.jobEnded(state);
  counters.jobEnded('completed', true);
  counters.used(1, 0.5);
  counters.restarted(1, 'memory');
  const { jobs, slots } = counters.totals();
  expect(jobs).toEqual({ completed: 3, completedWithFailures: 1, failed: 1, cancelled: 1 });
  expect(slots[1]).toMatchObject({ cpuSeconds: 0.5, restarts: { memory: 1, crash: 0 } });
});

it('counts the time of a worker as it passes, and each second once', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const counters = createRenderCounters();
  const busy = (): number | undefined => counters.totals().slots[3]?.busySeconds;
  counters.busy(3, true);
  vi.advanceTimersByTime(600_000);
  expect(busy()).toBe(600);
  vi.advanceTimersByTime(1_000);
  counters.busy(3, false);
  counters.busy(3, false);
  vi.advanceTimersByTime(5_000);
  expect(busy()).toBe(601);
  counters.busy(3, true);
  expect(busy()).toBe(601);
});

it('counts slots beyond a number together', () => {
  const counters = createRenderCounters();
  for (let slot = 1; slot <= MAX_COUNTED_SLOTS + 9; slot++) counters.used(slot, 2);
  const { slots } = counters.totals();
  expect(Object.keys(slots)).toHaveLength(MAX_COUNTED_SLOTS + 1);
  expect(slots[OTHER_SLOTS]!.cpuSeconds).toBe(18);
});

it('hands out copies, which do not change', () => {
  const counters = createRenderCounters();
  counters.frames.skipped('gltf');
  const before = counters.totals();
  counters.frames.skipped('gltf');
  expect(before.engines.gltf!.skipped).toBe(1);
});

it('counts what machines did, and those beyond a number together', () => {
  const counters = createRenderCounters();
  counters.frames.rendered('gltf', 3, 2, 'left');
  counters.leaseLost('left');
  counters.deliveryRefused('left');
  counters.delivered('left', 300);
  counters.delivered('left', 20);
  const { machines } = counters.totals();
  expect(machines).toEqual({
    left: { rendered: 1, frameSeconds: 2, leasesLost: 1, deliveriesRefused: 1, deliveredBytes: 320 },
  });
  for (let number = 0; number < MAX_COUNTED_MACHINES + 9; number++) counters.leaseLost(`node-${number}`);
  const counted = counters.totals().machines;
  expect(Object.keys(counted)).toHaveLength(MAX_COUNTED_MACHINES + 1);
  expect(counted[OTHER_MACHINES]!.leasesLost).toBe(10);
});
