import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Node's own recursive mkdir tries for ever where a file system has folders but lets none be made (`/proc`).
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
    if (code !== 'ENOENT' || parent === folder || (await stat(parent).catch(() => null))) throw error;
    await makeFolder(parent);
    await mkdir(folder).catch(async (again: unknown) => {
      // Somebody else made it meanwhile.
      if (!(await stat(folder).catch(() => null))?.isDirectory()) throw again;
    });
  }
}
