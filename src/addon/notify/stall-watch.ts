import type { AppSnapshot, Job } from '../api/context';

/** A job that renders, and for how long it has written no frame, in seconds. */
export interface Stall {
  readonly job: Job;
  readonly seconds: number;
}

export interface StallWatch {
  /** A frame of the job was written. */
  wrote(jobId: number, time: number): void;
  /**
   * Looks for jobs without a frame.
   *
   * @param limit in seconds
   * @param interval in which it is called, in milliseconds
   * @returns jobs that have just reached the limit; each is told once until it writes a frame again
   */
  check(snapshot: Pick<AppSnapshot, 'jobs' | 'queue'>, time: number, limit: number, interval: number): Stall[];
}

/** Between two looks, more intervals than this have passed asleep, or the clock was set. */
const MAX_INTERVALS = 4;

/**
 * Recognizes jobs that stand still. The time counts from the last frame, from when the job was first seen rendering, or
 * from the last moment at which the queue was paused, whichever is the latest. Time in which nobody looked, since the
 * computer slept, does not count. A job that leaves all workers to another
 * one which writes frames does not stand still: it waits.
 */
export function createStallWatch(): StallWatch {
  const watched = new Map<number, { since: number; told: boolean }>();
  let lastFrame = 0;
  let lastLook: number | null = null;

  function leaveOut(milliseconds: number, time: number): void {
    for (const entry of watched.values()) entry.since = Math.min(time, entry.since + milliseconds);
    lastFrame = Math.min(time, lastFrame + milliseconds);
  }

  return {
    wrote(jobId, time) {
      lastFrame = time;
      watched.set(jobId, { since: time, told: false });
    },
    check({ jobs, queue }, time, limit, interval) {
      const since = time - (lastLook ?? time);
      lastLook = time;
      if (since > MAX_INTERVALS * interval) leaveOut(since - interval, time);
      const rendering = jobs.filter(({ state, settings }) => state === 'rendering' && !settings.preview);
      const ids = new Set(rendering.map(({ id }) => id));
      for (const id of watched.keys()) if (!ids.has(id)) watched.delete(id);
      const stalls: Stall[] = [];
      for (const job of rendering) {
        const entry = watched.get(job.id) ?? { since: time, told: false };
        watched.set(job.id, entry);
        const waits = job.frames.rendering === 0 && time - lastFrame < limit * 1_000;
        if (queue.state === 'paused' || waits) entry.since = time;
        const seconds = (time - entry.since) / 1_000;
        if (entry.told || seconds < limit) continue;
        entry.told = true;
        stalls.push({ job, seconds });
      }
      return stalls;
    },
  };
}
