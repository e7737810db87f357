import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

/**
 * A text that changes whenever a file does: its identity, size, and times in nanoseconds. It includes the ctime, since
 * programs may restore the mtime.
 */
export function stampOf(info: BigIntStats): string {
  return [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join('.');
}

/** The stamp of the file a path leads to; null where there is none. */
export async function stampAt(path: string): Promise<string | null> {
  const info = await stat(path, { bigint: true }).catch(() => null);
  return info && stampOf(info);
}
