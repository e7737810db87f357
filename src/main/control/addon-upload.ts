import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeFolder } from '../data/make-folder';
import { incomingFolder } from '../addons/install/addon-places';
import { INSTALL_LIMITS } from '../addons/install/install-limits';
import { receiveFile } from './upload';

/** Maximum length of a name, in characters, that is shown again in sentences about the add-on. */
const MAX_NAME = 100;

/**
 * Stores an uploaded .zip for as long as it is being installed.
 *
 * @param given its name where it came from
 * @param addonFolder folder of the user's add-ons
 * @throws Problem like {@link receiveFile}, or what `use` throws
 */
export async function withUploadedAddon<T>(
  given: string,
  body: Readable,
  addonFolder: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = incomingFolder(addonFolder);
  const path = join(folder, fileName(given));
  try {
    await makeFolder(folder, 0o700);
    await receiveFile(body, path, INSTALL_LIMITS.archiveBytes, 'add-on');
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What of the name every file system takes. */
function fileName(given: string): string {
  const name = basename(given.replaceAll('\\', '/'))
    .replaceAll(/[^\w .()-]/g, '_')
    .slice(-MAX_NAME);
  return /[^. ]$/.test(name) ? name : 'add-on.zip';
}
