import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** So many files and folders are too many: each takes a place on the disk, and time to look at. */
const MOST_ENTRIES = 100_000;
/** Share of the limit from which it is warned. */
const WARN_SHARE = 0.8;
/** Interval between readings, in milliseconds; longer where reading takes a twentieth of it. */
const EVERY = 5_000;
const READING_SHARE = 20;
const MB = 1024 * 1024;

export interface StorageWatchOptions {
  /** Absolute. */
  readonly folder: string;
  /** In MB. */
  readonly limit: number;
  readonly warn: (text: string) => void;
  readonly kill: (reason: string) => void;
  /** In milliseconds. */
  readonly every?: number;
  /** See {@link usageOf}. */
  readonly read?: typeof usageOf;
}

/** What a folder takes of the disk. */
export interface FolderUsage {
  readonly bytes: number;
  /** Files and folders in it. */
  readonly entries: number;
}

/**
 * Watches what an add-on stores in the folder of its own: near the limit it is warned once, above the limit it is killed.
 * What is deleted and still open is not seen. @returns ends the watch
 */
export function watchStorage({
  folder,
  limit,
  warn,
  kill,
  every = EVERY,
  read = usageOf,
}: StorageWatchOptions): () => void {
  let warned = false;
  let closed = false;
  let timer = setTimeout(check, every).unref();

  function judge({ bytes, entries }: FolderUsage): void {
    const used = Math.round(bytes / MB);
    if (used > limit) kill(`it stored more than ${limit} MB, the most that an add-on may (addons.storageLimit)`);
    else if (entries > MOST_ENTRIES)
      kill(`it stored more than ${MOST_ENTRIES} files and folders, the most that an add-on may`);
    else if (used > limit * WARN_SHARE && !warned) {
      warned = true;
      warn(`It stores ${used} MB; above ${limit} MB it is stopped.`);
    }
  }

  async function check(): Promise<void> {
    const began = performance.now();
    const usage = await read(folder, { bytes: (limit + 1) * MB, entries: MOST_ENTRIES }).catch(() => null);
    if (closed) return;
    if (usage) judge(usage);
    timer = setTimeout(check, Math.max(every, READING_SHARE * (performance.now() - began))).unref();
  }

  return () => {
    closed = true;
    clearTimeout(timer);
  };
}

/**
 * Adds up a folder with all that is in it, without following links.
 *
 * @param enough stops where either is passed
 */
export async function usageOf(folder: string, enough: FolderUsage): Promise<FolderUsage> {
  let bytes = 0;
  let entries = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    try {
      for await (const entry of await opendir(next, { bufferSize: 1_024 })) {
        const path = join(next, entry.name);
        if (entry.isDirectory()) folders.push(path);
        // Where it is gone already, it takes nothing.
        const found = await lstat(path).catch(() => null);
        bytes += found ? sizeOnDisk(found) : 0;
        if (++entries > enough.entries || bytes > enough.bytes) return { bytes, entries };
      }
    } catch {
      // It is gone, or not to be read: then the system does not count it as anybody's.
    }
  }
  return { bytes, entries };
}

/** A file with holes takes less than its length, and a small one a whole block (stat(2): blocks of 512 bytes). */
function sizeOnDisk({ blocks, size }: { blocks: number; size: number }): number {
  return process.platform === 'win32' ? size : blocks * 512;
}
