import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecorder, type QueueReading, type Recorder } from '../../../src/main/statistics/recorder';
import type { LifecycleEvent, LifecycleEventName } from '../../../src/shared/lifecycle';
import {
  type FrameFailure,
  type FrameTime,
  MAX_FAILURES_KEPT,
  MAX_FRAME_TIMES_KEPT,
  MAX_SAMPLES_KEPT,
  type StatisticsSample,
} from '../../../src/shared/statistics';

const START = 1_000_000;
const JOB = { id: 7, name: 'film', state: 'rendering' };
const IDLE: QueueReading = {
  active: false,
  framesLeft: 0,
  rendering: 0,
  processor: 0.25,
  workers: [],
  jobs: [],
  disks: [],
};
const BUSY: QueueReading = {
  active: true,
  framesLeft: 10,
  rendering: 2,
  workers: [
    { slot: 1, residentBytes: 5e8, processor: 0.5, job: 7 },
    { slot: 2, residentBytes: null, processor: null, job: null },
  ],
  processor: 0.75,
  jobs: [{ id: 7, framesLeft: 10, framesPerMinute: 12 }],
  disks: [{ mountPoint: '/', freeBytes: 1e9, sizeBytes: 2e9 }],
};

describe('the recorder', () => {
  let reading: QueueReading | Error;
  let told: { sample: StatisticsSample; frameTimes: FrameTime[]; failures: FrameFailure[] }[];
  let reads: number;
  let recorder: Recorder;

  beforeEach(() => {
    vi.useFakeTimers({ now: START });
    reading = BUSY;
    told = [];
    reads = 0;
    recorder = createRecorder({
      async read() {
        reads++;
        if (reading instanceof Error) throw reading;
        return reading;
      },
      onSample: (sample, frameTimes, failures) => told.push({ sample, frameTimes, failures }),
    });
  });
  afterEach(() => {
    recorder.close();
    vi.useRealTimers();
  });

  let seq = 0;
  function see(name: LifecycleEventName, fields: Partial<LifecycleEvent> = {}): void {
    recorder.see({ name, seq: ++seq, time: Date.now(), ...fields });
  }
  const written = (frame: number, seconds = 0.5): void => see('render_write', { job: JOB, frame, seconds, worker: 1 });
  const failed = (frame: number, reason = 'It crashed.', job = JOB): void =>
    see('frame_failed', { job, frame, worker: 2, attempt: 3, reason });
  const times = (): number[] => told.map(({ sample }) => sample.time - START);

  it('has no timer before anything happens', async () => {
    expect(vi.getTimerCount()).toBe(0);
    see('load_post');
    see('worker_state', { state: 'idle' });
    expect(vi.getTimerCount()).toBe(0);
    expect(recorder.statistics()).toEqual({ now: START, samples: [], frameTimes: [], failures: [] });
  });

  it('samples when a job begins, every two seconds while it renders, and once when it ends; then no timer is left', async () => {
    see('job_state');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(times()).toEqual([0, 2_000, 4_000]);
    reading = IDLE;
    see('job_state');
    see('queue_idle');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times()).toEqual([0, 2_000, 4_000, 5_000]);
    expect(told.at(-1)!.sample).toEqual({
      time: START + 5_000,
      framesPerMinute: 0,
      framesLeft: 0,
      rendering: 0,
      processor: 0.25,
      workers: [],
      jobs: [],
      disks: [],
    });
    expect(vi.getTimerCount()).toBe(0);
    see('worker_state', { state: 'gone' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times()).toEqual([0, 2_000, 4_000, 5_000, 65_000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes at most one sample a second, however much changes, and the last change is seen', async () => {
    for (let step = 0; step < 40; step++) {
      reading = { ...IDLE, framesLeft: step };
      see('job_queued');
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(times()).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    expect(told.at(-1)!.sample.framesLeft).toBe(39);
  });

  it('tells each written frame once, with the sample that follows it, and the pace of all', async () => {
    see('job_state');
    await vi.advanceTimersByTimeAsync(0);
    expect(told[0]!.sample.framesPerMinute).toBeNull();
    for (let frame = 1; frame <= 4; frame++) {
      await vi.advanceTimersByTimeAsync(500);
      written(frame, frame / 10);
    }
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.map(({ frameTimes }) => frameTimes.map(({ frame }) => frame))).toEqual([[], [1, 2, 3], [4]]);
    expect(told[1]!.sample).toEqual({
      time: START + 2_000,
      framesPerMinute: 120,
      framesLeft: 10,
      rendering: 2,
      processor: 0.75,
      workers: BUSY.workers,
      jobs: BUSY.jobs,
      disks: BUSY.disks,
    });
    expect(recorder.statistics().frameTimes[3]).toEqual({
      time: START + 2_000,
      seconds: 0.4,
      job: 7,
      frame: 4,
      slot: 1,
    });
  });

  it('tells each failed attempt once, and keeps a bounded number, each with a short reason', async () => {
    see('job_state');
    await vi.advanceTimersByTimeAsync(500);
    failed(5);
    await vi.advanceTimersByTimeAsync(2_000);
    failed(6, 'x'.repeat(5_000));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.map(({ failures }) => failures.map(({ frame }) => frame))).toEqual([[], [5], [6]]);
    const { failures } = recorder.statistics();
    expect(failures[0]).toEqual({ time: START + 500, job: 7, frame: 5, slot: 2, attempt: 3, reason: 'It crashed.' });
    expect(failures[1]!.reason.length).toBe(300);
    for (let frame = 1; frame <= MAX_FAILURES_KEPT + 5; frame++) failed(frame);
    expect([recorder.statistics().failures.length, recorder.statistics().failures[0]!.frame]).toEqual([
      MAX_FAILURES_KEPT,
      6,
    ]);
  });

  it('answers the frames and failures of one job, with the samples of all', async () => {
    see('job_state');
    await vi.advanceTimersByTimeAsync(100);
    written(1);
    failed(2);
    failed(3, 'It hung.', { ...JOB, id: 8 });
    const one = recorder.statistics(undefined, 8);
    expect([one.samples.length, one.frameTimes, one.failures.map(({ frame }) => frame)]).toEqual([1, [], [3]]);
    expect(recorder.statistics().failures.length).toBe(2);
  });

  it('begins a new pace after a pause', async () => {
    see('job_state');
    written(1);
    await vi.advanceTimersByTimeAsync(500);
    written(2);
    reading = IDLE;
    see('job_state');
    await vi.advanceTimersByTimeAsync(10_000);
    reading = BUSY;
    see('job_state');
    await vi.advanceTimersByTimeAsync(100);
    written(3);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.at(-1)!.sample.framesPerMinute).toBeNull();
  });

  it('answers what is newer than a time', async () => {
    see('job_state');
    await vi.advanceTimersByTimeAsync(1_000);
    written(1);
    await vi.advanceTimersByTimeAsync(3_000);
    written(2);
    const since = recorder.statistics(START + 2_000);
    expect(since.now).toBe(START + 4_000);
    expect(since.samples.map(({ time }) => time - START)).toEqual([4_000]);
    expect(since.frameTimes.map(({ frame }) => frame)).toEqual([2]);
  });

  it('keeps a bounded number', async () => {
    see('job_state');
    await vi.advanceTimersByTimeAsync(2_000 * (MAX_SAMPLES_KEPT + 10));
    for (let frame = 1; frame <= MAX_FRAME_TIMES_KEPT + 10; frame++) written(frame);
    const { samples, frameTimes } = recorder.statistics();
    expect([samples.length, frameTimes.length, frameTimes[0]!.frame]).toEqual([
      MAX_SAMPLES_KEPT,
      MAX_FRAME_TIMES_KEPT,
      11,
    ]);
    expect(samples.at(-1)!.time - samples[0]!.time).toBeGreaterThanOrEqual(60 * 60_000);
  });

  it('goes on after a reading failed, and tells the frames with the next one', async () => {
    see('job_state');
    await vi.advanceTimersByTimeAsync(0);
    reading = new Error('unreadable');
    written(1);
    await vi.advanceTimersByTimeAsync(4_500);
    expect(times()).toEqual([0]);
    reading = BUSY;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(times()).toEqual([0, 6_000]);
    expect(told[1]!.frameTimes.map(({ frame }) => frame)).toEqual([1]);
  });

  it('takes no sample after it was closed', async () => {
    see('job_state');
    recorder.close();
    await vi.advanceTimersByTimeAsync(10_000);
    see('job_state');
    await vi.advanceTimersByTimeAsync(10_000);
    expect([reads, told.length, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });
});
