import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { UserError } from '../../../shared/user-error';

/**
 * Program names on the PATH, those without automatic updates first: an update in the middle of a job would change the
 * images.
 */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'msedge',
];

function installPaths(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'darwin') {
    const apps = [
      'Chromium.app/Contents/MacOS/Chromium',
      'Google Chrome.app/Contents/MacOS/Google Chrome',
      'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ];
    return ['/Applications', join(env['HOME'] ?? '/', 'Applications')].flatMap((folder) =>
      apps.map((app) => join(folder, app)),
    );
  }
  if (platform === 'win32') {
    const apps = [
      'Chromium\\Application\\chrome.exe',
      'Google\\Chrome\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return ['LOCALAPPDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)'].flatMap((name) => {
      const folder = env[name];
      return folder ? apps.map((app) => join(folder, app)) : [];
    });
  }
  return ['/usr/bin', '/usr/local/bin', '/snap/bin']
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .concat('/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge');
}

/** Whether a file is there that this user may run. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Finds an installed Chromium, Chrome or Edge: FRAMEGAUGE_CHROMIUM, else one on the PATH, else in the usual install
 * locations.
 *
 * @returns absolute path; null if there is none
 * @throws UserError when FRAMEGAUGE_CHROMIUM is not a program
 */
export async function findChromium(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const named = env['FRAMEGAUGE_CHROMIUM'];
  if (named) {
    if (await isProgram(named)) return named;
    throw new UserError(
      `FRAMEGAUGE_CHROMIUM is “${named}”, which is not a program: let it be the path of a Chromium, Chrome or Edge.`,
    );
  }
  const extension = platform === 'win32' ? '.exe' : '';
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => NAMES.map((name) => join(folder, name + extension)));
  for (const candidate of [...onPath, ...installPaths(platform, env)]) if (await isProgram(candidate)) return candidate;
  return null;
}
