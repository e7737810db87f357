import type { RemainingWork, TimeLeft } from './job-estimate';
import { spreadToP90 } from './upper-percentile';

/**
 * Uncertainty of the frame time of an unknown job, as the standard deviation of its logarithm: from a third to three
 * times.
 */
const UNKNOWN = 0.85;

/**
 * Estimates the work of a job that has not started from frame times of other jobs.
 *
 * @param frame seconds per frame of a similar job
 * @param alike whether that job has the same scene and size; otherwise the figure is a guess
 */
export function guessWork(frames: number, frame: number, workers: number, alike: boolean): RemainingWork {
  const seconds = frames * frame;
  return { seconds, variance: (seconds * (alike ? 0.15 : UNKNOWN)) ** 2, frame, workers };
}

/**
 * Time left of the whole queue. Jobs run in queue order; each takes as many workers as it may, the following jobs share
 * what is left.
 *
 * @param jobs in queue order
 * @param workers total number of workers
 */
export function queueTimeLeft(jobs: readonly RemainingWork[], workers: number): TimeLeft {
  const slots = Math.max(1, workers);
  const open: { left: number; workers: number; rate: number }[] = [];
  let now = 0;
  let next = 0;
  let variance = 0;
  let lastFrame = 0;
  for (;;) {
    let free = slots;
    for (const job of open) {
      job.rate = Math.min(free, job.workers);
      free -= job.rate;
    }
    while (free > 0 && next < jobs.length) {
      const job = jobs[next++]!;
      variance += job.variance;
      if (!(job.seconds > 0)) continue;
      const rate = Math.max(1, Math.min(free, job.workers));
      open.push({ left: job.seconds, workers: job.workers, rate });
      lastFrame = job.frame;
      free -= rate;
    }
    if (open.length === 0) break;
    const step = Math.min(...open.filter((job) => job.rate > 0).map((job) => job.left / job.rate));
    now += step;
    for (let index = open.length - 1; index >= 0; index--) {
      const job = open[index]!;
      job.left -= step * job.rate;
      // A figure that is no number must not keep the loop going.
      if (!(job.left > 1e-9)) open.splice(index, 1);
    }
  }
  // At the end of the last job some workers run idle; between jobs the next one takes them.
  const p50 = now === 0 ? 0 : now + (lastFrame / 2) * (1 - 1 / slots);
  return { p50, p90: p50 + spreadToP90(p50, Math.sqrt(variance) / slots) };
}
