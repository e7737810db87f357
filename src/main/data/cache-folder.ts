import { homedir } from 'node:os';
import { join } from 'node:path';

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
