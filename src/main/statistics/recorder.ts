import type { LifecycleEvent } from '../../shared/lifecycle';
import {
  type FrameFailure,
  type FrameTime,
  MAX_FAILURES_KEPT,
  MAX_FRAME_TIMES_KEPT,
  MAX_SAMPLES_KEPT,
  type Statistics,
  type StatisticsSample,
} from '../../shared/statistics';
import { createQueuePace } from './queue-pace';
import { createRing } from './ring';

/** Sampling interval while something renders, in milliseconds. */
const BEAT = 2_000;
/** Minimum interval between two samples, in milliseconds. */
const LEAST = 1_000;

/** Maximum length of a kept reason, in characters. */
const MAX_REASON = 300;

/** The data of a sample, apart from the throughput. */
export type QueueReading = Omit<StatisticsSample, 'time' | 'framesPerMinute'> & {
  /** Whether any job is rendering. */
  readonly active: boolean;
};

export interface RecorderOptions {
  /** Reads the present state. May be slow; an error skips one sample. */
  read(): Promise<QueueReading>;
  /** Called with each sample, and the frames written and attempts failed since the previous one. */
  onSample(sample: StatisticsSample, frameTimes: FrameTime[], failures: FrameFailure[]): void;
}

/** Keeps recent statistics in memory. */
export interface Recorder {
  /** To be called with every lifecycle event. */
  see(event: LifecycleEvent): void;
  /**
   * @param since excludes older data, in milliseconds since 1970
   * @param job excludes frames and failures of other jobs
   */
  statistics(since?: number, job?: number): Statistics;
  close(): void;
}

/** Samples the queue while something renders, and when something starts or ends. An idle host runs no timer for it. */
export function createRecorder({ read, onSample }: RecorderOptions): Recorder {
  const samples = createRing<StatisticsSample>(MAX_SAMPLES_KEPT);
  const frameTimes = createRing<FrameTime>(MAX_FRAME_TIMES_KEPT);
  const failures = createRing<FrameFailure>(MAX_FAILURES_KEPT);
  const pace = createQueuePace();
  let untold: FrameTime[] = [];
  let untoldFailures: FrameFailure[] = [];
  let timer: NodeJS.Timeout | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  let sampledAt = Number.NEGATIVE_INFINITY;
  let sampling = false;
  /** Something changed while a sample was being read. */
  let again = false;
  let closed = false;

  function wake(delay: number): void {
    // A monotonic clock, unaffected by changes to the system time.
    const at = performance.now() + delay;
    if (closed || at >= dueAt) return;
    if (timer) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => void sample(), delay);
    timer.unref();
  }

  function changed(): void {
    if (sampling) again = true;
    else wake(Math.max(0, LEAST - (performance.now() - sampledAt)));
  }

  async function sample(): Promise<void> {
    timer = null;
    dueAt = Number.POSITIVE_INFINITY;
    sampling = true;
    again = false;
    const reading = await read().catch(() => null);
    sampling = false;
    if (closed) return;
    if (reading) {
      const { active, ...values } = reading;
      const time = Date.now();
      sampledAt = performance.now();
      if (!active) pace.reset();
      const taken: StatisticsSample = { time, framesPerMinute: active ? pace.framesPerMinute(time) : 0, ...values };
      samples.push(taken);
      const [told, toldFailures] = [untold, untoldFailures];
      [untold, untoldFailures] = [[], []];
      onSample(taken, told, toldFailures);
    }
    if (again) changed();
    else if (!reading || reading.active) wake(BEAT);
  }

  return {
    see(event) {
      if (event.name === 'render_write') {
        const written = {
          time: event.time,
          seconds: event.seconds ?? 0,
          job: event.job?.id ?? 0,
          frame: event.frame ?? 0,
          slot: event.worker ?? 0,
        };
        frameTimes.push(written);
        untold.push(written);
        if (untold.length > MAX_FRAME_TIMES_KEPT) untold.shift();
        pace.written(event.time);
      } else if (event.name === 'frame_failed') {
        const failed = {
          time: event.time,
          job: event.job?.id ?? 0,
          frame: event.frame ?? 0,
          slot: event.worker ?? 0,
          attempt: event.attempt ?? 1,
          reason: (event.reason ?? '').slice(0, MAX_REASON),
        };
        failures.push(failed);
        untoldFailures.push(failed);
        if (untoldFailures.length > MAX_FAILURES_KEPT) untoldFailures.shift();
      } else if (marksChange(event)) {
        changed();
      }
    },
    statistics(since = Number.NEGATIVE_INFINITY, job) {
      const newer = <T extends { time: number }>(items: T[]): T[] => items.filter((item) => item.time > since);
      const ofJob = <T extends { time: number; job: number }>(items: T[]): T[] =>
        newer(items).filter((item) => job === undefined || item.job === job);
      return {
        now: Date.now(),
        samples: newer(samples.items()),
        frameTimes: ofJob(frameTimes.items()),
        failures: ofJob(failures.items()),
      };
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Events that start or end something; anything else is covered by the next periodic sample. */
function marksChange(event: LifecycleEvent): boolean {
  if (event.name === 'worker_state') return event.state === 'gone' || event.state === 'starting';
  return event.name === 'job_queued' || event.name === 'job_state' || event.name === 'queue_idle';
}
