import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile } from './file-lock';
import { isOnlyOurs } from './private-files';

/** The file in such a folder that its process has locked. */
const LOCK = 'in-use.lock';

/** Age in milliseconds: a younger lock may not be held yet. */
const YOUNG = 10_000;

export interface LockedFolder {
  /** Absolute path; private to the user. */
  readonly path: string;
  /** Deletes it; never rejects. What can't be deleted now is abandoned from here on. */
  remove(): Promise<void>;
}

/**
 * Makes a temporary folder that tells whether the process that made it still runs, so that {@link removeAbandoned} can
 * remove what killed ones left.
 *
 * @param prefix of its name
 * @throws the file system's error
 */
export async function makeLockedFolder(parent: string, prefix: string): Promise<LockedFolder> {
  const path = await mkdtemp(join(parent, prefix));
  const lock = join(path, LOCK);
  let unlock: (() => void) | null = null;
  try {
    unlock = lockFile(lock);
  } catch {
    // A file system without locks.
  }
  // A folder without the file is never taken for abandoned.
  if (!unlock) await rm(lock, { force: true }).catch(() => undefined);
  return {
    path,
    async remove() {
      unlock?.();
      unlock = null;
      await removeFolder(path);
    },
  };
}

/**
 * Removes the folders in `parent` that processes of this user made with {@link makeLockedFolder} and did not live to
 * remove. Links are not followed, and whatever others own is left alone. Never rejects.
 */
export async function removeAbandoned(parent: string, prefix: string): Promise<void> {
  for (const entry of await readdir(parent, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue;
    const path = join(parent, entry.name);
    try {
      if (await isAbandoned(path)) await removeFolder(path);
    } catch {
      // Removed meanwhile, or not to be read: the next start looks again.
    }
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const folder = await lstat(path);
  if (!isOnlyOurs(folder)) return false;
  const lock = join(path, LOCK);
  const file = await lstat(lock);
  if (!file.isFile() || Date.now() - file.mtimeMs < YOUNG) return false;
  const unlock = lockFile(lock);
  unlock?.();
  return unlock !== null;
}

/** The lock goes last: what can't be deleted now, as while an orphaned Blender writes into it, stays an abandoned folder. */
async function removeFolder(folder: string): Promise<void> {
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });
  try {
    for (const name of await readdir(folder)) if (name !== LOCK) await remove(join(folder, name));
    await remove(folder);
  } catch {
    // The next start looks again.
  }
}
