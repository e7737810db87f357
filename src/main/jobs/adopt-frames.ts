import { dirname } from 'node:path';
import { type FrameTry, removeLeftover, removeLeftovers } from './output/frame-folder';
import { imagesOf } from './output/image-path';
import { isVolumeGone, jobVolumes } from './output/output-volume';
import { stagedName } from './output/stage-file';
import type { QueueOptions, QueueParts } from './queue-parts';
import { repairHalfStates } from './repair-frames';
import { type InterruptedTry, StaleLeaseError } from './store/frame-tries';
import type { Adoptable } from './workers/worker-places';

type AdoptableTry = FrameTry & Adoptable & Pick<InterruptedTry, 'source'>;

/**
 * Repairs what the last host left half done. Tries that machines of the farm may still have in work are continued in the
 * background, under their leases: what is rendered is not rendered again.
 */
export async function adoptOrRepairFrames(options: QueueOptions, parts: QueueParts): Promise<void> {
  const { store, images } = options;
  const { inWork, pause } = parts;
  const tries = adoptableTries(options);
  const unclear = await repairHalfStates(store, images, tries);
  if (unclear !== null) {
    inWork.outOfStep = true;
    pause.holdUntilWritable(unclear.message);
  }
  for (const held of tries) parts.background.add(adoptOrRelease(held, options, parts));
}

/** Of a frame with a journal everything is here already. */
function adoptableTries({ store, adopt }: QueueOptions): AdoptableTry[] {
  return store.tries.interrupted().flatMap(({ jobId, frame, lease, machine, source, journal }) => {
    const adoptable = machine !== null && journal === null ? adopt?.(machine, lease) : null;
    return adoptable ? [{ jobId, frame, lease, source, ...adoptable }] : [];
  });
}

async function adoptOrRelease(held: AdoptableTry, options: QueueOptions, parts: QueueParts): Promise<void> {
  const { store } = options;
  const { states, scheduler } = parts;
  try {
    if (await adoptTry(held, options, parts)) return;
    const [file] = imagesOf(store.settings(held.jobId), held.frame);
    await removeLeftovers(dirname(file!), store.notes.host, held.jobId, held.frame);
    store.tries.release(held, null);
  } catch (error) {
    // Its job was stopped meanwhile.
    if (!(error instanceof StaleLeaseError)) throw error;
  }
  held.giveUp();
  states.settlePause();
  scheduler.schedule();
}

/** @returns false when what the machine renders is not what is wanted now, or the disk or share of the job is gone */
async function adoptTry(
  held: AdoptableTry,
  { store, engines }: QueueOptions,
  { scheduler, pool, dispatcher, background }: QueueParts,
): Promise<boolean> {
  const { jobId, frame, place, source } = held;
  const job = store.job(jobId);
  const active = job?.state === 'rendering' ? scheduler.activate(job) : null;
  if (!job || !active) return false;
  // What the job was rendered from last says nothing about this try, which may be older.
  const { fingerprint, whole } = await active.source.current();
  if (!whole || fingerprint !== source) return false;
  try {
    // Its output is not scanned before.
    active.volumes ??= await jobVolumes(store.outputs, jobId, store.folder(jobId), active.settings.scene);
  } catch (error) {
    if (isVolumeGone(error)) return false;
    throw error;
  }
  // What the last host had received is delivered again: its folder goes when it is made anew.
  for (const image of imagesOf(active.settings, frame))
    await removeLeftover(stagedName(image, { ...held, host: store.notes.host })).catch(() => undefined);
  let adopted = false;
  const setup = engines.get(job.engine)!.setupOf(active.settings);
  await pool.startAt({ engine: job.engine, setup }, jobId, place, (slot) => {
    const { workerFree, over } = dispatcher.dispatch(active, frame, slot, held);
    adopted = true;
    void workerFree.then(() => scheduler.schedule());
    const ended = over.then(() => {
      // It may have failed before its machine was asked for it.
      held.giveUp();
      scheduler.schedule();
    });
    background.add(ended);
  });
  return adopted;
}
