import { lstat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder';
import { isOnlyOurs } from './private-files';

/**
 * Folder of the user for what can be made anew: XDG Base Directory Specification on Linux, the system's own place
 * elsewhere. It may not exist. bin/framegauge.mjs, which runs before this is loaded, has the same rule.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const caches =
    env['XDG_CACHE_HOME'] ||
    (process.platform === 'win32' && env['LOCALAPPDATA']) ||
    join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  return join(caches, 'framegauge');
}

/**
 * Whether a folder is this user's own and others can't write to it, so that code in it may be run. It is made where it is
 * missing. Who may write to the folders above it is not looked at.
 */
export async function holdsOwnCode(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder, 0o700);
    const info = await lstat(folder);
    return info.isDirectory() && isOnlyOurs(info);
  } catch {
    return false;
  }
}
