import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The program's data folder: `--data`, else `FRAMEGAUGE_DATA`, else the platform's default (XDG base directories,
 * Apple's Application Support, Windows' roaming application data).
 *
 * @returns an absolute path; the folder need not exist
 */
export function dataFolder(
  option: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  const chosen = option ?? env['FRAMEGAUGE_DATA'];
  if (chosen) return resolve(chosen);
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Framegauge');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Framegauge');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'framegauge');
}
