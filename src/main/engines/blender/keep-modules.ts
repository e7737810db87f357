import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { holdsOwnCode } from '../../data/cache-folder';
import { makeFolder } from '../../data/make-folder';

/** Python sources by path. */
export type Modules = Readonly<Record<string, string>>;

/**
 * Keeps modules in a folder of their own below `caches`, the same at each start and another for other modules: Python
 * finds what it compiled earlier by the path of the source (PYTHONPYCACHEPREFIX), and compiling the driver takes a tenth
 * of a second.
 *
 * @returns the folder that their paths begin at; null where there is none that only the user can write
 */
export async function keepModules(modules: Modules, caches: string): Promise<string | null> {
  const name = createHash('sha256').update(JSON.stringify(modules)).digest('hex').slice(0, 16);
  const folder = join(caches, 'blender-modules', name);
  if (!(await holdsOwnCode(folder))) return null;
  try {
    await writeModules(modules, folder);
    return folder;
  } catch {
    return null;
  }
}

/**
 * Writes what is not there already: Python compiles anew what has another time. Others may write or read the same
 * meanwhile. What is damaged later is noticed at the next start, so nothing is flushed.
 */
export async function writeModules(modules: Modules, folder: string): Promise<void> {
  const files = Object.entries(modules).map(([path, text]) => [join(folder, path), text] as const);
  for (const inside of new Set(files.map(([file]) => dirname(file)))) await makeFolder(inside);
  await Promise.all(
    files.map(async ([file, text]) => {
      if ((await readFile(file, 'utf8').catch(() => null)) === text) return;
      const temporary = `${file}.${randomUUID()}`;
      try {
        await writeFile(temporary, text);
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    }),
  );
}
