import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../data/private-files';

/** Folder that one add-on may write to, kept over updates. Absolute; need not exist. */
export function storageFolder(dataFolder: string, id: string): string {
  return join(dataFolder, 'addon-storage', id);
}

/** Folder for an add-on's temporary files, in its storage. */
export function temporaryFolderOf(storage: string): string {
  return join(storage, 'tmp');
}

/**
 * Creates an add-on's storage for its owner only, and empties its folder for temporary files.
 *
 * @returns its path with links resolved
 * @throws Error from the file system
 */
export async function prepareStorage(dataFolder: string, id: string): Promise<string> {
  const folder = storageFolder(dataFolder, id);
  makePrivateFolder(folder);
  const storage = await realpath(folder);
  const temporary = temporaryFolderOf(storage);
  // What the add-on left there may be anything, a link included; rm follows none.
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { mode: 0o700 });
  return storage;
}
