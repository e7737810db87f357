import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents. Node's own recursive mkdir loops for ever where a file system has folders but
 * doesn't allow creating any (`/proc`).
 *
 * @throws the file system's error
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const there = await stat(folder).catch(() => null);
    if (there?.isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw error;
    // Who else makes these folders may have made it since.
    if (!(await stat(parent).catch(() => null))) await makeFolder(parent);
    await mkdir(folder).catch(async (again: unknown) => {
      // Another process created it meanwhile.
      if (!(await stat(folder).catch(() => null))?.isDirectory()) throw again;
    });
  }
}
