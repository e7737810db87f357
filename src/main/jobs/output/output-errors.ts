import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { describe, isOfFullDisk, isVolumeFull } from '../../data/system-error';
import { FrameError } from '../../engines/render-engine';
import type { JobVolumes } from './output-volume';

/** Images cannot be written because the disk or a quota is full. Does not count as a failed try. */
export class NoSpaceError extends UserError {}

/** Images cannot be written for a reason that may pass, as an error of a disk or share: no worker is to blame. */
export class OutputError extends FrameError {
  constructor(message: string) {
    super(message, false, 'output');
  }
}

/** Whether an error means that the disk or a quota is full. */
export function isFull(error: unknown): boolean {
  return error instanceof NoSpaceError || isOfFullDisk(error);
}

/**
 * Finds the cause of a failure that its job's disks explain: one went away, or that of the output folder is full.
 *
 * @param volume those of the job; null where unknown
 * @returns VolumeGoneError, SceneGoneError, or as {@link fullOr}
 */
export async function outputCause(failure: unknown, folder: string, volume: JobVolumes | null): Promise<unknown> {
  try {
    await volume?.check();
  } catch (gone) {
    return gone;
  }
  return fullOr(failure, folder);
}

/**
 * An engine that writes images itself may report a full disk as another error, or not notice that an image was cut
 * short.
 *
 * @param folder it wrote to
 * @returns NoSpaceError if the disk is full and that can explain the failure; otherwise the failure itself
 */
export async function fullOr(failure: unknown, folder: string): Promise<unknown> {
  if (!(failure instanceof FrameError) || (failure.kind !== 'output' && failure.kind !== 'image')) return failure;
  return (await isDiskFull(folder)) ? noSpaceFor(folder) : failure;
}

/** Whether the disk of a folder that images are written to is full. */
export async function isDiskFull(folder: string): Promise<boolean> {
  const volume = await statfs(dirname(folder)).catch(() => null);
  return volume !== null && isVolumeFull(volume);
}

/** @param folder that images are written to */
export function noSpaceFor(folder: string): Error {
  return outputError(`Images cannot be written to ${dirname(folder)}`, { code: 'ENOSPC' });
}

/** What stays wrong until somebody mends it. Anything else, as an error of a disk or share, may pass. */
const LASTING = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENOTEMPTY',
  'ENAMETOOLONG',
  'ELOOP',
]);
/** On Windows a program that has a file open, such as a viewer or a virus scanner, is in the way of its rename. */
const IN_USE = new Set(['EACCES', 'EPERM', 'EBUSY']);

/**
 * @param what the operation that failed, as a sentence without a full stop
 * @param advice against what lasts
 * @returns NoSpaceError, UserError for what lasts, or OutputError for what may pass
 */
export function outputError(
  what: string,
  error: unknown,
  advice = 'free space or choose another output',
): UserError | OutputError {
  const failed = `${what} (${describe(error)})`;
  if (isFull(error)) return new NoSpaceError(`${failed}: free space or choose another output.`);
  if (LASTING.has(codeOf(error))) return new UserError(`${failed}: ${advice}.`);
  return new OutputError(`${failed}: see whether the disk or share is in order.`);
}

/** Whether what keeps a file from being read may pass; that it is not there does not. */
export function readMayPass(error: unknown): boolean {
  const code = codeOf(error);
  return code !== 'ENOENT' && !LASTING.has(code);
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code);
}

/** As {@link outputError}, of a rename. */
export function renameError(what: string, error: unknown, platform = process.platform): UserError | FrameError {
  if (platform !== 'win32' || !IN_USE.has(codeOf(error)))
    return outputError(what, error, 'remove what is there, or choose another output');
  const advice = 'close the program that has it open, or remove what is there';
  return new FrameError(`${what} (${describe(error)}): ${advice}.`, false, 'output');
}
