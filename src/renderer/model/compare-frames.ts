import type { Job } from '../../shared/jobs';
import { jobFrames } from './timeline-cells';

/** What the shown frame is compared with: the one before it in its job, whichever is shown, or one of a job. */
export type ComparedFrame =
  | 'before'
  | {
      readonly jobId: number;
      /** null: the one of the same number as is shown, whichever that is. */
      readonly frame: number | null;
    };

/** The frame that comes before one in the animation. @param text a job's frames @returns null before the first */
export function frameBefore(text: string, frame: number): number | null {
  return jobFrames(text).findLast((other) => other < frame) ?? null;
}

const VERSION = /v(\d{3,})(?!\d)/gi;

/** An output without the number of its version, and that number; null where it has none. */
function splitVersion(output: string): { rest: string; version: number } | null {
  const found = [...output.matchAll(VERSION)].at(-1);
  if (!found) return null;
  const rest = `${output.slice(0, found.index)}v#${output.slice(found.index + found[0].length)}`;
  return { rest, version: Number(found[1]) };
}

/**
 * The job that wrote the version before: the same output but for a lower number, or one without a number and with the
 * same scene, of which the first version was made.
 */
export function formerVersion(job: Job, jobs: Iterable<Job>): Job | null {
  const own = splitVersion(job.settings.output);
  if (!own) return null;
  let best: { job: Job; version: number } | null = null;
  for (const other of jobs) {
    if (other.id === job.id || other.lastFrame === null) continue;
    const its = splitVersion(other.settings.output);
    const version = its?.rest === own.rest ? its.version : other.settings.output === job.settings.versionOf ? 0 : null;
    if (version !== null && version < own.version && (!best || version > best.version)) best = { job: other, version };
  }
  return best?.job ?? null;
}
