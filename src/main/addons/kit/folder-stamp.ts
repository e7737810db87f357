import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Not the author's sources: what npm, git and editors write, and what `addons pack` and the build make. */
const IGNORED = /^\.|^node_modules$|\.zip$|~$/;
/** Files beyond this many are not watched. */
const MAX_FILES = 5_000;

/**
 * A text that changes when a file of an add-on does: names, sizes and times of writing. Polled, because recursive
 * watching differs from platform to platform and misses what editors do when they save.
 *
 * @param built ignores `dist/`, which is made from the sources
 */
export async function folderStamp(folder: string, built: boolean): Promise<string> {
  const stamps: string[] = [];
  async function walk(current: string, top: boolean): Promise<void> {
    for (const entry of await readdir(current, { withFileTypes: true }).catch(() => [])) {
      if (IGNORED.test(entry.name) || (top && built && entry.name === 'dist')) continue;
      const path = join(current, entry.name);
      if (entry.isDirectory()) await walk(path, false);
      else if (stamps.length < MAX_FILES) {
        const found = await stat(path).catch(() => null);
        stamps.push(`${path} ${found?.size} ${found?.mtimeMs}`);
      }
    }
  }
  await walk(folder, true);
  // Written by npm whenever packages change.
  const packages = await stat(join(folder, 'node_modules', '.package-lock.json')).catch(() => null);
  return `${stamps.sort().join('\n')}\n${packages?.mtimeMs}`;
}
