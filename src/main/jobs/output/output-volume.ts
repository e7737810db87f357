import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { resolveLinks } from '../../data/resolve-links';
import { isBelow } from '../../data/path-below';
import { shareNext } from '../../../shared/share-next';

/** A mounted file system. */
export interface MountedVolume {
  /** Its topmost folder, which stays the same when the machine is started again. */
  readonly root: string;
  /** `st_dev` of its files, which may not. */
  readonly device: number;
}

/** The disk or share of a job's output folder is not mounted any more: images would go to the disk beneath. */
export class VolumeGoneError extends UserError {
  /** @param folder of its images */
  constructor(folder: string, root: string) {
    super(
      `Images cannot be written to ${folder}, for the disk or share at ${root} is not mounted any more: mount it again, and the queue goes on by itself.`,
    );
  }
}

/** That of a job's scene is not: no other job is concerned. */
export class SceneGoneError extends UserError {
  /** What the job waits for, to follow “waits for”. */
  readonly waitsFor: string;

  constructor(scene: string, root: string) {
    super(
      `The scene ${scene} cannot be read, for the disk or share at ${root} is not mounted any more: mount it again, and the job goes on by itself.`,
    );
    this.waitsFor = `the disk or share at ${root} to be mounted again: its scene ${scene} is there`;
  }
}

/** Whether an error says that a volume of a job is not mounted any more. */
export function isVolumeGone(error: unknown): error is VolumeGoneError | SceneGoneError {
  return error instanceof VolumeGoneError || error instanceof SceneGoneError;
}

/** The volumes of a job's output folder and of its scene, to notice when one goes away. */
export interface JobVolumes {
  /** @throws VolumeGoneError, SceneGoneError */
  check(): Promise<void>;
}

/** Where the volumes of jobs are stored. */
export interface VolumeStore {
  /** Root of the volume that a job writes to, or reads its scene from; null where unknown. */
  volume(id: number, of: VolumeOf): string | null;
  setVolume(id: number, of: VolumeOf, root: string): void;
}

export type VolumeOf = 'output' | 'scene';

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
 * The volumes of a job when it begins or goes on. They are stored, so that a host that was started again notices that
 * one went away meanwhile.
 *
 * @param folder of its images, with links resolved
 * @throws VolumeGoneError, SceneGoneError
 */
export async function jobVolumes(store: VolumeStore, id: number, folder: string, scene: string): Promise<JobVolumes> {
  const output = await outputVolume(store, id, folder);
  const above = await resolveLinks(dirname(scene));
  const source = await keptVolume(store, id, 'scene', above, (root) => new SceneGoneError(scene, root));
  return {
    async check() {
      await output.check();
      await source.check();
    },
  };
}

/** As {@link jobVolumes}, of its output folder alone. @throws VolumeGoneError */
export function outputVolume(store: VolumeStore, id: number, folder: string): Promise<JobVolumes> {
  return keptVolume(store, id, 'output', folder, (root) => new VolumeGoneError(folder, root));
}

/**
 * A path that leads to a volume by a link or a drive letter is resolved no more once the volume is gone: where a scene's
 * folder is missing, the root that was stored of it counts, and is kept.
 */
async function keptVolume(
  store: VolumeStore,
  id: number,
  of: VolumeOf,
  folder: string,
  gone: (root: string) => UserError,
): Promise<JobVolumes> {
  const before = store.volume(id, of);
  const now = await volumeOf(folder);
  if (before !== null && isGone(folder, before, now?.root ?? null)) throw gone(before);
  const lost = of === 'scene' && before !== null && !(await exists(folder));
  if (lost && !isBelow(folder, before) && (await volumeOf(before))?.root !== before) throw gone(before);
  if (now !== null && now.root !== before && !lost) store.setVolume(id, of, now.root);
  return {
    async check() {
      if (now === null || (await deviceOf(folder)) === now.device) return;
      const later = await volumeOf(folder);
      if (isGone(folder, now.root, later?.root ?? null)) throw gone(now.root);
    },
  };
}

const shareLook = shareNext<number | null>();

/** `st_dev` of a folder, null where it is missing. Frames that begin during a look share the next. */
function deviceOf(folder: string): Promise<number | null> {
  return shareLook(folder, async () => (await stat(folder).catch(() => null))?.dev ?? null);
}

async function exists(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null)) !== null;
}
