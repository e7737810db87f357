import type { HostEvent } from '../../shared/host-api';

/** Electron's value for removing the progress bar. */
const NONE = -1;

/**
 * Tracks progress for the program's icon in the taskbar or dock: the share of finished images over all jobs being
 * rendered.
 *
 * @param show receives 0 to 1, or -1 for none; only visible changes, in steps of a hundredth
 */
export function createTaskbarProgress(show: (share: number) => void): { readonly see: (event: HostEvent) => void } {
  const rendering = new Map<number, { readonly there: number; readonly total: number }>();
  let shown = NONE;
  return {
    see(event) {
      if (event.type === 'job' && event.job.state === 'rendering') {
        const { done, skipped, total } = event.job.frames;
        rendering.set(event.job.id, { there: done + skipped, total });
      } else if (event.type === 'job') rendering.delete(event.job.id);
      else if (event.type === 'job-removed') rendering.delete(event.id);
      else return;
      const jobs = [...rendering.values()];
      const total = jobs.reduce((sum, job) => sum + job.total, 0);
      const share =
        total === 0 ? NONE : Math.floor((jobs.reduce((sum, job) => sum + job.there, 0) / total) * 100) / 100;
      if (share === shown) return;
      shown = share;
      show(share);
    },
  };
}
