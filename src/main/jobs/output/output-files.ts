import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { copyFile, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { imageFormats } from '../../../shared/image-format';
import type { JobSettings } from '../../../shared/jobs';
import { expandOutputPattern } from '../../../shared/output-pattern';
import { UserError, messageOf } from '../../../shared/user-error';
import { FrameError } from '../../engines/render-engine';
import { inspectImage } from '../../images/verify-image';
import { makeFolder } from '../../data/make-folder';

/** A file as it was when it got into its place: it is still the same as long as both numbers are. */
export interface FileStamp {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970, with fractions. */
  readonly modifiedAt: number;
}

/** Images cannot be written because the disk or a quota is full: that costs a frame no try. */
export class NoSpaceError extends UserError {}

/** Places of a frame's own images, one for each view. */
export function imagesOf(settings: JobSettings, frame: number): string[] {
  return settings.views.map((view) => expandOutputPattern(settings.output, frame, settings.format, view));
}

/**
 * Where the files of a frame wait until they are verified: a folder beside the image's place, so that the last step is a rename within one file system. The name is the same for every
 * try, so what a killed host leaves behind is found and removed.
 */
export function frameFolder(file: string, jobId: number, frame: number): string {
  return join(dirname(file), `.framegauge-job-${jobId}-frame-${frame}`);
}

/** Makes the folder in which a frame is rendered, empty. @throws UserError when that can't be done */
export async function makeFrameFolder(folder: string): Promise<void> {
  try {
    if (madeAnew(folder)) return;
    await removeFrameFolder(folder);
    // The output folder may have been taken away since the job began.
    await makeFolder(folder);
  } catch (error) {
    throw outputError(`Images cannot be written to ${dirname(folder)}`, error);
  }
}

/** The usual case, for which a worker waits: the output folder is there, and nothing of an earlier try. @returns whether it was so, and the folder is there now */
function madeAnew(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Removes a frame's folder with what is in it; it need not be there. */
export function removeFrameFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes the copies of a frame's files that a killed host left beside their places in another folder. */
export async function removeCopies(folder: string, jobId: number, frame: number): Promise<void> {
  const prefix = copyPrefix(jobId, frame);
  const names = await readdir(folder).catch(() => []);
  await Promise.all(
    names.filter((name) => name.startsWith(prefix)).map((name) => rm(join(folder, name), { force: true })),
  );
}

/** A rendered file that is to be put in its place by a rename. */
export interface Staged {
  /** Flushed, on the file system of its place. */
  readonly from: string;
  readonly to: string;
}

/**
 * Makes sure that a file's bytes are on the disk, and on the file system of its place.
 *
 * @throws UserError when they can't be written there
 */
export async function stage(path: string, to: string, jobId: number, frame: number): Promise<Staged> {
  try {
    const folder = dirname(to);
    if (folder === dirname(dirname(path))) {
      await flush(path);
      return { from: path, to };
    }
    await makeFolder(folder);
    const [here, there] = await Promise.all([stat(path), stat(folder)]);
    if (here.dev === there.dev) {
      await flush(path);
      return { from: path, to };
    }
    const copy = join(folder, `${copyPrefix(jobId, frame)}${basename(to)}`);
    await copyFile(path, copy);
    await flush(copy);
    return { from: copy, to };
  } catch (error) {
    if (isGone(error)) throw takenAway(to);
    throw outputError(`The image ${to} cannot be written`, error);
  }
}

/**
 * Moves a verified file into its place, over what is there.
 *
 * @throws UserError when something is in its place that a file can't be put over
 */
export function place({ from, to }: Staged): FileStamp {
  try {
    const { size, mtimeMs } = statSync(from);
    renameSync(from, to);
    return { path: to, bytes: size, modifiedAt: mtimeMs };
  } catch (error) {
    if (isGone(error)) throw takenAway(to);
    if (isFull(error)) throw outputError(`The image ${to} cannot be put in its place`, error);
    throw new UserError(
      `The image ${to} cannot be put in its place (${describe(error)}): remove what is there, or choose another output.`,
    );
  }
}

/** The file as it is now; null when it is not there, or is no file. */
export async function stampOf(path: string): Promise<FileStamp | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? { path, bytes: found.size, modifiedAt: found.mtimeMs } : null;
}

/** Whether a file is still as it was when we put it there. */
export async function isUnchanged(stamp: FileStamp): Promise<boolean> {
  const now = await stampOf(stamp.path);
  return now !== null && now.bytes === stamp.bytes && now.modifiedAt === stamp.modifiedAt;
}

/** The files of a job after some of them were written anew. */
export function mergeStamps(newer: readonly FileStamp[], older: readonly FileStamp[]): FileStamp[] {
  const paths = new Set(newer.map(({ path }) => path));
  return [...newer, ...older.filter(({ path }) => !paths.has(path))];
}

/** Makes sure that images can be written to a folder, before a job is taken. @throws UserError */
export async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.framegauge-${process.pid}.tmp`);
  try {
    await makeFolder(folder);
    const handle = await open(probe, 'w');
    await handle.close();
    await rm(probe);
  } catch (error) {
    throw new UserError(
      `The output folder ${folder} cannot be written to (${describe(error)}): choose another output.`,
    );
  }
}

/** What lies at an image's place before it is rendered. */
export type Existing = 'none' | 'broken' | 'same' | { readonly other: string };

/**
 * Looks at what is there already, as thoroughly as a rendered image is verified.
 *
 * @returns `broken` for what is no whole image (a crash of some program left it); `same` for a whole one of that format and size; `other` with a sentence for one of another
 */
export async function existingImage(
  file: string,
  { format, width, height }: Pick<JobSettings, 'format' | 'width' | 'height'>,
): Promise<Existing> {
  if (!existsSync(file)) return 'none';
  const found = await inspectImage(file);
  if (found === null) return 'broken';
  if (found.width !== width || found.height !== height) {
    return {
      other: `${file} is there already with ${found.width}×${found.height} pixels, and this job renders ${width}×${height}: choose another output, or overwrite.`,
    };
  }
  if (found.format !== format) {
    return {
      other: `${file} is there already as ${imageFormats[found.format].name}, and this job writes ${imageFormats[format].name}: choose another output, or overwrite.`,
    };
  }
  return 'same';
}

/** Whether an error says that there is no room for a file. */
export function isFull(error: unknown): boolean {
  if (error instanceof NoSpaceError) return true;
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Less than this free is full, in bytes: the smallest image takes more. */
const FULL = 16_384;

/**
 * An engine that writes images itself may not tell a full disk from other faults, or not notice that an image was cut short.
 *
 * @param folder where it wrote
 * @returns that there was no room, where that is so and can explain the failure; else the failure itself
 */
export async function fullOr(failure: unknown, folder: string): Promise<unknown> {
  if (!(failure instanceof FrameError) || (failure.kind !== 'output' && failure.kind !== 'image')) return failure;
  const volume = await statfs(dirname(folder)).catch(() => null);
  if (!volume || volume.bavail * volume.bsize >= FULL) return failure;
  return outputError(
    `Images cannot be written to ${dirname(folder)}`,
    Object.assign(new Error(failure.message), { code: 'ENOSPC' }),
  );
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Somebody deleted the output folder while the image waited in it: the next try makes it again. */
function takenAway(to: string): FrameError {
  return new FrameError(`The image ${to} was deleted before it was in its place.`, false, 'output');
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function copyPrefix(jobId: number, frame: number): string {
  return `.framegauge-job-${jobId}-frame-${frame}-copy-`;
}

function outputError(what: string, error: unknown): UserError {
  const sentence = `${what} (${describe(error)}): free space or choose another output.`;
  return isFull(error) ? new NoSpaceError(sentence) : new UserError(sentence);
}

function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space is left on the device',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'a file is in the folder’s place',
    EISDIR: 'a folder is there',
    ENOTEMPTY: 'a folder is there',
    ENOENT: 'the path does not exist and cannot be made',
    ENAMETOOLONG: 'the name is too long',
  };
  return (code && words[code]) ?? messageOf(error);
}
