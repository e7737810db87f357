import { expect, it, onTestFinished, vi } from 'vitest';
import { createRenderCounters } from '../../src/main/jobs/render-counters';
import { subtractTotals, totalsSchema } from '../../src/shared/totals';

it('what happened between two pictures is their difference, new engines, slots and add-ons included', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const counters = createRenderCounters();
  const picture = (addons = {}): Parameters<typeof subtractTotals>[0] =>
    totalsSchema.parse({ ...counters.totals(), addons });
  counters.frames.rendered('gltf', 1, 0.02);
  counters.jobEnded('failed');
  const before = picture();
  counters.frames.rendered('gltf', 1, 0.02);
  counters.frames.rendered('blender', 2, 7200);
  counters.frames.tryFailed('gltf', 1, 'crash', false);
  counters.frames.tryFailed('gltf', 1, 'image', true);
  counters.frames.skipped('gltf');
  counters.restarted(1, 'crash');
  counters.busy(2, true);
  vi.advanceTimersByTime(1_500);
  const between = subtractTotals(picture({ one: { handlerSeconds: 1, handlerErrors: 2, restarts: 0 } }), before);
  expect(between.jobs).toEqual({ completed: 0, completedWithFailures: 0, failed: 0, cancelled: 0 });
  expect(between.engines.gltf).toMatchObject({
    rendered: 1,
    retried: 1,
    skipped: 1,
    failed: { crash: 0, image: 1 },
    frameSeconds: { sum: expect.closeTo(0.02, 10) as unknown },
  });
  expect(between.engines.gltf!.frameSeconds.counts.slice(0, 3)).toEqual([0, 1, 0]);
  // Longer than the last bound.
  expect(between.engines.blender!.frameSeconds.counts.at(-1)).toBe(1);
  expect(between.slots).toMatchObject({
    1: { frames: 1, errors: 2, restarts: { crash: 1 } },
    2: { frames: 1, busySeconds: 1.5 },
  });
  expect(between.addons).toEqual({ one: { handlerSeconds: 1, handlerErrors: 2, restarts: 0 } });
  expect(subtractTotals(before, before).engines.gltf!.rendered).toBe(0);
});

it('what is counted anew goes on from 0: the counts of an add-on that was installed again', () => {
  const picture = (handlerSeconds: number, restarts: number): Parameters<typeof subtractTotals>[0] =>
    totalsSchema.parse({
      ...createRenderCounters().totals(),
      addons: { one: { handlerSeconds, handlerErrors: 2, restarts } },
    });
  expect(subtractTotals(picture(0.5, 0), picture(3, 0)).addons).toEqual({
    one: { handlerSeconds: 0.5, handlerErrors: 0, restarts: 0 },
  });
});
