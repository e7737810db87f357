import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { PreferenceValues } from '../../shared/addons';
import { type AllowedFolders, realOrNull } from '../data/allowed-folders';

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
export interface SceneFolders extends AllowedFolders {
  /** The scene's own folder. */
  readonly own: string;
}

/** @throws Error from the file system when the scene's folder can't be reached */
export async function allowedFolders(
  scene: string,
  { folders, dataFolder, uploads }: SceneAccess,
): Promise<SceneFolders> {
  const [own, closed, openInClosed, ...others] = await Promise.all([
    realpath(dirname(scene)),
    realOrNull(dataFolder),
    realOrNull(uploads),
    ...folders.map(realOrNull),
  ]);
  return { own, open: [own, ...others.filter((folder) => folder !== null)], closed, openInClosed };
}
