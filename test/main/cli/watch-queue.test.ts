import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-api';
import type { Job, QueueInfo } from '../../../src/shared/jobs';
import type { HostConnection } from '../../../src/main/cli/host-connection';
import { isOver, watchQueue } from '../../../src/main/cli/watch-queue';
import { sampleJob } from '../../helpers/samples';

const queued = (id: number, change: Partial<Job> = {}): Job => sampleJob({ id, state: 'queued', ...change });

const running: QueueInfo = { state: 'running', reason: null, secondsLeft: null, secondsLeftP90: null };
const paused: QueueInfo = { ...running, state: 'paused' };

describe('a queue', () => {
  it.each<[string, Job[], boolean]>([
    ['that is empty', [], true],
    ['with a job in work', [sampleJob()], false],
    ['with a job whose turn will come', [queued(1)], false],
    ['with paused jobs only', [sampleJob({ state: 'paused' })], true],
    [
      'with a job that waits for one in work',
      [sampleJob({ id: 1 }), queued(2, { after: [1], waitsFor: 'job 1' })],
      false,
    ],
    [
      'with a job that waits for a paused one',
      [sampleJob({ id: 1, state: 'paused' }), queued(2, { after: [1], waitsFor: 'job 1' })],
      true,
    ],
    ['with a job that waits for one that failed', [queued(2, { after: [1], waitsFor: 'job 1 failed' })], true],
    [
      'with a job that waits for one that waits for one that failed',
      [queued(2, { after: [1], waitsFor: 'job 1 failed' }), queued(3, { after: [2], waitsFor: 'job 2' })],
      true,
    ],
    [
      'with jobs that wait for each other',
      [queued(1, { after: [2], waitsFor: 'job 2' }), queued(2, { after: [1], waitsFor: 'job 1' })],
      true,
    ],
    [
      'with a job that starts later',
      [queued(1, { startAt: Date.now() + 60_000, waitsFor: 'not before 22:00' })],
      false,
    ],
    [
      'with a job that starts later, after one that completed',
      [queued(2, { after: [1], startAt: Date.now() + 60_000, waitsFor: 'not before 22:00' })],
      false,
    ],
    ['that waits for room on the disk', [queued(1, { waitsFor: 'the disk is nearly full' })], false],
  ])('%s', (_what, jobs, over) => expect(isOver(jobs, running)).toBe(over));

  it('that a person paused is over when nothing renders, one that the program holds is not', () => {
    expect(isOver([queued(1)], paused)).toBe(true);
    expect(isOver([sampleJob(), queued(2)], { ...paused, state: 'after-frame' })).toBe(false);
    expect(isOver([queued(1)], { ...paused, reason: 'the disk is full' })).toBe(false);
  });
});

/** A host whose events the test tells. */
function toldHost(
  jobs: Job[],
  queue: QueueInfo = running,
): { host: HostConnection; tell(event: HostEvent): void; lose(): void } {
  const listeners = new Set<(event: HostEvent) => void>();
  let lose: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => (lose = resolve));
  const answers: Record<string, unknown> = {
    'queue.get': queue,
    'job.list': { jobs, total: jobs.length },
  };
  return {
    host: {
      call: ((operation: string) => Promise.resolve(answers[operation])) as HostConnection['call'],
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      lost,
      close: () => Promise.resolve(),
    },
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
    lose,
  };
}

describe('watching', () => {
  const full = { total: 48, waiting: 0, rendering: 0, done: 48, failed: 0, skipped: 0 };
  const watch = (
    host: HostConnection,
    signal = new AbortController().signal,
  ): { lines: string[]; events: string[]; end: ReturnType<typeof watchQueue> } => {
    const lines: string[] = [];
    const events: string[] = [];
    const end = watchQueue(
      host,
      { line: (text) => lines.push(text), event: (event) => events.push(event.type), update: () => undefined },
      signal,
    );
    return { lines, events, end };
  };

  it('ends with the last job, and tells what changed meanwhile, events that overtook the list included', async () => {
    const { host, tell } = toldHost([sampleJob({ id: 1 }), queued(2)]);
    const { lines, events, end } = watch(host);
    // Before the list has come.
    tell({ type: 'job', job: sampleJob({ id: 1, state: 'completed', frames: full }) });
    await Promise.resolve();
    tell({ type: 'job', job: sampleJob({ id: 2, state: 'rendering' }) });
    tell({ type: 'job', job: sampleJob({ id: 2, state: 'rendering', lastFrame: 3 }) });
    tell({ type: 'job', job: sampleJob({ id: 9, state: 'completed' }) });
    tell({
      type: 'job',
      job: sampleJob({ id: 2, state: 'completed', frames: { ...full, done: 47, failed: 1 }, reason: '1 frame failed' }),
    });
    expect(await end).toEqual({ end: 'over', whole: false, left: [] });
    expect(lines).toEqual([
      'Job 1 (turntable): completed, 48/48 frames',
      'Job 2 (turntable): rendering, 0/48 frames',
      'Job 2 (turntable): with failures, 47/48 frames; 1 frame failed',
    ]);
    expect(events).toEqual(['queue', 'job', 'job', 'job', 'job', 'job', 'job']);
  });

  it('tells why nothing happens, once, and ends where a person paused the queue', async () => {
    const { host, tell } = toldHost([queued(1)], { ...paused, reason: 'the disk is full' });
    const { lines, end } = watch(host);
    await new Promise((resolve) => setImmediate(resolve));
    for (const secondsLeft of [60, 59])
      tell({ type: 'queue', queue: { ...paused, reason: 'the disk is full', secondsLeft } });
    tell({ type: 'queue', queue: running });
    tell({ type: 'queue', queue: paused });
    expect(await end).toMatchObject({ end: 'over', left: [{ id: 1 }] });
    expect(lines).toEqual([
      'The queue is paused (the disk is full).',
      'The queue runs.',
      'The queue is paused. “framegauge queue resume” lets it go on.',
    ]);
  });

  it('shows how it stands before it says what is new', async () => {
    const { host, tell } = toldHost([sampleJob({ id: 1 })]);
    const seen: string[] = [];
    const end = watchQueue(
      host,
      { line: (text) => seen.push(text), event: () => undefined, update: (jobs) => seen.push(`${jobs.length} left`) },
      new AbortController().signal,
    );
    await new Promise((resolve) => setImmediate(resolve));
    tell({ type: 'job', job: sampleJob({ id: 1, state: 'completed', frames: full }) });
    await end;
    expect(seen).toEqual(['1 left', '0 left', 'Job 1 (turntable): completed, 48/48 frames']);
  });

  it('ends on Ctrl+C with what is left', async () => {
    const { host } = toldHost([sampleJob({ id: 1 })]);
    const stop = new AbortController();
    const { end } = watch(host, stop.signal);
    stop.abort();
    expect(await end).toMatchObject({ end: 'left', left: [{ id: 1 }] });
  });

  it('fails when the host ends', async () => {
    const { host, lose } = toldHost([sampleJob({ id: 1 })]);
    const { end } = watch(host);
    lose();
    await expect(end).rejects.toThrow(/^The host ended before its queue did/);
  });
});
