import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exists } from './exists';

/**
 * Creates a folder and its parents. Node's own recursive mkdir loops for ever where a file system has folders but
 * doesn't allow creating any (`/proc`), so whatever a person may name is made here.
 *
 * @param mode of the folders that are made, less the process's umask
 * @returns the uppermost folder that was made; undefined where it was there
 * @throws the file system's error
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<string | undefined> {
  try {
    await mkdir(folder, { mode });
    return folder;
  } catch (error) {
    if (await isFolder(folder)) return undefined;
    if (!lacksParent(folder, error)) throw error;
    // Who else makes these folders may have made it since.
    const made = (await exists(dirname(folder))) ? undefined : await makeFolder(dirname(folder), mode);
    try {
      await mkdir(folder, { mode });
      return made ?? folder;
    } catch (again) {
      // Another process created it meanwhile.
      if (!(await isFolder(folder))) throw again;
      return made;
    }
  }
}

/** The same where nothing can be waited for. */
export function makeFolderSync(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (isFolderSync(folder)) return;
    if (!lacksParent(folder, error)) throw error;
    makeFolderSync(dirname(folder), mode);
    try {
      mkdirSync(folder, { mode });
    } catch (again) {
      if (!isFolderSync(folder)) throw again;
    }
  }
}

const lacksParent = (folder: string, error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(folder) !== folder;

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;

function isFolderSync(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
