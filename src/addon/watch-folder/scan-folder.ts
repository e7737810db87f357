import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const SCENES = /\.(?:glb|gltf|blend)$/i;
/** Files that are looked at at a time: a network drive answers slowly, but to many at once. */
const AT_ONCE = 16;

/** A scene file, and what shows whether it is still the same. */
export interface SceneFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970, by the clock of whoever keeps the file. */
  readonly changedAt: number;
}

export interface FolderContent {
  /** In the order of their last change, so that what was dropped first is rendered first. */
  readonly scenes: readonly SceneFile[];
  /** Scenes that are no files: links, folders, pipes; and those whose name the system does not give as text. */
  readonly ignored: number;
  /** Why nothing is known of a scene that is there, a sentence each, by name. */
  readonly unknown: ReadonlyMap<string, string>;
}

/**
 * Looks for scenes in a folder, not in those inside of it. Links are not followed, and nothing is opened. Hidden files are
 * skipped, as programs name what they are still copying.
 *
 * @param look at one file, by its path
 * @throws Error from the file system when the folder cannot be read
 */
export async function scanFolder(
  folder: string,
  look: (path: string) => Promise<Stats> = lstat,
): Promise<FolderContent> {
  const names = (await readdir(folder)).filter((name) => SCENES.test(name) && !name.startsWith('.'));
  const scenes: SceneFile[] = [];
  const unknown = new Map<string, string>();
  let ignored = 0;
  for (let i = 0; i < names.length; i += AT_ONCE)
    await Promise.all(
      names.slice(i, i + AT_ONCE).map(async (name) => {
        try {
          const found = await look(join(folder, name));
          if (found.isFile()) scenes.push({ name, size: found.size, changedAt: found.mtimeMs });
          else ignored++;
        } catch (error) {
          const { code, message } = error as NodeJS.ErrnoException;
          // Whoever took it away in this moment is not the network drive's fault.
          if (code !== 'ENOENT') unknown.set(name, `“${name}” cannot be looked at: ${message}`);
        }
      }),
    );
  scenes.sort((a, b) => a.changedAt - b.changedAt || (a.name < b.name ? -1 : 1));
  return { scenes, ignored, unknown };
}
