import type { Frame } from '../../shared/jobs';
import { useAppState } from '../app-context';
import { shownFrame, shownJob, type AppState } from '../app-store';
import { recordsOf, rowOf, type FrameTable } from '../model/host-model';

function select(state: AppState): Frame | undefined {
  const job = shownJob(state);
  const number = shownFrame(state);
  const table = job ? state.model.frames.get(job.id) : undefined;
  return number === null ? undefined : rowOf(table, number);
}

/**
 * The frame shown, as the host knows it; undefined while its job's frames are on their way, or when it is not in the
 * job.
 */
export function useShownFrame(): Frame | undefined {
  return useAppState(select);
}

/** Whether the frames of the job shown have come; null where none is shown. */
export function useShownRecords(): FrameTable['kind'] | null {
  return useAppState((state) => {
    const job = shownJob(state);
    return job && recordsOf(state.model.frames.get(job.id));
  });
}
