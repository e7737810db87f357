import { expect, it, onTestFinished, vi } from 'vitest';
import { createFrameCounters } from '../../../src/main/jobs/frame-counters';
import {
  type EngineTotals,
  FRAME_SECONDS_BUCKETS,
  type MachineTotals,
  type SlotTotals,
  emptyEngineTotals,
  emptyMachineTotals,
  emptySlotTotals,
} from '../../../src/shared/totals';

/** Counters of frames, and the totals that they count in. */
function makeCounters() {
  const engines: Record<string, EngineTotals> = {};
  const slots: Record<number, SlotTotals> = {};
  const machines: Record<string, MachineTotals> = {};
  const counters = createFrameCounters({
    engines,
    ofSlot: (slot) => (slots[slot] ??= emptySlotTotals()),
    ofMachine: (name) => (machines[name] ??= emptyMachineTotals()),
  });
  return { counters, engines, slots, machines };
}

it('counts a frame with its engine and its slot, and its time in the first bucket that holds it', () => {
  const { counters, engines, slots } = makeCounters();
  const [last] = FRAME_SECONDS_BUCKETS.slice(-1);
  for (const seconds of [0.001, FRAME_SECONDS_BUCKETS[2]!, last!, last! + 1]) counters.rendered('gltf', 2, seconds);
  counters.skipped('gltf');
  counters.skipped('blender');
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
  const { counters, engines, slots } = makeCounters();
  counters.tryFailed('gltf', 1, 'crash', false);
  counters.tryFailed('gltf', 1, 'crash', true);
  counters.tryFailed('gltf', 2, 'image', true);
  expect(engines.gltf).toEqual({
    ...emptyEngineTotals(),
    retried: 1,
    failed: { ...emptyEngineTotals().failed, crash: 1, image: 1 },
  });
  expect([slots[1]!.errors, slots[2]!.errors]).toEqual([2, 1]);
});

it('tells how long ago the last frame was, also when the clock was set meanwhile', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { counters } = makeCounters();
  expect(counters.lastRenderedAt).toBeNull();
  counters.rendered('gltf', 1, 1);
  expect(counters.lastRenderedAt).toBe(Date.now());
  vi.advanceTimersByTime(5_000);
  vi.setSystemTime(Date.now() + 3_600_000);
  expect(Date.now() - counters.lastRenderedAt!).toBe(5_000);
});

it('counts a frame of another machine with its machine, too', () => {
  const { counters, engines, machines } = makeCounters();
  counters.rendered('gltf', 3, 2, 'left');
  counters.rendered('gltf', 3, null, 'left');
  counters.rendered('gltf', 1, 9);
  expect(machines).toEqual({ left: { ...emptyMachineTotals(), rendered: 2, frameSeconds: 2 } });
  expect(engines.gltf!.rendered).toBe(3);
});
