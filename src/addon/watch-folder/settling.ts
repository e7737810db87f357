import type { SceneFile } from './scan-folder';

export interface Settling {
  /**
   * Whether a file's size and time have been the same for long enough. An empty file never has: copying begins with one.
   *
   * @param now milliseconds of a monotonic clock
   * @param seconds for which nothing may have changed
   */
  isComplete(file: SceneFile, now: number, seconds: number): boolean;
  /** Forgets files that are not in the folder any more. */
  keepOnly(files: readonly SceneFile[]): void;
}

/**
 * Recognizes files that are still being copied. It compares what it saw itself and reads no clock of the file system: that
 * of a network drive may be wrong.
 */
export function createSettling(): Settling {
  const seen = new Map<string, { size: number; changedAt: number; since: number }>();
  return {
    isComplete({ name, size, changedAt }, now, seconds) {
      const before = seen.get(name);
      if (!before || before.size !== size || before.changedAt !== changedAt) {
        seen.set(name, { size, changedAt, since: now });
        return false;
      }
      return size > 0 && now - before.since >= seconds * 1_000;
    },
    keepOnly(files) {
      const names = new Set(files.map(({ name }) => name));
      for (const name of seen.keys()) if (!names.has(name)) seen.delete(name);
    },
  };
}
