import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Worker, WorkerUsage } from '../../../../src/main/engines/render-engine';
import { createRenderCounters } from '../../../../src/main/jobs/render-counters';
import { WorkerSlot } from '../../../../src/main/jobs/workers/worker-slot';
import type { WorkerInfo } from '../../../../src/shared/workers';
import { paperEngine } from '../../../helpers/paper-engine';

/** Slot 3 with an idle worker, on a clock that stands still until it is set. */
async function makeSlot(readings: (WorkerUsage | null)[] = []) {
  const worker = await paperEngine().startWorker('');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const counters = createRenderCounters();
  const slot = new WorkerSlot(3, { engine: 'gltf', setup: 'a' }, counters);
  const told: WorkerInfo['state'][] = [];
  let stops = 0;
  slot.follow(({ state }) => told.push(state));
  slot.worker = {
    ...worker,
    usage: () => Promise.resolve(readings.shift() ?? null),
    stop: () => (stops++, worker.stop()),
  } satisfies Worker;
  slot.makeIdle(0);
  return { slot, counters, told, stops: () => stops, counted: () => counters.totals().slots[3] };
}

it('is of its engine and of what its worker was started with', async () => {
  const { slot } = await makeSlot();
  expect([
    slot.isOf({ engine: 'gltf', setup: 'a' }),
    slot.isOf({ engine: 'gltf', setup: 'b' }),
    slot.isOf({ engine: 'blender', setup: 'a' }),
  ]).toEqual([true, false, false]);
});

describe('a worker', () => {
  it('can be taken when it is idle, and not before or twice', async () => {
    const { slot } = await makeSlot();
    const starting = new WorkerSlot(4, slot.kind, createRenderCounters());
    expect(() => starting.take('/scene', 1, 2)).toThrow('Worker 4 is not idle.');
    expect(slot.take('/scene', 1, 2)).toBe(slot.worker);
    expect(slot.info).toMatchObject({ state: 'rendering', scene: '/scene', jobId: 1, frame: 2 });
    expect(() => slot.take('/scene', 1, 3)).toThrow('Worker 3 is not idle.');
  });

  it('keeps its scene when it is idle again, and how many frames it delivered', async () => {
    const { slot, told } = await makeSlot();
    slot.take('/scene', 1, 2);
    slot.makeIdle(1);
    expect(slot.info).toMatchObject({ state: 'idle', scene: '/scene', jobId: null, frame: null, framesDone: 1 });
    slot.take('/scene', 1, 3);
    slot.makeIdle(0);
    expect(slot.info.framesDone).toBe(1);
    expect(told).toEqual(['starting', 'idle', 'rendering', 'idle', 'rendering', 'idle']);
  });

  it('is at work from when it is taken until it is idle, is stopped or is gone', async () => {
    const { slot, counted } = await makeSlot();
    vi.advanceTimersByTime(5_000);
    slot.take('/scene', 1, 2);
    vi.advanceTimersByTime(2_000);
    slot.makeIdle(1);
    vi.advanceTimersByTime(5_000);
    expect(counted()!.busySeconds).toBe(2);
    slot.take('/scene', 1, 3);
    vi.advanceTimersByTime(1_000);
    expect(counted()!.busySeconds).toBe(3);
    slot.gone();
    vi.advanceTimersByTime(1_000);
    expect(counted()!.busySeconds).toBe(3);
  });

  it('that is stopped twice is stopped once, and its time is counted once', async () => {
    const { slot, counted, stops } = await makeSlot();
    slot.take('/scene', 1, 2);
    vi.advanceTimersByTime(2_000);
    await Promise.all([slot.stop(), slot.stop()]);
    slot.gone();
    expect([stops(), slot.state, counted()!.busySeconds]).toEqual([1, 'stopping', 2]);
  });
});

describe('a worker that stands idle', () => {
  it('is stopped after a minute', async () => {
    const { stops } = await makeSlot();
    vi.advanceTimersByTime(59_999);
    expect(stops()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(stops()).toBe(1);
  });

  it.each<[string, (slot: WorkerSlot) => unknown, number]>([
    ['taken', (slot) => slot.take('/scene', 1, 2), 0],
    ['stopped', (slot) => slot.stop(), 1],
    ['gone', (slot) => slot.gone(), 0],
  ])('is left alone where it is %s', async (_what, happen, wanted) => {
    const { slot, stops } = await makeSlot();
    void happen(slot);
    vi.advanceTimersByTime(120_000);
    expect(stops()).toBe(wanted);
  });
});

describe('what a worker uses', () => {
  const usage = (cpuSeconds: number): WorkerUsage => ({ cpuSeconds, residentBytes: 1 });

  it('is what was read last, never less than before, and counted once when it is read', async () => {
    const { slot, counted } = await makeSlot([usage(3), null, usage(2), usage(5)]);
    const seen: (number | undefined)[][] = [];
    for (let reading = 0; reading < 4; reading++) seen.push([(await slot.usage())?.cpuSeconds, counted()?.cpuSeconds]);
    expect(seen).toEqual([
      [3, 3],
      [3, 3],
      [3, 3],
      [5, 5],
    ]);
    slot.gone();
    expect(counted()!.cpuSeconds).toBe(5);
  });

  it('is unknown where it can’t be read', async () => {
    const { slot, counted } = await makeSlot();
    expect(await slot.usage()).toBeNull();
    slot.gone();
    expect(counted()).toBeUndefined();
  });
});
