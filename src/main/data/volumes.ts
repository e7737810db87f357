import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file system that contains output folders. */
export interface Volume {
  /** Its topmost folder along the given path; so a volume has one name, whatever folder on it is asked for. */
  readonly mountPoint: string;
  /** Bytes available to this user. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

/**
 * Reads the file systems of folders, each once. Folders need not exist; file systems that can't be read are left out.
 */
export async function readVolumes(folders: readonly string[]): Promise<Volume[]> {
  const volumes = new Map<string, Volume>();
  for (const folder of folders) {
    try {
      const mountPoint = await mountPointOf(folder);
      if (volumes.has(mountPoint)) continue;
      const { bavail, blocks, bsize } = await statfs(mountPoint);
      volumes.set(mountPoint, { mountPoint, freeBytes: bavail * bsize, sizeBytes: blocks * bsize });
    } catch {
      // A disconnected share must not make the metrics fail.
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
