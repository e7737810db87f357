import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file system that images go to. */
export interface Volume {
  /** The topmost folder of it, as far as the path leads; so a volume has one name whatever folder on it is asked for. */
  readonly mountPoint: string;
  /** What this user may still write. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

/** Reads the file systems that folders are on, each once. Folders need not exist yet; what can't be read is left out. */
export async function readVolumes(folders: readonly string[]): Promise<Volume[]> {
  const volumes = new Map<string, Volume>();
  for (const folder of folders) {
    try {
      const mountPoint = await mountPointOf(folder);
      if (volumes.has(mountPoint)) continue;
      const { bavail, blocks, bsize } = await statfs(mountPoint);
      volumes.set(mountPoint, { mountPoint, freeBytes: bavail * bsize, sizeBytes: blocks * bsize });
    } catch {
      // A share that is gone must not take the metrics with it.
    }
  }
  return [...volumes.values()];
}

async function mountPointOf(folder: string): Promise<string> {
  let current = folder;
  let info = await stat(current).catch(() => null);
  while (!info && dirname(current) !== current) {
    current = dirname(current);
    info = await stat(current).catch(() => null);
  }
  if (!info) throw new Error(`${folder} is nowhere`);
  for (let parent = dirname(current); parent !== current; parent = dirname(current)) {
    const above = await stat(parent);
    if (above.dev !== info.dev) break;
    current = parent;
  }
  return current;
}
