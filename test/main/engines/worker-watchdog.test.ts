import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkerExit } from '../../../src/main/engines/render-engine';
import {
  type WatchedWorker,
  type WorkerWatchdog,
  createWorkerWatchdog,
  preferredTimeouts,
  workerReady,
} from '../../../src/main/engines/worker-watchdog';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

interface Watched {
  readonly watchdog: WorkerWatchdog;
  readonly ends: WorkerExit[];
  /** What the worker does when it is asked for a sign of life. */
  answer: () => void;
  pings: number;
}

/** A worker that has to answer within 60 s and to get on within 600 s. It answers pings until a test says otherwise. */
function watch(change: Partial<WatchedWorker> = {}): Watched {
  const ends: WorkerExit[] = [];
  const watchdog = createWorkerWatchdog({
    name: 'Painter',
    timeouts: { response: 60, progress: 600 },
    ping() {
      watched.pings++;
      watched.answer();
    },
    end: (exit) => ends.push(exit),
    ...change,
  });
  const watched: Watched = { watchdog, ends, pings: 0, answer: () => watchdog.heard() };
  return watched;
}

describe('a worker', () => {
  it('lives as long as it answers, with a frame that gets on and without one', async () => {
    const { watchdog, ends } = watch();
    watchdog.start();
    await pass(3_600);
    watchdog.frameStarted(1);
    for (let step = 0; step < 6; step++) {
      await pass(590);
      watchdog.progressed();
    }
    watchdog.frameEnded();
    await pass(3_600);
    expect(ends).toEqual([]);
  });

  it('is asked every five seconds, and more often where it has less time', async () => {
    const usual = watch();
    usual.watchdog.start();
    const short = watch({ timeouts: { response: 8, progress: 600 } });
    short.watchdog.start();
    await pass(20);
    expect([usual.pings, short.pings]).toEqual([4, 10]);
  });

  it('is ended when it does not answer, once', async () => {
    const watched = watch();
    watched.watchdog.start();
    watched.answer = () => undefined;
    await pass(60);
    expect(watched.ends).toEqual([]);
    await pass(3_600);
    expect(watched.ends).toEqual([{ reason: 'timeout', message: 'Painter did not answer for 60 s.' }]);
  });

  it('answers by whatever it says', async () => {
    const watched = watch();
    watched.answer = () => undefined;
    watched.watchdog.start();
    await pass(50);
    watched.watchdog.heard();
    await pass(50);
    watched.watchdog.progressed();
    await pass(50);
    expect(watched.ends).toEqual([]);
    await pass(15);
    expect(watched.ends).toHaveLength(1);
  });

  it('is ended when it answers and its frame does not get on', async () => {
    const { watchdog, ends } = watch();
    watchdog.start();
    await pass(1_000);
    watchdog.frameStarted(7);
    await pass(600);
    expect(ends).toEqual([]);
    await pass(5);
    const message = 'Painter made no progress for 600 s while it rendered frame 7, although it answered.';
    expect(ends).toEqual([{ reason: 'timeout', message }]);
  });

  it('is left alone before it is up, and when it is gone', async () => {
    const watched = watch();
    watched.answer = () => undefined;
    await pass(3_600);
    watched.watchdog.start();
    watched.watchdog.stop();
    await pass(3_600);
    expect(watched).toMatchObject({ ends: [], pings: 0 });
  });

  it('is not blamed for the time in which the host itself was stopped', async () => {
    vi.useRealTimers();
    const watched = watch({ timeouts: { response: 0.2, progress: 600 } });
    watched.watchdog.start();
    watched.watchdog.frameStarted(7);
    // Nothing of this process goes on meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    await expect.poll(() => watched.pings, { interval: 5 }).toBeGreaterThan(1);
    expect(watched.ends).toEqual([]);
    watched.answer = () => undefined;
    await expect.poll(() => watched.ends).toHaveLength(1);
  });

  it('tells what it is at', () => {
    const { watchdog } = watch();
    expect(watchdog.doing()).toBe('');
    watchdog.frameStarted(3);
    expect(watchdog.doing()).toBe(' while it rendered frame 3');
    watchdog.frameEnded();
    expect(watchdog.doing()).toBe('');
  });
});

describe('the memory of a worker', () => {
  const limit = 600 << 20;

  it('is looked at every second, and ends it above its limit', async () => {
    let held: number | null = null;
    const { watchdog, ends } = watch({ memory: { limit, held: async () => held, advice: 'use less' } });
    watchdog.start();
    await pass(10);
    held = limit;
    await pass(10);
    expect(ends).toEqual([]);
    watchdog.frameStarted(2);
    held = 700 << 20;
    await pass(1);
    const message =
      'Painter held 700 MB of memory while it rendered frame 2, more than the 600 MB that it may: use less.';
    expect(ends).toEqual([{ reason: 'memory', message }]);
  });

  it('is of no interest once it is gone', async () => {
    let answer: (held: number) => void = () => undefined;
    const held = (): Promise<number> => new Promise((resolve) => (answer = resolve));
    const { watchdog, ends } = watch({ memory: { limit, held, advice: 'use less' } });
    watchdog.start();
    await pass(1);
    watchdog.stop();
    answer(limit * 2);
    await pass(10);
    expect(ends).toEqual([]);
  });
});

describe('a worker that starts', () => {
  const starting = { timeout: 60, name: 'The painter', otherCause: 'its brush is broken' };
  const never = new Promise<never>(() => undefined);

  it('is there when it says so', async () => {
    expect(await workerReady({ ...starting, ready: Promise.resolve('1.0'), exited: never })).toBe('1.0');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails as it says itself', async () => {
    const ready = Promise.reject(new Error('There is no paint.'));
    await expect(workerReady({ ...starting, ready, exited: never })).rejects.toThrow('There is no paint.');
  });

  it('fails when it ends', async () => {
    const exited = Promise.resolve<WorkerExit>({ reason: 'exit', message: 'It went home.' });
    await expect(workerReady({ ...starting, ready: never, exited })).rejects.toThrow(
      'The painter did not start: It went home.',
    );
  });

  it('fails when it takes too long', async () => {
    const late = expect(workerReady({ ...starting, ready: never, exited: never })).rejects.toThrow(
      'The painter did not start within 60 s: the machine is overloaded, or its brush is broken.',
    );
    await pass(60);
    await late;
  });

  it('is not blamed for the time in which the host itself was stopped', async () => {
    vi.useRealTimers();
    let sayReady: (version: string) => void = () => undefined;
    const ready = new Promise<string>((resolve) => (sayReady = resolve));
    const started = workerReady({ ...starting, timeout: 0.4, ready, exited: never });
    // Nothing of this process goes on meanwhile; what the worker said is read after the timers.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900);
    setTimeout(() => sayReady('1.0'), 1);
    expect(await started).toBe('1.0');
    const late = workerReady({ ...starting, timeout: 0.1, ready: never, exited: never });
    await expect(late).rejects.toThrow('did not start within 0.1 s');
  });
});

it('goes by the preferences, which are in seconds and in minutes', () => {
  expect(preferredTimeouts({ 'render.workerTimeout': 90, 'queue.stuckMinutes': 2 })).toEqual({
    response: 90,
    progress: 120,
  });
});
