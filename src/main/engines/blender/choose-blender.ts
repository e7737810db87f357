import type { EngineInfo } from '../../../shared/engines';
import { UserError } from '../../../shared/user-error';

/**
 * Chooses the Blender for a job or an inspection.
 *
 * @param found as listed by the finder
 * @param wanted id of one of them, or `blender` or null for the default one
 * @param fileVersion of the Blender that wrote the file, such as `4.2`: if none was chosen and the default one is
 * older, one that is new enough is used
 * @throws UserError when there is none, or the chosen one is missing or does not work
 */
export function chooseBlender(
  found: readonly EngineInfo[],
  wanted: string | null,
  fileVersion: string | null = null,
  platform: NodeJS.Platform = process.platform,
): EngineInfo & { readonly path: string } {
  const working = found.filter(works);
  if (wanted !== null && wanted !== 'blender') {
    const named = found.find(({ id }) => id === wanted);
    if (named?.problem) throw new UserError(`${wanted} cannot be used: ${named.problem}`);
    if (named && works(named)) return named;
    const offer =
      working.length > 0 ? `choose one of ${working.map(({ id }) => id).join(', ')}` : noBlender(found, platform);
    throw new UserError(`There is no engine “${wanted}” here: ${offer}${/[.!]$/.test(offer) ? '' : '.'}`, 'arguments');
  }
  const usual = working.find((one) => one.default) ?? working[0];
  if (!usual) throw new UserError(noBlender(found, platform));
  if (fileVersion === null || !isNewer(fileVersion, usual.version)) return usual;
  return working.find(({ version }) => !isNewer(fileVersion, version)) ?? usual;
}

/** Why there is no Blender, and how to install one on the platform. */
export function noBlender(found: readonly EngineInfo[], platform: NodeJS.Platform = process.platform): string {
  const problem = found.find((one) => one.problem !== null)?.problem;
  const how: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'get it from blender.org or with “brew install --cask blender”',
    win32: 'get it from blender.org or with “winget install BlenderFoundation.Blender”',
  };
  const install =
    how[platform] ??
    'get it from blender.org or from your distribution (Debian and Ubuntu: “sudo apt install blender”)';
  return problem
    ? `No Blender that works was found, so .blend files cannot be rendered. ${problem} Or ${install}.`
    : `Blender was not found on this machine, so .blend files cannot be rendered: ${install}, or name its program in the preference blender.path.`;
}

function works(one: EngineInfo): one is EngineInfo & { readonly path: string } {
  return one.problem === null && one.path !== null;
}

/** Whether a file's version is newer than a Blender, by the first two numbers. */
function isNewer(file: string, blender: string | null): boolean {
  const [a, b] = [file, blender ?? '0'].map((text) => text.split('.').map(Number)) as [number[], number[]];
  return a[0]! !== b[0]! ? a[0]! > b[0]! : (a[1] ?? 0) > (b[1] ?? 0);
}
