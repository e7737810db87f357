import { UserError } from './user-error';

/** The machine whose path it is. */
export interface PathOwner {
  /** Its user's home folder. */
  readonly home: string;
  readonly windows: boolean;
}

/**
 * Takes off what surrounds a path that was typed or pasted: the quotes of file managers and shells, `~/` for the home
 * folder, `file://` of an address. What is none of these, a relative path too, stays as it is.
 *
 * @throws UserError (`arguments`) for an address of another machine, or text that can't be a path
 */
export function plainPath(text: string, { home, windows }: PathOwner): string {
  const path = unquoted(text);
  const plain = /^file:/i.test(path) ? pathOfAddress(path, windows) : path;
  if (plain.includes('\0'))
    throw new UserError('A path cannot hold a NUL character: write it as the file manager shows it.', 'arguments');
  // Half of a character would be written as another.
  if (/\p{Surrogate}/u.test(plain))
    throw new UserError('A path holds half of a character: write it as the file manager shows it.', 'arguments');
  return plain === '~' || /^~[/\\]/.test(plain) ? home.replace(/[/\\]$/, '') + plain.slice(1) : plain;
}

/** Text without the quotes around it: no path of ours ends with a quotation mark, so a pair of them surrounds it. */
export function unquoted(text: string): string {
  const trimmed = text.trim();
  const quoted = /^(["'])(.*)\1$/s.exec(trimmed);
  return quoted ? quoted[2]! : trimmed;
}

/** `#` and `?` are part of names here: `####` stands for the frame number, and files have no queries. */
function pathOfAddress(address: string, windows: boolean): string {
  try {
    const { hostname, pathname } = new URL(address.replaceAll('#', '%23').replaceAll('?', '%3F'));
    if (windows ? /%2f|%5c/i.test(pathname) : hostname !== '' || /%2f/i.test(pathname)) throw notOfHere(address);
    const path = decodeURIComponent(pathname);
    if (!windows) return path;
    const own = path.replaceAll('/', '\\');
    return hostname === '' ? own.replace(/^\\(?=[a-z]:)/i, '') : `\\\\${hostname}${own}`;
  } catch {
    throw notOfHere(address);
  }
}

function notOfHere(address: string): UserError {
  return new UserError(`“${address}” is no file of this machine: write its path.`, 'arguments');
}
