import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageVerifier } from '../images/verify-image';
import type { ActiveJob } from './active-job';
import type { Announcer } from './announcer';
import type { FrameResults } from './frame-results';
import type { JobStates } from './job-states';
import { type ScannedJob, scanOutputFiles } from './output/existing-output';
import type { FreeSpaceWatch } from './output/free-space';
import { conflictOf, sentenceOfRequeue } from './output/output-conflict';
import { jobVolumes } from './output/output-volume';
import { imagesOf } from './output/image-path';
import type { JobStore } from './store/job-store';

/** Number of frames skipped per turn of the event loop. */
const SKIPPED_AT_ONCE = 100;

export interface OutputScanOptions {
  readonly store: JobStore;
  readonly images: ImageVerifier;
  readonly states: JobStates;
  readonly results: FrameResults;
  readonly announcer: Announcer;
  readonly space?: Pick<FreeSpaceWatch, 'checked'>;
}

/**
 * Scans a job's output before its first frame is dispatched, and skips frames whose images exist. A pause or new
 * settings restart it: the scan in progress then changes nothing any more.
 *
 * @throws VolumeGoneError, SceneGoneError when the volume of the output folder or the scene is not mounted any more
 */
export async function scanOutput(
  active: ActiveJob,
  { store, images, states, results, announcer, space }: OutputScanOptions,
): Promise<void> {
  const { id, settings } = active;
  active.phase = 'scanning';
  const scan = ++active.scans;
  const current = (): boolean => states.isLive(active) && active.phase === 'scanning' && active.scans === scan;
  const folder = store.folder(id);
  await space?.checked();
  const volumes = await jobVolumes(store.outputs, id, folder, settings.scene);
  const begin = await active.source.first();
  if (!current()) return;
  active.volumes = volumes;
  const { fingerprint } = begin();
  if (!settings.overwrite) {
    const scanned: ScannedJob = { id, settings, fingerprint, folder };
    const found = await scanOutputFiles(
      store,
      images,
      scanned,
      new Set(store.frames.numbers(id, ['waiting'])),
      true,
      current,
    );
    if (!current()) return;
    if (found.firstTaken) {
      const sentence = sentenceOfRequeue(id, conflictOf(found, found.firstTaken));
      states.finish(id, 'failed', sentence, 'images-in-the-way');
      return;
    }
    for (const frame of found.replaceable) active.replaceable.add(frame);
    if (found.kept.size > 0 && store.addWarnings(id, [keptWarning(found.kept.size)])) announcer.job(id);
    let skipped = 0;
    for (const frames of [found.there, found.kept]) {
      for (const frame of frames) {
        results.skip(active, frame, imagesOf(settings, frame)[0]!);
        if (++skipped % SKIPPED_AT_ONCE === 0) await nextTurn();
        if (!current()) return;
      }
    }
  }
  active.phase = 'ready';
  if (!states.finishIfThrough(id)) states.settlePause();
}

function keptWarning(frames: number): string {
  return `${frames === 1 ? 'The image of 1 frame was' : `The images of ${frames} frames were`} there before and ${frames === 1 ? 'was' : 'were'} taken as ${frames === 1 ? 'it is' : 'they are'}: whether ${frames === 1 ? 'it shows' : 'they show'} this scene is not known.`;
}
