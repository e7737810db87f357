import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PRIVATE_FILE } from './private-files';

/**
 * Writes a file so that a crash at any moment leaves either the old content or the new: a temporary file beside it,
 * flushed, then renamed over it.
 *
 * @param mode of a new file; private to the owner by default
 * @throws the file system's error, with its `path` also where Node leaves that out
 */
export async function writeFileAtomically(
  file: string,
  content: string | Uint8Array,
  mode = PRIVATE_FILE,
): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw Object.assign(error as NodeJS.ErrnoException, { path: (error as NodeJS.ErrnoException).path ?? temporary });
  }
  await flushFolder(dirname(file));
}

/** Makes a rename survive a power cut, where the platform supports it. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows can't open folders; its file system does this by itself.
  }
}
