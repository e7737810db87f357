/**
 * Paths of the host's machine, whose system need not be this page's: the separator is the one that a path has already.
 */

export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return /[/\\]$/.test(folder) ? folder + name : folder + separator + name;
}

/** The folder that a path lies in, without its separator at the end; '' where the path names none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
}

/** What stands behind the last separator of a path. */
export function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}

/** A path without the folder that it lies in; as it is where it lies elsewhere. */
export function relativeTo(folder: string, path: string): string {
  return path.startsWith(folder) && /^[/\\]/.test(path.slice(folder.length)) ? path.slice(folder.length + 1) : path;
}
