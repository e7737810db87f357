import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile } from './file-lock';

/** The file in such a folder that its process has locked. */
const LOCK = 'in-use.lock';

/** Age in milliseconds below which a lock may be made, but not yet held. */
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
    // A file system without locks: a folder without the file is never taken for abandoned.
    await rm(lock, { force: true }).catch(() => undefined);
  }
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
  if (process.getuid && (folder.uid !== process.getuid() || (folder.mode & 0o022) !== 0)) return false;
  const lock = join(path, LOCK);
  const file = await lstat(lock);
  if (!file.isFile() || Date.now() - file.mtimeMs < YOUNG) return false;
  const unlock = lockFile(lock);
  unlock?.();
  return unlock !== null;
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
