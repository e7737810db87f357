import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FrameTry, frameFolder, removeLeftovers, tryName } from './output/frame-folder';
import { hashFile } from './output/hash-file';
import { type FileStamp, type JournaledFile, arrived, imagesOf, mergeStamps, stampOf } from './output/output-files';
import type { ImageVerifier } from '../images/verify-image';
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
 */
async function notRenamed(
  image: string,
  held: FrameTry,
  journal: readonly JournaledFile[],
): Promise<Set<JournaledFile>> {
  const folder = frameFolder(image, held);
  const staged = new Set<number | undefined>();
  for (const name of await readdir(folder).catch(() => [])) staged.add((await stampOf(join(folder, name)))?.inode);
  const left = new Set<JournaledFile>();
  for (const journaled of journal) {
    const { path, inode } = journaled;
    const copy = join(dirname(path), `${tryName(held)}-copy-${basename(path)}`);
    if ((inode && staged.has(inode)) || (await stampOf(copy))) left.add(journaled);
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
 */
export async function repairFrames(
  store: JobStore,
  images: ImageVerifier,
  inWork: (held: FrameTry) => boolean,
): Promise<void> {
  for (const { journal: written, ...held } of store.tries.interrupted()) {
    const { jobId, frame } = held;
    if (inWork(held)) continue;
    const settings = store.settings(jobId);
    const files = imagesOf(settings, frame);
    const journal: readonly JournaledFile[] = written?.files ?? [];
    const left = await notRenamed(files[0]!, held, journal);
    // Additional files may have been staged on other disks.
    for (const folder of new Set([files[0]!, ...journal.map(({ path }) => path)].map((file) => dirname(file))))
      await removeLeftovers(folder, jobId, frame);
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
    if (whole)
      store.tries.done(held, {
        file: files[0]!,
        seconds: null,
        stamps,
        fingerprint: written?.fingerprint ?? null,
      });
    else store.tries.release(held, null, ours.length > 0 ? stamps : undefined);
  }
}
