import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { plainPath } from '../../shared/plain-path';
import { UserError } from '../../shared/user-error';

export interface PathSettings {
  /** Base of relative paths; null to reject them, as for paths that come over the network. */
  readonly from?: string | null;
  readonly home?: string;
}

const windows = process.platform === 'win32';

/**
 * Interprets a path that a user typed or pasted: in the quotes that file managers and shells add, as a `file://` URL,
 * or with `~/` for the home folder.
 *
 * @returns an absolute path, which need not exist
 * @throws UserError (`arguments`) if it can't be a path on this machine
 */
export function typedPath(text: string, { from = null, home = homedir() }: PathSettings = {}): string {
  const path = plainPath(text, { home, windows });
  if (path === '')
    throw new UserError('No path was given: write the path of a file, as /home/me/scene.glb.', 'arguments');
  if (isAbsolute(path)) return path;
  if (from === null)
    throw new UserError(
      `“${path}” is not a full path: write it from the root on, as /home/me/scene.glb, or from your home folder, as ~/scene.glb.`,
      'arguments',
    );
  return resolve(from, path);
}

/**
 * Interprets a job's output as {@link typedPath} does a path. Blender's leading `//` is kept, since it means the scene's
 * folder, and a trailing slash, since it means a folder.
 *
 * @returns the same text where it is relative and there is no base: the scene's folder is not known here
 * @throws UserError (`arguments`) if it can't be a path on this machine
 */
export function typedOutput(text: string, { from = null, home = homedir() }: PathSettings = {}): string {
  const output = plainPath(text, { home, windows });
  if (output === '' || output.startsWith('//') || isAbsolute(output) || from === null) return output;
  const path = resolve(from, output);
  return /[/\\]$/.test(output) && !/[/\\]$/.test(path) ? `${path}/` : path;
}
