import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FrameTry, type HostTry, frameFolder, removeLeftovers } from './output/frame-folder';
import { hashFile } from './output/hash-file';
import { describe } from '../data/system-error';
import { OutputError, readMayPass } from './output/output-errors';
import { imagesOf } from './output/image-path';
import { type FileStamp, type JournaledFile, arrived, mergeStamps, readStamp, stampOf } from './output/output-stamps';
import { stagedName } from './output/stage-file';
import { VolumeGoneError, outputVolume } from './output/output-volume';
import type { ImageVerifier } from '../images/verify-image';
import type { Frame } from '../../shared/jobs';
import type { InterruptedTry } from './store/frame-tries';
import type { JobStore } from './store/job-store';
import { unchangedFiles } from './output/delete-output';

/**
 * The output file of a journal entry, if the rename took place; null otherwise. Identified by its content: clocks of
 * network drives report different times after a restart, and a power cut may have truncated a file.
 *
 * @throws OutputError where that can't be told now
 */
async function arrivedFile(journaled: JournaledFile): Promise<FileStamp | null> {
  const { path, bytes, sha256 } = journaled;
  try {
    const now = await readStamp(path);
    if (sha256 === undefined) return now && arrived(journaled, now) ? now : null;
    if (now?.bytes !== bytes) return null;
    return (await hashFile(path)) === sha256 ? now : null;
  } catch (error) {
    if (readMayPass(error))
      throw new OutputError(
        `The image ${path} cannot be read (${describe(error)}): see whether the disk or share is in order.`,
      );
    return null;
  }
}

/**
 * The files of a journal that were renamed.
 *
 * @throws VolumeGoneError, OutputError where that can't be told now
 */
async function arrivedFiles(
  store: JobStore,
  { jobId, journal }: InterruptedTry,
  names: readonly HostTry[],
  image: string,
): Promise<FileStamp[]> {
  if (!journal) return [];
  await outputVolume(store.outputs, jobId, store.folder(jobId));
  const left = await notRenamed(image, names, journal.files);
  const found: FileStamp[] = [];
  for (const journaled of journal.files) {
    const file = left.has(journaled) ? null : await arrivedFile(journaled);
    if (file) found.push(file);
  }
  return found;
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
    const copies = tries.map((held) => stagedName(path, held));
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
 * @returns as {@link repairFrames}; the jobs of such tries stay as they are, too
 */
export async function repairHalfStates(
  store: JobStore,
  images: ImageVerifier,
  kept: readonly FrameTry[] = [],
): Promise<Error | null> {
  const leases = new Set(kept.map(({ lease }) => lease));
  const unclear = await repairFrames(store, images, (held) => leases.has(held.lease));
  const left = new Set(store.tries.interrupted().map(({ jobId }) => jobId));
  for (const id of store.ids(['rendering'])) if (!left.has(id)) store.setState(id, 'queued', null);
  return unclear;
}

/**
 * Repairs frames that the database lists as in work although they are not. A frame is done if all its images were
 * renamed, and waits again otherwise; files that were renamed are recorded as the job's own. The journal stored before
 * the rename tells which files those are.
 *
 * @param inWork whether a try really is in work
 * @param onRepaired called with each frame right after it was stored, since a later one may fail
 * @returns why tries stay as they are, with their journals, as the disk or share of their images is not mounted or
 * reports an error: try again later; null where all were repaired
 */
export async function repairFrames(
  store: JobStore,
  images: ImageVerifier,
  inWork: (held: FrameTry) => boolean,
  onRepaired: (held: InterruptedTry, frame: Frame) => void = () => undefined,
): Promise<Error | null> {
  const { host } = store.notes;
  let unclear: Error | null = null;
  for (const held of store.tries.interrupted()) {
    const { jobId, frame, journal: written } = held;
    if (inWork(held)) continue;
    const settings = store.settings(jobId);
    const files = imagesOf(settings, frame);
    const journal: readonly JournaledFile[] = written?.files ?? [];
    const names = [host, null].map((name): HostTry => ({ ...held, host: name }));
    let ours: FileStamp[];
    try {
      ours = await arrivedFiles(store, held, names, files[0]!);
    } catch (error) {
      if (!(error instanceof VolumeGoneError || error instanceof OutputError)) throw error;
      unclear ??= error;
      continue;
    }
    // Additional files may have been staged on other disks.
    for (const folder of new Set([files[0]!, ...journal.map(({ path }) => path)].map((file) => dirname(file))))
      await removeLeftovers(folder, host, jobId, frame);
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
  return unclear;
}
