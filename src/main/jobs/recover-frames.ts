import { dirname } from 'node:path';
import {
  type FileStamp,
  existingImage,
  frameFolder,
  imagesOf,
  mergeStamps,
  removeCopies,
  removeFrameFolder,
  stampOf,
} from './output/output-files';
import type { JobStore } from './store/job-store';

/** By how much the file system's clock may lag behind ours, in milliseconds: the kernel stamps files with the time of its last tick. */
const CLOCK_GRAIN = 50;

/** Repairs what the last host left half done: frames that were in work, and jobs that were rendering, which are queued. */
export async function repairHalfStates(store: JobStore): Promise<void> {
  await repairFrames(store, () => false);
  for (const id of store.ids(['rendering'])) store.setState(id, 'queued', null);
}

/**
 * Repairs frames that the database takes to be in work although they aren't: they are done when all their images made it to their places, and wait again otherwise; files that did make it are
 * remembered as the job's own.
 *
 * @param inWork whether a frame is indeed in work
 */
export async function repairFrames(store: JobStore, inWork: (jobId: number, frame: number) => boolean): Promise<void> {
  for (const { jobId, frame, startedAt } of store.interrupted()) {
    if (inWork(jobId, frame)) continue;
    const { settings } = store.job(jobId)!;
    const files = imagesOf(settings, frame);
    await removeFrameFolder(frameFolder(files[0]!, jobId, frame));
    await removeCopies(dirname(files[0]!), jobId, frame);
    const ours: FileStamp[] = [];
    let whole = true;
    for (const file of files) {
      const stamp = await stampOf(file);
      const fresh = stamp !== null && stamp.modifiedAt >= startedAt - CLOCK_GRAIN;
      if (fresh) ours.push(stamp);
      whole &&= fresh && (await existingImage(file, settings)) === 'same';
    }
    if (whole) store.frameDone(jobId, frame, { file: files[0]!, seconds: null, stamps: ours });
    else
      store.frameReleased(
        jobId,
        frame,
        null,
        ours.length > 0 ? mergeStamps(ours, store.stamps(jobId, frame)) : undefined,
      );
  }
}
