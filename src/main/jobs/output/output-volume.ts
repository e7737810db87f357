import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { isBelow } from '../../data/path-below';

/** A mounted file system. */
export interface MountedVolume {
  /** Its topmost folder, which stays the same when the machine is started again. */
  readonly root: string;
  /** `st_dev` of its files, which may not. */
  readonly device: number;
}

/** The disk or share of a job's output folder is not mounted any more: images would go to the disk beneath. */
export class OutputGoneError extends UserError {
  constructor(folder: string, root: string) {
    super(
      `Images cannot be written to ${folder}, for the disk or share at ${root} is not mounted any more: mount it again, and the queue goes on by itself.`,
    );
  }
}

/** The volume of a job's output folder, to notice when it goes away. */
export interface OutputVolume {
  /** @throws OutputGoneError */
  check(): Promise<void>;
}

/** Where the volumes of jobs are stored. */
export interface VolumeStore {
  /** Root of the volume that a job writes to; null where unknown. */
  volume(id: number): string | null;
  setVolume(id: number, root: string): void;
}

/** @returns the volume that holds a folder, or would: that of its nearest existing parent; null where there is none */
export async function volumeOf(folder: string): Promise<MountedVolume | null> {
  let root = folder;
  let device: number | null = null;
  while (device === null) {
    try {
      device = (await stat(root)).dev;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Anything else is an error of the volume itself, as of a share whose server does not answer.
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') return null;
      if (dirname(root) === root) return null;
      root = dirname(root);
    }
  }
  for (let above = dirname(root); above !== root; above = dirname(root)) {
    if ((await stat(above).catch(() => null))?.dev !== device) break;
    root = above;
  }
  return { root, device };
}

/**
 * Whether a folder's volume has gone away. One that was mounted above it since, or for another folder, is no loss.
 *
 * @param before root of its volume then
 * @param now root of the volume that it is on now; null for none
 */
export function isGone(folder: string, before: string, now: string | null): boolean {
  return isBelow(folder, before) && now !== before && (now === null || isBelow(before, now));
}

/**
 * The volume of a job's output folder when the job begins or goes on. It is stored, so that a host that was started
 * again notices that it went away meanwhile.
 *
 * @throws OutputGoneError
 */
export async function outputVolume(store: VolumeStore, id: number, folder: string): Promise<OutputVolume> {
  const before = store.volume(id);
  const now = await volumeOf(folder);
  if (before !== null && isGone(folder, before, now?.root ?? null)) throw new OutputGoneError(folder, before);
  if (now !== null && now.root !== before) store.setVolume(id, now.root);
  return {
    async check() {
      if (now === null || (await stat(folder).catch(() => null))?.dev === now.device) return;
      const later = await volumeOf(folder);
      if (isGone(folder, now.root, later?.root ?? null)) throw new OutputGoneError(folder, now.root);
    },
  };
}
