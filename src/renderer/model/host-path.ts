/** Paths of the host's machine, whose system need not be this page's: the separator is the one that a path has already. */

export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return /[/\\]$/.test(folder) ? folder + name : folder + separator + name;
}

/** A path without the folder that it lies in; as it is where it lies elsewhere. */
export function relativeTo(folder: string, path: string): string {
  return path.startsWith(folder) && /^[/\\]/.test(path.slice(folder.length)) ? path.slice(folder.length + 1) : path;
}
