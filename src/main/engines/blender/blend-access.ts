import { basename, dirname, isAbsolute } from 'node:path';
import { resolveLinks } from '../../data/resolve-links';
import { isBelow } from '../../data/path-below';
import { isAllowed } from '../../data/allowed-folders';
import { type SceneAccess, allowedFolders } from '../../scenes/scene-access';
import type { NeededFile } from './source-stamps';

/** The files a .blend may refer to, with links resolved. */
export interface BlendLimits {
  /**
   * For an uploaded scene: its own folder and the folders open to every scene. Null for a scene on this machine, which
   * may refer to any file.
   */
  readonly within: readonly string[] | null;
  /** The host's data folder, which is closed to all scenes, and the folder within it that is open. */
  readonly closed: string | null;
  readonly openInClosed: string | null;
}

/** @throws Error from the file system when the scene's folder can't be reached */
export async function blendLimits(scene: string, access: SceneAccess): Promise<BlendLimits> {
  const { own, open, closed, openInClosed } = await allowedFolders(scene, access);
  const sent = openInClosed !== null && isBelow(own, openInClosed);
  return { within: sent ? open : null, closed, openInClosed };
}

/** @param path absolute; if it doesn't exist, its nearest existing parent folder decides */
export async function isWithin(path: string, { within, closed, openInClosed }: BlendLimits): Promise<boolean> {
  const real = await resolveLinks(path);
  return isAllowed(real, { open: within ?? [anywhere(real)], closed, openInClosed });
}

/** Describes the first file a .blend refers to without being allowed to; null for none. */
export async function firstOutside(needed: readonly NeededFile[], limits: BlendLimits): Promise<string | null> {
  for (const { path, form } of needed) {
    if (form === 'computed' || !isAbsolute(path)) {
      if (limits.within !== null) return path;
    } else if (!(await isWithin(path, limits))) return path;
  }
  return null;
}

/** The message for the driver's failure `outside`. */
export function outsideSentence(scene: string, path: string): string {
  return `The scene “${basename(scene)}” refers to “${path}”, outside of the folders that it may use: put that beside it, pack it into the file, or name its folder in the preference render.sceneFolders.`;
}

function anywhere(path: string): string {
  const parent = dirname(path);
  return parent === path ? path : anywhere(parent);
}
