import type { HostEvent } from '../../shared/host-api';
import type { Job } from '../../shared/jobs';

/** The jobs that render. */
export interface RenderingJobs {
  /** @returns whether the event is about a job */
  see(event: HostEvent): boolean;
  list(): readonly Job[];
}

/** Follows which jobs render, from a host's events. */
export function followRenderingJobs(): RenderingJobs {
  const rendering = new Map<number, Job>();
  return {
    see(event) {
      if (event.type === 'job' && event.job.state === 'rendering') rendering.set(event.job.id, event.job);
      else if (event.type === 'job') rendering.delete(event.job.id);
      else if (event.type === 'job-removed') rendering.delete(event.id);
      else return false;
      return true;
    },
    list: () => [...rendering.values()],
  };
}

/** Frames over all of some jobs, and how many of their images are there. */
export function framesOf(jobs: readonly Job[]): { readonly there: number; readonly total: number } {
  return {
    there: jobs.reduce((sum, { frames }) => sum + frames.done + frames.skipped, 0),
    total: jobs.reduce((sum, { frames }) => sum + frames.total, 0),
  };
}
