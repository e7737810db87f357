/*
 * Paths below a root: a folder that several machines see, each by a path of its own, perhaps on another system. All
 * functions are pure, and take paths of Linux, macOS and Windows wherever they run.
 */

/** A root's name. */
export const ROOT_NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u;

/** A folder that several machines see. */
export interface Root {
  readonly name: string;
  /** Absolute, as its machine writes it. */
  readonly path: string;
}

/** Whether a path is absolute and of Windows: `S:\shows`, `s:/shows`, `\\nas\shows`. */
function isOfWindows(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\[^\\/]+[\\/]+[^\\/]+)/.test(path);
}

/** Whether a path is absolute on any system. */
export function isAbsoluteAnywhere(path: string): boolean {
  return path.startsWith('/') || isOfWindows(path);
}

/** The parts of an absolute path, the drive or share of Windows first; null where one leads up. */
function partsOf(path: string): string[] | null {
  const parts = (isOfWindows(path) ? path.split(/[\\/]+/) : path.split(/\/+/)).filter((part) => part !== '');
  return parts.some((part) => part === '.' || part === '..') ? null : parts;
}

/** Macs write accents in two characters, and Windows does not tell capitals from others. */
function isSamePart(a: string, b: string, windows: boolean): boolean {
  const [one, other] = [a.normalize('NFC'), b.normalize('NFC')];
  return one === other || (windows && one.toLowerCase() === other.toLowerCase());
}

/**
 * The way from a root to a path, with `/` between its parts; empty for the root itself.
 *
 * @param path absolute, of the same system as the root
 * @returns null where it does not lie below
 */
export function pathBelow(root: string, path: string): string | null {
  const windows = isOfWindows(root);
  if (!isAbsoluteAnywhere(root) || !isAbsoluteAnywhere(path) || windows !== isOfWindows(path)) return null;
  const [above, parts] = [partsOf(root), partsOf(path)];
  if (!above || !parts || above.length > parts.length) return null;
  if (above.some((part, index) => !isSamePart(part, parts[index]!, windows))) return null;
  return parts.slice(above.length).join('/');
}

/**
 * The path of something below a root, as the root's system writes it.
 *
 * @param below from {@link pathBelow}
 */
export function pathOnRoot(root: string, below: string): string {
  const separator = isOfWindows(root) && !/^[A-Za-z]:\//.test(root) ? '\\' : '/';
  const parts = below.split('/').filter((part) => part !== '');
  const top = root.replace(isOfWindows(root) ? /[\\/]+$/ : /\/+$/, '');
  if (parts.length === 0) return top === '' || /^[A-Za-z]:$/.test(top) ? top + separator : top;
  return [top, ...parts].join(separator);
}

/**
 * Reads `NAME=PATH`.
 *
 * @returns a sentence where it is none
 */
export function readRoot(text: string): Root | string {
  const at = text.indexOf('=');
  const [name, path] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
  if (at < 0 || !ROOT_NAME.test(name))
    return `“${text}” is no root: write a name and its path, as shows=/mnt/shows or shows=\\\\nas\\shows.`;
  if (!isAbsoluteAnywhere(path) || partsOf(path) === null || path.length > 1_000)
    return `The root ${name} cannot be at “${path}”: write an absolute path without “..”.`;
  return { name, path };
}

/** Reads roots separated by `;`. @returns a sentence about the first that is none, or has the name of another */
export function readRoots(text: string): readonly Root[] | string {
  const roots: Root[] = [];
  for (const part of text.split(';').filter((one) => one.trim() !== '')) {
    const root = readRoot(part.trim());
    if (typeof root === 'string') return root;
    if (roots.some(({ name }) => name === root.name)) return `There are two roots ${root.name}: give one another name.`;
    roots.push(root);
  }
  return roots;
}

/** A sentence about what is wrong with the preference farm.roots; null where it is valid. */
export function problemOfRoots(text: string): string | null {
  const roots = readRoots(text);
  return typeof roots === 'string' ? `farm.roots: ${roots}` : null;
}
