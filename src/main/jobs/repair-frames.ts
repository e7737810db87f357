import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FrameTry, type HostTry, frameFolder, removeLeftovers, tryName } from './output/frame-folder';
import { hashFile } from './output/hash-file';
import { type FileStamp, type JournaledFile, arrived, imagesOf, mergeStamps, stampOf } from './output/output-files';
import type { ImageVerifier } from '../images/verify-image';
import type { Frame } from '../../shared/jobs';
import type { InterruptedTry } from './store/frame-tries';
import type { JobStore } from './store/job-store';
import { unchangedFiles } from './output/delete-output';

/**
 * The output file of a journal entry, if the rename took place; null otherwise. Identified by its content: clocks of
 * network drives report different times after a restart, and a power cut may have truncated a file.
 */
async function arrivedFile(journaled: JournaledFile): Promise<FileStamp | null> {
  const now = await stampOf(journaled.path);
  if (journaled.sha256 === undefined) return now && arrived(journaled, now) ? now : null;
  if (now?.bytes !== journaled.bytes) return null;
  return (await hashFile(journaled.path).catch(() => null)) === journaled.sha256 ? now : null;
}

/**
 * Journaled files that were not renamed yet. What is at their paths is older, even if it has the same bytes.
 *
 * @param image the frame's output file
 * @param tries the names that the try may have
 */
async function notRenamed(
  image: string,
  tries: readonly HostTry[],
  journal: readonly JournaledFile[],
): Promise<Set<JournaledFile>> {
  const staged = new Set<number | undefined>();
  for (const folder of tries.map((held) => frameFolder(image, held)))
    for (const name of await readdir(folder).catch(() => [])) staged.add((await stampOf(join(folder, name)))?.inode);
  const left = new Set<JournaledFile>();
  for (const journaled of journal) {
    const { path, inode } = journaled;
    const copies = tries.map((held) => join(dirname(path), `${tryName(held)}-copy-${basename(path)}`));
    const copied = (await Promise.all(copies.map(stampOf))).some((stamp) => stamp !== null);
    if (copied || (inode && staged.has(inode))) left.add(journaled);
  }
  return left;
}

/**
 * Whether a file from an older journal without hashes is a complete image. The size is not checked, since a scene may
 * crop its images. If unknown, the frame is rendered again.
 */
async function isWhole(images: ImageVerifier, file: string): Promise<boolean> {
  try {
    return (await images.inspect(file)) !== null;
  } catch {
    return false;
  }
}

/**
 * Repairs what the last host left half done: frames in work are finished or wait again, rendering jobs are queued.
 *
 * @param kept tries that machines may still have in work: they and their jobs stay as they are
 */
export async function repairHalfStates(
  store: JobStore,
  images: ImageVerifier,
  kept: readonly FrameTry[] = [],
): Promise<void> {
  const leases = new Set(kept.map(({ lease }) => lease));
  const jobs = new Set(kept.map(({ jobId }) => jobId));
  await repairFrames(store, images, (held) => leases.has(held.lease));
  for (const id of store.ids(['rendering'])) if (!jobs.has(id)) store.setState(id, 'queued', null);
}

/**
 * Repairs frames that the database lists as in work although they are not. A frame is done if all its images were
 * renamed, and waits again otherwise; files that were renamed are recorded as the job's own. The journal stored before
 * the rename tells which files those are.
 *
 * @param inWork whether a try really is in work
 * @param onRepaired called with each frame right after it was stored, since a later one may fail
 */
export async function repairFrames(
  store: JobStore,
  images: ImageVerifier,
  inWork: (held: FrameTry) => boolean,
  onRepaired: (held: InterruptedTry, frame: Frame) => void = () => undefined,
): Promise<void> {
  const { host } = store.notes;
  for (const held of store.tries.interrupted()) {
    const { jobId, frame, journal: written } = held;
    if (inWork(held)) continue;
    const settings = store.settings(jobId);
    const files = imagesOf(settings, frame);
    const journal: readonly JournaledFile[] = written?.files ?? [];
    const names = [host, null].map((name): HostTry => ({ ...held, host: name }));
    const left = await notRenamed(files[0]!, names, journal);
    // Additional files may have been staged on other disks.
    for (const folder of new Set([files[0]!, ...journal.map(({ path }) => path)].map((file) => dirname(file))))
      await removeLeftovers(folder, host, jobId, frame);
    const ours: FileStamp[] = [];
    for (const journaled of journal) {
      const found = left.has(journaled) ? null : await arrivedFile(journaled);
      if (found) ours.push(found);
    }
    const stamps = mergeStamps(ours, await unchangedFiles(store.frames.stamps(jobId, frame)));
    const hashed = new Set(journal.filter(({ sha256 }) => sha256 !== undefined).map(({ path }) => path));
    let whole = written !== null;
    for (const file of files)
      whole &&= ours.some(({ path }) => path === file) && (hashed.has(file) || (await isWhole(images, file)));
    const fingerprint = written?.fingerprint ?? null;
    const repaired = whole
      ? store.tries.done(held, { file: files[0]!, seconds: null, stamps, fingerprint })
      : store.tries.release(held, null, ours.length > 0 ? stamps : undefined);
    onRepaired(held, repaired);
  }
}
