import type { HostEvent } from '../../shared/host-api';
import { followRenderingJobs, framesOf } from './rendering-jobs';

/** Electron's value for removing the progress bar. */
const NONE = -1;

/**
 * Tracks progress for the program's icon in the taskbar or dock: the share of finished images over all jobs being
 * rendered.
 *
 * @param show receives 0 to 1, or -1 for none; only visible changes, in steps of a hundredth
 */
export function createTaskbarProgress(show: (share: number) => void): { readonly see: (event: HostEvent) => void } {
  const rendering = followRenderingJobs();
  let shown = NONE;
  return {
    see(event) {
      if (!rendering.see(event)) return;
      const { there, total } = framesOf(rendering.list());
      const share = total === 0 ? NONE : Math.floor((there / total) * 100) / 100;
      if (share === shown) return;
      shown = share;
      show(share);
    },
  };
}
