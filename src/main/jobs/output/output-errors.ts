import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { describe, isOfFullDisk, isVolumeFull } from '../../data/system-error';
import { FrameError } from '../../engines/render-engine';
import type { JobVolumes } from './output-volume';

/** Images cannot be written because the disk or a quota is full. Does not count as a failed try. */
export class NoSpaceError extends UserError {}

/** Whether an error means that the disk or a quota is full. */
export function isFull(error: unknown): boolean {
  return error instanceof NoSpaceError || isOfFullDisk(error);
}

/**
 * Finds the cause of a failure that its job’s disks explain: one went away, or is full.
 *
 * @param volume of the folder; null where unknown
 * @returns VolumeGoneError, or as {@link fullOr}
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
export function noSpaceFor(folder: string): UserError {
  return outputError(`Images cannot be written to ${dirname(folder)}`, { code: 'ENOSPC' });
}

/** @param what the operation that failed, as a sentence without a full stop */
export function outputError(what: string, error: unknown): UserError {
  const sentence = `${what} (${describe(error)}): free space or choose another output.`;
  return isFull(error) ? new NoSpaceError(sentence) : new UserError(sentence);
}
