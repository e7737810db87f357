import type { FileHandle } from 'node:fs/promises';
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { PreferenceValues } from '../../shared/addons';
import { openRegularFile } from '../data/open-regular-file';
import { isBelow } from '../data/path-below';

/** Which files a scene may refer to. Scenes are untrusted, and the files they read become visible in their images. */
export interface SceneAccess {
  /** Folders every scene may refer to, absolute: the preference render.sceneFolders. */
  readonly folders: readonly string[];
  /** The host's data folder, absolute: closed even if it lies in one of the others. */
  readonly dataFolder: string | null;
  /** Folder of uploaded scenes, absolute: the only open part of the data folder. */
  readonly uploads: string | null;
}

/** The folders in the preference render.sceneFolders, separated by “;”; relative paths are ignored. */
export function sceneFoldersIn(preferences: PreferenceValues): string[] {
  return String(preferences['render.sceneFolders'])
    .split(';')
    .map((part) => part.trim())
    .filter((part) => isAbsolute(part));
}

/** What one scene may refer to, with links resolved. */
export interface AllowedFolders {
  /** The scene's own folder. */
  readonly own: string;
  readonly open: readonly string[];
  readonly closed: string | null;
  readonly openInClosed: string | null;
}

/** The file lies outside the folders the scene may refer to. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';
}

/** @throws Error from the file system when the scene's folder can't be reached */
export async function allowedFolders(
  scene: string,
  { folders, dataFolder, uploads }: SceneAccess,
): Promise<AllowedFolders> {
  const [own, closed, openInClosed, ...others] = await Promise.all([
    realpath(dirname(scene)),
    realOrNull(dataFolder),
    realOrNull(uploads),
    ...folders.map(realOrNull),
  ]);
  return { own, open: [own, ...others.filter((folder) => folder !== null)], closed, openInClosed };
}

async function realOrNull(path: string | null): Promise<string | null> {
  return path === null ? null : realpath(path).catch(() => null);
}

/** @param path absolute, with links resolved */
export function isAllowed(path: string, { open, closed, openInClosed }: AllowedFolders): boolean {
  if (closed !== null && isBelow(path, closed) && !(openInClosed !== null && isBelow(path, openInClosed))) return false;
  return open.some((folder) => isBelow(path, folder));
}

/** An open file and its real path. */
export interface AllowedFile {
  readonly handle: FileHandle;
  /** Absolute, with links resolved. */
  readonly path: string;
}

/**
 * Opens a file a scene refers to. A link may be changed between the check and opening, so the file is opened first, and
 * must then be the one at an allowed path.
 *
 * @throws OutsideError, NotAFileError, or Error from the file system
 */
export async function openAllowed(path: string, allowed: AllowedFolders): Promise<AllowedFile> {
  // A file outside should not even be opened if that is known in advance.
  if (!isAllowed(await realpath(path), allowed))
    throw new OutsideError(`“${path}” is outside of the folders that the scene may refer to.`);
  const handle = await openRegularFile(path);
  try {
    const real = await realpath(path);
    const [opened, there] = await Promise.all([handle.stat({ bigint: true }), stat(real, { bigint: true })]);
    if (!isAllowed(real, allowed) || opened.ino !== there.ino || opened.dev !== there.dev)
      throw new OutsideError(`“${path}” is outside of the folders that the scene may refer to.`);
    return { handle, path: real };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
