import { createHash } from 'node:crypto';
import { readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../data/make-folder';
import { writeFileAtomically } from '../data/write-file-atomically';
import type { Preview } from './image-thread';

const ENDINGS: Readonly<Record<string, string>> = { 'image/jpeg': '.jpg', 'image/png': '.png' };
/** Share of the limit that remains after eviction. */
const KEPT_SHARE = 0.75;

/** Previews on disk, keyed by path, time and size of the image. The least recently used are evicted. */
export interface PreviewCache {
  /** Returns the cached preview, or creates and caches it; concurrent requests share the work. */
  get(path: string, variant: string, make: () => Promise<Preview>): Promise<Preview>;
}

/** @param limit maximum size in bytes */
export function createPreviewCache(folder: string, limit: number): PreviewCache {
  const making = new Map<string, Promise<Preview>>();
  /** Cached bytes; null until the folder was scanned. */
  let held: number | null = null;

  async function find(key: string): Promise<Preview | null> {
    for (const [type, ending] of Object.entries(ENDINGS)) {
      const file = join(folder, key + ending);
      const bytes = await readFile(file).catch(() => null);
      if (!bytes || bytes.length === 0) continue;
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return { bytes, type };
    }
    return null;
  }

  /** If the cache can't be written to, it only costs time. */
  async function keep(key: string, { bytes, type }: Preview): Promise<void> {
    try {
      await makeFolder(folder, 0o700);
      await writeFileAtomically(join(folder, key + ENDINGS[type]!), bytes);
      held = held === null ? null : held + bytes.length;
      if (held === null || held > limit) held = await clear(folder, limit);
    } catch {
      held = null;
    }
  }

  return {
    async get(path, variant, make) {
      const { mtimeMs, size } = await stat(path);
      const key = createHash('sha256').update([path, mtimeMs, size, variant].join('\0')).digest('hex').slice(0, 32);
      const same = making.get(key);
      if (same) return same;
      const wanted = (async () => {
        const found = await find(key);
        if (found) return found;
        const made = await make();
        await keep(key, made);
        return made;
      })();
      making.set(key, wanted);
      try {
        return await wanted;
      } finally {
        making.delete(key);
      }
    },
  };
}

/** Evicts the least recently used files above the limit. @returns bytes that are left */
async function clear(folder: string, limit: number): Promise<number> {
  const files: { path: string; size: number; used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) files.push({ path, size: found.size, used: found.mtimeMs });
  }
  let held = files.reduce((sum, { size }) => sum + size, 0);
  if (held <= limit) return held;
  for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
    if (held <= limit * KEPT_SHARE) break;
    await rm(path, { force: true });
    held -= size;
  }
  return held;
}
