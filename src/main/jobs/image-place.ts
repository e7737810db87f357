import { existsSync, renameSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError, messageOf } from '../../shared/user-error';
import { inspectPng } from '../engines/inspect-png';
import { makeFolder } from '../make-folder';

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
    await removeFrameFolder(folder);
    // The output folder may have been taken away since the job began.
    await makeFolder(folder);
  } catch (error) {
    throw new UserError(`Images cannot be written to ${dirname(folder)} (${describe(error)}): free space or choose another output.`);
  }
}

/** Removes a frame's folder with what is in it; it need not be there. */
export function removeFrameFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Makes sure that a file's bytes are on the disk. @throws UserError when they can't be written there */
export async function flush(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r+');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UserError(`The image ${path} cannot be written (${describe(error)}): free space or choose another output.`);
  }
}

/**
 * Moves a verified image into its place.
 *
 * @returns false when another image took the place meanwhile and may not be overwritten
 */
export function place(temporary: string, file: string, overwrite: boolean): boolean {
  if (!overwrite && existsSync(file)) return false;
  renameSync(temporary, file);
  return true;
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
    throw new UserError(`The output folder ${folder} cannot be written to (${describe(error)}): choose another output.`);
  }
}

/** What lies at an image's place before it is rendered. */
export type Existing = 'none' | 'broken' | 'same' | { readonly other: string };

/**
 * Looks at what is there already.
 *
 * @returns `broken` for what is no whole PNG (a crash of some program left it); `same` for a whole one of that size; `other` with a sentence for one of another size
 */
export async function existingImage(file: string, width: number, height: number): Promise<Existing> {
  if (!existsSync(file)) return 'none';
  const found = await inspectPng(file);
  if (found === null) return 'broken';
  if (found.width === width && found.height === height) return 'same';
  return {
    other: `${file} is there already with ${found.width}×${found.height} pixels, and this job renders ${width}×${height}: choose another output, or overwrite.`,
  };
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
    ENOENT: 'the path does not exist and cannot be made',
    ENAMETOOLONG: 'the name is too long',
  };
  return (code && words[code]) ?? messageOf(error);
}
