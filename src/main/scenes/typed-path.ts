import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../shared/user-error';

export interface PathSettings {
  /** Base of relative paths; null to reject them, as for paths that come over the network. */
  readonly from?: string | null;
  readonly home?: string;
}

/**
 * Interprets a path that a user typed or pasted: in the quotes that file managers and shells add, as a `file://` URL,
 * or with `~/` for the home folder.
 *
 * @returns an absolute path, which need not exist
 * @throws UserError (`arguments`) if it can't be a path on this machine
 */
export function typedPath(text: string, { from = null, home = homedir() }: PathSettings = {}): string {
  const path = withoutQuotes(text.trim());
  if (path.includes('\0')) throw withNul();
  if (path === '')
    throw new UserError('No path was given: write the path of a file, as /home/me/scene.glb.', 'arguments');
  if (/^file:/i.test(path)) return pathOfUrl(path);
  if (path === '~' || /^~[/\\]/.test(path)) return join(home, path.slice(1));
  if (isAbsolute(path)) return path;
  if (from === null)
    throw new UserError(
      `“${path}” is not a full path: write it from the root on, as /home/me/scene.glb, or from your home folder, as ~/scene.glb.`,
      'arguments',
    );
  return resolve(from, path);
}

/** Scene names never end with a quotation mark, so a pair of them surrounds the name. */
function withoutQuotes(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  return quoted ? quoted[2]! : text;
}

function pathOfUrl(address: string): string {
  let path: string;
  try {
    path = fileURLToPath(address);
  } catch {
    throw new UserError(`“${address}” is no file of this machine: write its path.`, 'arguments');
  }
  if (path.includes('\0')) throw withNul();
  return path;
}

function withNul(): UserError {
  return new UserError('A path cannot hold a NUL character: write it as the file manager shows it.', 'arguments');
}
