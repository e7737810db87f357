import { constants, copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolderSync } from '../data/make-folder';
import { isBelow } from '../data/path-below';

/**
 * The AppImage that this program was started from; null if it was not. An AppImage is mounted for as long as it runs,
 * each time elsewhere. What another one has started inherits its variables, so the mount must contain us.
 *
 * @param executable of this program
 */
export function appImageOf({ APPIMAGE, APPDIR }: NodeJS.ProcessEnv, executable: string): string | null {
  return APPIMAGE && (!APPDIR || isBelow(executable, APPDIR)) ? APPIMAGE : null;
}

/**
 * A copy of the example scene in the data folder, in the part that scenes may lie in: queued jobs and the next start
 * look for it where it was.
 *
 * @returns its path; that of the original where there is no room for a copy
 */
export function keptExample(example: string, dataFolder: string): string {
  const copy = join(dataFolder, 'scenes', 'example', 'turntable.glb');
  try {
    makeFolderSync(dirname(copy), 0o700);
    copyFileSync(example, copy, constants.COPYFILE_EXCL);
  } catch {
    // Usually it is there already.
  }
  return existsSync(copy) ? copy : example;
}
